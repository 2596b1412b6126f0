#pragma once
/*
 * Offered: what stands behind an option, or for an argument, by the word that --help calls it: which words a shell can offer
 * for it. A value with bars in its name, "text|json", is its own list of words; one without a row is free text.
 */
#include "base/strs.h"

typedef enum {
  OFFERED_FREE,
  OFFERED_FILE,
  OFFERED_FOLDER,
  OFFERED_RULE,
  OFFERED_WORD, /* one of the words */
} OfferedKind;

typedef struct {
  OfferedKind kind;
  bool is_list; /* with commas */
  Strs words;   /* OFFERED_WORD: these only */
} Offered;

/* name may be NULL: free text. */
Offered offered_for(Arena *arena, const char *name);
