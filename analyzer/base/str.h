#pragma once
/*
 * Str: a slice of bytes that somebody else owns. Never owns, never needs a terminator.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

typedef struct {
  const char *data;
  uint32_t len; /* bytes */
} Str;

#define STR(literal) ((Str){ .data = (literal), .len = (uint32_t)(sizeof(literal) - 1) })
/* The same in a table of constants. */
#define STR_CONSTANT(literal) \
  { .data = (literal), .len = (uint32_t)(sizeof(literal) - 1) }
#define STR_EMPTY ((Str){ .data = "", .len = 0 })

/* For printf-like formats: printf("%.*s", STR_ARGS(name)). */
#define STR_ARGS(str) (int)(str).len, (str).data

Str str_from(const char *terminated);
static inline bool str_equal(Str a, Str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
/* Inline, so that the length of a literal is known; that of other words is rarely asked for. */
static inline bool str_is(Str a, const char *terminated) {
  if (a.len == 0 || a.data[0] != terminated[0]) return a.len == 0 && terminated[0] == '\0';
  size_t len = strlen(terminated);
  return a.len == len && memcmp(a.data, terminated, len) == 0;
}
bool str_is_any_case(Str a, const char *terminated); /* of ASCII letters */
int str_compare(Str a, Str b);                       /* byte order, as memcmp and then length */
bool str_starts_with(Str str, Str prefix);
bool str_ends_with(Str str, Str suffix);
bool str_contains(Str str, Str part);
uint32_t str_find(Str str, Str part); /* offset of the first occurrence, or UINT32_MAX */
static inline Str str_slice(Str str, uint32_t start, uint32_t end) {
  if (end > str.len) end = str.len;
  if (start > end) start = end;
  return (Str){ .data = start == 0 ? str.data : str.data + start, .len = end - start };
}
Str str_trim(Str str); /* without white space at both ends */

/* The part after the last `separator`, or all of it: "a.b.c" gives "c" for '.'. */
Str str_after_last(Str str, char separator);
/* The part before the last `separator`, or an empty slice: "a.b.c" gives "a.b" for '.'. */
Str str_before_last(Str str, char separator);

/* What identifiers are made of: letters, digits, underscores, and every byte of a character beyond ASCII. */
static inline bool is_name_byte(char c) {
  bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
  return is_letter || (c >= '0' && c <= '9') || c == '_';
}

/* A whole number of at most nine digits; false if the text is something else. */
bool str_count(Str text, uint32_t *count);

/* Splits off and returns what stands before the next `separator`; `rest` moves past it. */
Str str_next(Str *rest, char separator);

/* ASCII only. */
Str str_lower(Arena *arena, Str str);
bool str_is_upper(Str str);

Str str_copy(Arena *arena, Str str);
/* "a.b"; without the separator if a is empty. */
Str str_join(Arena *arena, Str a, char separator, Str b);
/* All parts, one behind the other: str_format is for what has to be formatted. */
Str str_concat(Arena *arena, const Str *parts, uint32_t count);
#define STR_CONCAT(arena, ...) \
  str_concat( \
    (arena), \
    (const Str[]){ __VA_ARGS__ }, \
    (uint32_t)(sizeof((const Str[]){ __VA_ARGS__ }) / sizeof(Str)) \
  )
Str str_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str str_format_list(Arena *arena, const char *format, va_list args);
const char *str_terminated(Arena *arena, Str str);
uint64_t str_hash(Str str);
/* The number in sixteen hexadecimal digits. */
Str str_hex(Arena *arena, uint64_t number);

/* True if any of the `count` words equals str. */
bool str_in(Str str, const char *const *words, uint32_t count);
#define STR_IN(str, words) str_in((str), (words), (uint32_t)(sizeof(words) / sizeof(*(words))))
