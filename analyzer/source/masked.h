#pragma once
/*
 * Masked: a text in which single bytes are replaced, so that offsets stay what they are. It is
 * copied only when the first byte is written.
 *
 * Owns: nothing; the copy lives in the arena.
 */
#include "base/arena.h"
#include "base/str.h"
#include "source/source.h"

typedef struct {
  Arena *arena;
  Str text;   /* as it was given */
  char *copy; /* NULL until something is written */
} Masked;

void masked_write(Masked *masked, uint32_t at, char c);
void masked_fill(Masked *masked, Span span, char c);
/* The text with what was written; the given one if nothing was. */
Str masked_result(const Masked *masked);
