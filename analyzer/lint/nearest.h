#pragma once
/*
 * The word that somebody meant who wrote another one.
 */
#include "base/str.h"

/* The nearest of the words by edit distance, the first of equals; NULL if none is near enough to be
   a slip of the pen: more than a third of the letters differ. */
const char *nearest_word(Arena *arena, Str written, const char *const *words, uint32_t count);
