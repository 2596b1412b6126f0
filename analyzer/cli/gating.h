#pragma once
/*
 * Gating: the options that say which findings count, and what exit status they come to.
 */
#include "project/run.h"

/* Of the command line, as written. */
typedef struct {
  Str max_warnings;
  Str since;
  Str since_merge_base;
  bool staged;
  bool no_baseline;
  bool strict_baseline;
  bool exits_zero;
  bool exits_non_zero_on_fix;
} GatingOptions;

/* What the exit status is decided by. */
typedef struct {
  bool has_most_warnings;
  uint32_t most_warnings;
  bool exits_zero;
  bool exits_non_zero_on_fix;
  bool is_strict; /* what is gone from a baseline counts, too */
} Gating;

/* Reads the options into the request and what decides on the status; false with a message if they
   make no sense. */
bool gating_read(
  Arena *arena, const GatingOptions *options, RunRequest *request, Gating *gating, Str *message
);

/* EXIT_CLEAN or EXIT_FINDINGS, for a run without problems. */
int gating_status(const Gating *gating, const RunResult *result);

/* Says on standard error what is gone from baselines. */
void show_gone(const Gating *gating, const GoneFindings *gone);
