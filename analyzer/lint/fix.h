#pragma once
/*
 * What the files that build fixes share; rules use lint/context.h.
 */
#include "lint/context.h"

/* The text that a printf-like format and its arguments make, in `text`. */
#define FORMATTED(cx, text, format) \
  do { \
    va_list args; \
    va_start(args, format); \
    (text) = str_format_list((cx)->arena, (format), args); \
    va_end(args); \
  } while (0)

/* Adds an edit, or withdraws the fix if a comment would be lost. Of a fix that is withdrawn nothing
   comes back. */
void fix_edit(Context *cx, Finding *finding, Span span, Str text);
void fix_withdraw(Finding *finding);
