#include "cli/gating.h"

#include <stdio.h>

#include "cli/command.h"

/* More of them say no more than their number does. */
enum { MOST_GONE_SHOWN = 10 };

/* At most one point in history says what is new. */
static bool read_since(const GatingOptions *options, RunRequest *request, Str *message) {
  Since since = { options->since, options->since_merge_base, options->staged };
  request->gate.since = since;
  int given = (since.revision.len > 0) + (since.branch.len > 0) + since.is_staged;
  if (given > 1) {
    *message = STR("--since, --since-merge-base and --staged exclude each other");
    return false;
  }
  bool is_fixing = request->boldest_fix != FIX_NONE || request->adds_suppressions;
  if (!since.is_staged || !is_fixing) return true;
  *message = STR("--staged looks at the index, which fixes do not reach; fix with --since HEAD");
  return false;
}

static bool read_baseline(const GatingOptions *options, RunRequest *request, Str *message) {
  if (!options->no_baseline) return true;
  request->gate.aim = BASELINE_IGNORED;
  if (request->overrides.baseline.len == 0 && !options->strict_baseline) return true;
  *message = STR("--no-baseline goes neither with --baseline nor with --strict-baseline");
  return false;
}

bool gating_read(
  Arena *arena, const GatingOptions *options, RunRequest *request, Gating *gating, Str *message
) {
  Settings *overrides = &request->overrides;
  *gating = (Gating){
    .has_most_warnings = options->max_warnings.len > 0,
    .exits_zero = options->exits_zero,
    .exits_non_zero_on_fix = options->exits_non_zero_on_fix,
    .is_strict = options->strict_baseline,
  };
  if (!read_since(options, request, message) || !read_baseline(options, request, message))
    return false;
  if (!gating->has_most_warnings) return true;
  if (!str_count(options->max_warnings, &gating->most_warnings)) {
    Str given = options->max_warnings;
    *message =
      str_format(arena, "--max-warnings takes a whole number, not \"%.*s\"", STR_ARGS(given));
    return false;
  }
  /* A number of warnings that is tolerated says that the first one fails nothing. */
  if (overrides->fail_on == FAIL_ON_UNSET) overrides->fail_on = FAIL_ON_ERROR;
  return true;
}

int gating_status(const Gating *gating, const RunResult *result) {
  if (gating->exits_zero) return EXIT_CLEAN;
  const Totals *totals = &result->totals;
  uint32_t warnings = totals->by_severity[SEVERITY_WARNING];
  bool has_many_warnings = gating->has_most_warnings && warnings > gating->most_warnings;
  bool has_fixed = gating->exits_non_zero_on_fix && result->fixed.count > 0;
  bool has_gone = gating->is_strict && result->gate.gone.count > 0;
  bool is_failing = totals->failing > 0 || has_many_warnings || has_fixed || has_gone;
  return is_failing ? EXIT_FINDINGS : EXIT_CLEAN;
}

void show_gone(const Gating *gating, const GoneFindings *gone) {
  if (gone->count == 0) return;
  const char *kind = gating->is_strict ? "error" : "warning";
  uint32_t total = 0;
  for (uint32_t i = 0; i < gone->count; i++) {
    const GoneFinding *one = &gone->items[i];
    total += one->count;
    if (i >= MOST_GONE_SHOWN) continue;
    fprintf(
      stderr,
      "awry: %s: %.*s:%u: gone: %.*s in %.*s: %.*s\n",
      kind,
      STR_ARGS(one->baseline),
      one->line,
      STR_ARGS(one->rule),
      STR_ARGS(one->path),
      STR_ARGS(one->excerpt)
    );
  }
  if (gone->count > MOST_GONE_SHOWN)
    fprintf(stderr, "awry: %s: … and %u more lines\n", kind, gone->count - MOST_GONE_SHOWN);
  fprintf(
    stderr,
    "awry: %s: %u finding%s of the baseline %s gone: `awry baseline prune` takes %s out\n",
    kind,
    total,
    total == 1 ? "" : "s",
    total == 1 ? "is" : "are",
    total == 1 ? "it" : "them"
  );
}
