#pragma once
/*
 * Screen: whether a text contains any of some words, far faster than it could be parsed.
 *
 * Every occurrence of a word of at least n bytes holds, at one of n - 2 places in a row, three
 * bytes (a gram) that some word begins with at that distance. So it is enough to look at every (n -
 * 2)th gram of the text, n being the length of the shortest word.
 *
 * Constant once built.
 */
#include "base/str.h"
#include "base/vec.h"

typedef struct {
  Str word;
  uint32_t at; /* where in the word the gram stands */
  uint32_t gram;
} ScreenGram;

enum { SCREEN_BITS = 1 << 16 };

typedef struct {
  Vec(Str) words;
  Vec(ScreenGram) grams;
  uint32_t stride;
  bool passes_all; /* a word is too short to be searched for, or somebody wants every text */
  uint64_t bits[SCREEN_BITS / 64]; /* hashes of the grams */
} Screen;

/* A word that holds another one adds nothing. Words live as long as the screen. */
void screen_add(Arena *arena, Screen *screen, Str word);
/* Call once after the last word. */
void screen_build(Arena *arena, Screen *screen);
bool screen_passes(const Screen *screen, Str text);

/* True if the text has a word of async in it. A file without has no coroutine, awaits nothing, and
   imports nothing by which it could, but for a sync function that calls an imported coroutine
   function: that one is given up for the speed. */
bool mentions_async(Str text);
