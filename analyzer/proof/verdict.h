#pragma once
/*
 * Verdict: what is said of a fix, and what of it can be said without looking at the fault: whether anything could be run.
 * docs/verify.md says what each verdict means.
 */
#include "proof/launch.h"
#include "proof/sighting.h"

typedef enum {
  VERDICT_FIXED,
  VERDICT_NOT_FIXED,
  VERDICT_BEHAVIOUR_CHANGED,
  VERDICT_REGRESSION,
  VERDICT_NOT_REPRODUCED,
  VERDICT_NOT_RUNNABLE,
  VERDICT_UNSUPPORTED,
  VERDICT_TIMEOUT,
} VerdictKind;

enum { VERDICT_COUNT = VERDICT_TIMEOUT + 1 };

/* "fixed", "not-fixed", … */
const char *verdict_name(VerdictKind kind);

/* One side: the program with the file as it is, or with the fixed one. */
typedef struct {
  Str problem; /* why nothing was run, to stand behind "the program"; empty: it was */
  Sightings sightings;
  LaunchEnd end;
  int status;       /* as waitpid gives it */
  uint32_t seconds; /* that it was given */
  Str last_words;   /* the last line that it printed; empty: it was silent */
} Trial;

typedef struct {
  VerdictKind kind;
  uint32_t runs; /* on both sides together */
  Str why;       /* for people: a sentence without a full stop */
} Verdict;

/* What is wrong with the whole trial, not with what the program does; false if nothing is. */
bool trial_is_broken(Arena *arena, const Trial *trial, VerdictKind *kind, Str *why);
/* The same of the side with the fix: the verdict is about the fix. */
bool trial_is_damaged(Arena *arena, const Trial *trial, VerdictKind *kind, Str *why);
