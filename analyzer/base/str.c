#include "base/str.h"

#include "base/fatal.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool bytes_equal(const char *a, const char *b, uint32_t len) {
  return len == 0 || memcmp(a, b, len) == 0;
}

Str str_from(const char *terminated) {
  size_t len = strlen(terminated);
  if (len > UINT32_MAX) fatal("a string of %zu bytes is too long", len);
  return (Str){ .data = terminated, .len = (uint32_t)len };
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

bool str_is_any_case(Str a, const char *terminated) {
  for (uint32_t i = 0; i < a.len; i++) {
    if (terminated[i] == '\0' || lower(a.data[i]) != lower(terminated[i])) return false;
  }
  return terminated[a.len] == '\0';
}

int str_compare(Str a, Str b) {
  uint32_t len = a.len < b.len ? a.len : b.len;
  int order = len == 0 ? 0 : memcmp(a.data, b.data, len);
  return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts_with(Str str, Str prefix) {
  return prefix.len <= str.len && bytes_equal(str.data, prefix.data, prefix.len);
}

bool str_ends_with(Str str, Str suffix) {
  if (suffix.len > str.len) return false;
  return bytes_equal(str.data + (str.len - suffix.len), suffix.data, suffix.len);
}

bool str_contains(Str str, Str part) { return str_find(str, part) != UINT32_MAX; }

uint32_t str_find(Str str, Str part) {
  if (part.len == 0) return 0;
  for (uint32_t i = 0; str.len - i >= part.len; i++) {
    const char *first = memchr(str.data + i, part.data[0], str.len - i - part.len + 1);
    if (first == NULL) break;
    i = (uint32_t)(first - str.data);
    if (memcmp(first, part.data, part.len) == 0) return i;
  }
  return UINT32_MAX;
}

Str str_trim(Str str) {
  uint32_t start = 0, end = str.len;
  while (start < end && is_space(str.data[start])) start++;
  while (end > start && is_space(str.data[end - 1])) end--;
  return str_slice(str, start, end);
}

// Offset of the last separator, or UINT32_MAX.
static uint32_t find_last(Str str, char separator) {
  for (uint32_t i = str.len; i > 0; i--)
    if (str.data[i - 1] == separator) return i - 1;
  return UINT32_MAX;
}

Str str_after_last(Str str, char separator) {
  uint32_t last = find_last(str, separator);
  return last == UINT32_MAX ? str : str_slice(str, last + 1, str.len);
}

Str str_before_last(Str str, char separator) {
  uint32_t last = find_last(str, separator);
  return str_slice(str, 0, last == UINT32_MAX ? 0 : last);
}

bool str_count(Str text, uint32_t *count) {
  uint64_t value = 0;
  if (text.len == 0 || text.len > 9) return false;
  for (uint32_t i = 0; i < text.len; i++) {
    if (text.data[i] < '0' || text.data[i] > '9') return false;
    value = value * 10 + (uint64_t)(text.data[i] - '0');
  }
  *count = (uint32_t)value;
  return true;
}

Str str_next(Str *rest, char separator) {
  const char *found = rest->len == 0 ? NULL : memchr(rest->data, separator, rest->len);
  uint32_t end = found == NULL ? rest->len : (uint32_t)(found - rest->data);
  Str part = str_slice(*rest, 0, end);
  *rest = str_slice(*rest, found == NULL ? end : end + 1, rest->len);
  return part;
}

Str str_lower(Arena *arena, Str str) {
  char *lower = arena_take(arena, str.len);
  for (uint32_t i = 0; i < str.len; i++) {
    char c = str.data[i];
    bool is_letter = c >= 'A' && c <= 'Z';
    lower[i] = (char)(is_letter ? c - 'A' + 'a' : c);
  }
  return (Str){ .data = lower, .len = str.len };
}

bool str_is_upper(Str str) {
  bool has_letter = false;
  for (uint32_t i = 0; i < str.len; i++) {
    if (str.data[i] >= 'a' && str.data[i] <= 'z') return false;
    if (str.data[i] >= 'A' && str.data[i] <= 'Z') has_letter = true;
  }
  return has_letter;
}

const char *str_terminated(Arena *arena, Str str) {
  char *copy = arena_take(arena, (size_t)str.len + 1);
  if (str.len > 0) memcpy(copy, str.data, str.len);
  copy[str.len] = '\0';
  return copy;
}

Str str_copy(Arena *arena, Str str) {
  return (Str){ .data = str_terminated(arena, str), .len = str.len };
}

Str str_join(Arena *arena, Str a, char separator, Str b) {
  if (a.len == 0) return str_copy(arena, b);
  size_t len = (size_t)a.len + 1 + b.len;
  if (len > UINT32_MAX) fatal("a string of %zu bytes is too long", len);
  char *joined = arena_take(arena, len);
  memcpy(joined, a.data, a.len);
  joined[a.len] = separator;
  if (b.len > 0) memcpy(joined + a.len + 1, b.data, b.len);
  return (Str){ .data = joined, .len = (uint32_t)len };
}

Str str_concat(Arena *arena, const Str *parts, uint32_t count) {
  size_t len = 0;
  for (uint32_t i = 0; i < count; i++) len += parts[i].len;
  if (len > UINT32_MAX) fatal("a string of %zu bytes is too long", len);
  char *data = arena_take(arena, len);
  Str joined = { .data = data, .len = (uint32_t)len };
  for (uint32_t i = 0; i < count; i++) {
    if (parts[i].len > 0) memcpy(data, parts[i].data, parts[i].len);
    data += parts[i].len;
  }
  return joined;
}

Str str_format(Arena *arena, const char *format, ...) {
  va_list args;
  va_start(args, format);
  Str str = str_format_list(arena, format, args);
  va_end(args);
  return str;
}

Str str_format_list(Arena *arena, const char *format, va_list args) {
  char room[256]; // most are shorter, and printed once
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(room, sizeof room, format, args);
  if (len < 0) fatal("the format \"%s\" cannot be printed", format);
  char *data = arena_take(arena, (size_t)len + 1);
  if ((size_t)len < sizeof room) memcpy(data, room, (size_t)len + 1);
  else vsnprintf(data, (size_t)len + 1, format, again);
  va_end(again);
  return (Str){ .data = data, .len = (uint32_t)len };
}

uint64_t str_hash(Str str) { return XXH3_64bits(str.data, str.len); }

Str str_hex(Arena *arena, uint64_t number) {
  char digits[16];
  for (uint32_t i = sizeof digits; i-- > 0; number >>= 4)
    digits[i] = "0123456789abcdef"[number & 15];
  return str_copy(arena, (Str){ digits, sizeof digits });
}

bool str_in(Str str, const char *const *words, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (str_is(str, words[i])) return true;
  return false;
}
