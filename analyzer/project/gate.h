#pragma once
/*
 * Gate: which findings of a run count. Between linting a file and reporting on it, findings that a
 * baseline knows are set aside, and those that are not about new code are left out.
 *
 * What comes out does not depend on the order in which files are gated. Findings that may belong to
 * entries of a file that is gone, because it was renamed, are decided on when all files are through:
 * gate_settle says which to gate again.
 *
 * Owns: nothing; all of it lives in the arena of the run and in the workers'.
 */
#include "project/baseline.h"
#include "project/git_changes.h"
#include "project/known_findings.h"
#include "project/survey.h"

/* What a baseline is there for. */
typedef enum {
  BASELINE_APPLIED,
  BASELINE_IGNORED,
  BASELINE_CREATED, /* it does not exist: all findings go in */
  BASELINE_UPDATED, /* what is gone goes out, what is new goes in */
  BASELINE_PRUNED,  /* what is gone goes out */
} BaselineAim;

typedef struct {
  Since since; /* nothing given: all code counts */
  BaselineAim aim;
} GateRequest;

typedef struct Gate Gate;

/* Opens the baselines that the settings of the files name, and asks git what is new. NULL, and
   problems are added to the survey's, if one of them cannot be had. What is staged is put over the
   survey's files. Requires: the survey has its files, and is not indexed yet. */
Gate *gate_open(Arena *arena, const GateRequest *request, Survey *survey);

/* False if a baseline is no longer what was read. */
bool gate_is_current(const Gate *gate);

/* Looks at the project as it was, where that matters. Requires: the survey is indexed. */
void gate_index(Gate *gate, Pool *pool);

/* Removes the findings that do not count; those of the baseline are added to `known`. Workers may
   gate different files at once. */
void gate_apply(
  Gate *gate,
  uint32_t item,
  const LintInput *input,
  Worker *worker,
  Findings *findings,
  Findings *known
);

/* The file could not be linted, so what the baseline has of it is not gone. */
void gate_miss(Gate *gate, uint32_t item);

typedef Vec(uint32_t) Items;

/* When all files have been gated: those that are to be linted and gated once more. */
Items gate_settle(Gate *gate);

/* An entry of a baseline that has nothing to set aside any more. */
typedef struct {
  Str baseline;  /* as it is shown */
  uint32_t line; /* in it */
  Str path, rule, excerpt;
  uint32_t count;
} GoneFinding;

typedef Vec(GoneFinding) GoneFindings;

/* What a baseline is to become. */
typedef struct {
  Str file, shown;
  Str text;
  uint32_t total, added, removed; /* findings */
} BaselineChange;

typedef Vec(BaselineChange) BaselineChanges;

typedef struct {
  GoneFindings gone;       /* of what the run has looked at */
  BaselineChanges changes; /* if that is what the baselines are there for */
} GateResult;

/* Requires: gate_settle was called, and its files are done. `folders`: absolute paths that the run
   covers as a whole. */
GateResult gate_close(Gate *gate, const Strs *folders);
