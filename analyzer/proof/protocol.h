#pragma once
/*
 * Protocol: what the runs of a program before and after a fix prove of it. A pure function of what was reported: nothing is
 * run here. docs/verify.md says what each verdict means.
 */
#include "proof/launch.h"
#include "proof/linemap.h"
#include "proof/sighting.h"
#include "python/module.h"

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

/* What is to be proved. */
typedef struct {
  Str rule; /* its name */
  Str path; /* of the file, as sightings name it on both sides */
  const LineRanges *lines;
  LineMap map;
  Module *before, *after; /* see evidence_module */
} Claim;

typedef struct {
  VerdictKind kind;
  uint32_t runs; /* on both sides together */
  Str why;       /* for people: a sentence without a full stop */
} Verdict;

/* True if what came of the program as it is leaves nothing for a fix to prove. */
bool protocol_is_over(const Trial *before);
Verdict protocol_judge(Arena *arena, const Claim *claim, const Trial *before, const Trial *after);
