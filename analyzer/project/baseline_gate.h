#pragma once
/*
 * Baselines in a run: the findings that they know are set aside, and what they are to become is told.
 *
 * What comes out does not depend on the order of the files. Findings that may belong to entries of a
 * file that is gone, because it was renamed, are decided on when all files are through:
 * baseline_gate_settle says which to look at again.
 *
 * Owns: nothing; all of it lives in the arena of the run and in the workers'.
 */
#include "project/baseline.h"
#include "project/known_findings.h"
#include "project/survey.h"
#include "report/report.h"

/* What a baseline is there for. */
typedef enum {
  BASELINE_APPLIED,
  BASELINE_IGNORED,
  BASELINE_CREATED, /* it does not exist: all findings go in */
  BASELINE_UPDATED, /* what is gone goes out, what is new goes in */
  BASELINE_PRUNED,  /* what is gone goes out */
} BaselineAim;

typedef struct BaselineGate BaselineGate;

/* Opens the baselines that the settings of the files name; one that cannot be read is a problem of the
   survey. Requires: the survey has its files. */
BaselineGate *baseline_gate_open(Arena *arena, BaselineAim aim, Survey *survey);

/* True if there is a baseline for some file. */
bool baseline_gate_has_any(const BaselineGate *gate);

/* False if a baseline is no longer what was read. */
bool baseline_gate_is_current(const BaselineGate *gate);

/* Moves the findings that the file's baseline knows to `set_aside`. Workers may do it for different
   files at once. */
void baseline_gate_apply(
  BaselineGate *gate,
  uint32_t item,
  const Source *source,
  Worker *worker,
  Findings *findings,
  Findings *set_aside
);

/* True if the file has a baseline that tells its old findings from new ones. */
bool baseline_gate_knows(const BaselineGate *gate, uint32_t item);

/* The file could not be linted, so what its baseline has of it is not gone. */
void baseline_gate_miss(BaselineGate *gate, uint32_t item);

typedef Vec(uint32_t) Items;

/* When all files are through: those that are to be linted and looked at once more. */
Items baseline_gate_settle(BaselineGate *gate);

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
} BaselineResult;

/* Requires: baseline_gate_settle was called, and its files are done. `folders`: absolute paths that
   the run covers as a whole. */
BaselineResult baseline_gate_close(BaselineGate *gate, const Strs *folders);
