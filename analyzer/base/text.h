#pragma once
/*
 * Text: a growing piece of text in an arena. Start with { .arena = arena }.
 */
#include <stdarg.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

typedef struct {
  Arena *arena;
  char *data;
  uint32_t len, capacity;
} Text;

void text_add(Text *text, Str added);
void text_add_char(Text *text, char c);
void text_add_repeated(Text *text, char c, uint32_t count);
void text_format(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_format_list(Text *text, const char *format, va_list args);

/* What has been added so far; valid until more is added. */
Str text_str(const Text *text);
