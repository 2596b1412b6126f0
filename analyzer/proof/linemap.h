#pragma once
/*
 * Line map: where the lines of a fixed file come from.
 */
#include "project/offer.h"

typedef struct {
  const Source *before, *after;
  const Edits *edits; /* sorted: what makes the one of the other */
} LineMap;

/* The lines before that the line after stands for. Of a line that was put in these are the ones that it replaces, or else
   the one that it was put at. Lines that do not exist stand for none: { 1, 0 }. */
LineRange linemap_before(const LineMap *map, uint32_t line);
