#pragma once
/*
 * Gate: which findings of a run count. Between linting a file and reporting on it, findings that a
 * baseline knows are set aside, and those that are not about new code are left out.
 *
 * What comes out does not depend on the order in which files are gated.
 *
 * Owns: nothing; all of it lives in the arena of the run and in the workers'.
 */
#include "project/baseline_gate.h"
#include "project/git_changes.h"
#include "project/survey.h"

typedef struct {
  Since since; /* nothing given: all code counts */
  BaselineAim aim;
} GateRequest;

typedef struct Gate Gate;

/* Opens the baselines that the settings of the files name, and asks git what is new. NULL, and
   problems are added to the survey's, if one of them cannot be had. What is staged is put over the
   survey's files. Requires: the survey has its files, and is not indexed yet. */
Gate *gate_open(Arena *arena, const GateRequest *request, Survey *survey);

/* True if every finding counts: there is no baseline, and all code is meant. */
bool gate_lets_all_pass(const Gate *gate);

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

/* True if a baseline tells the file's old findings from new ones. */
bool gate_has_baseline(const Gate *gate, uint32_t item);

/* The file could not be linted, so what the baseline has of it is not gone. */
void gate_miss(Gate *gate, uint32_t item);

/* When all files have been gated: those that are to be linted and gated once more. */
Items gate_settle(Gate *gate);

/* Requires: gate_settle was called, and its files are done. `folders`: absolute paths that the run
   covers as a whole. */
BaselineResult gate_close(Gate *gate, const Strs *folders);
