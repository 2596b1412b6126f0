#include "base/text.h"

#include "base/fatal.h"

#include <stdio.h>
#include <string.h>

// Returns where `bytes` more can be written.
static char *text_reserve(Text *text, size_t bytes) {
  size_t wanted = text->len + bytes;
  if (wanted > UINT32_MAX) fatal("a text of %zu bytes is too long", wanted);
  if (wanted > text->capacity) {
    size_t capacity = (size_t)text->capacity * 2;
    if (capacity < wanted) capacity = wanted;
    if (capacity < 256) capacity = 256;
    if (capacity > UINT32_MAX) capacity = UINT32_MAX;
    text->data = arena_grow(text->arena, text->data, text->capacity, capacity);
    text->capacity = (uint32_t)capacity;
  }
  return text->data + text->len;
}

void text_add(Text *text, Str added) {
  if (added.len == 0) return;
  memcpy(text_reserve(text, added.len), added.data, added.len);
  text->len += added.len;
}

void text_add_char(Text *text, char c) { text_add_repeated(text, c, 1); }

void text_add_repeated(Text *text, char c, uint32_t count) {
  memset(text_reserve(text, count), c, count);
  text->len += count;
}

void text_format(Text *text, const char *format, ...) {
  va_list args;
  va_start(args, format);
  text_format_list(text, format, args);
  va_end(args);
}

void text_format_list(Text *text, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  if (len < 0) fatal("the format \"%s\" cannot be printed", format);
  // The terminator is written, but not counted: the next addition overwrites it.
  vsnprintf(text_reserve(text, (size_t)len + 1), (size_t)len + 1, format, again);
  va_end(again);
  text->len += (uint32_t)len;
}

Str text_str(const Text *text) {
  return text->len == 0 ? STR_EMPTY : (Str){ .data = text->data, .len = text->len };
}
