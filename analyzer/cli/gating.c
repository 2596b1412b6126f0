#include "cli/gating.h"

#include "cli/command.h"

bool gating_read(
  Arena *arena, const GatingOptions *options, RunRequest *request, Gating *gating, Str *message
) {
  Settings *overrides = &request->overrides;
  *gating = (Gating){
    .has_most_warnings = options->max_warnings.len > 0,
    .exits_zero = options->exits_zero,
    .exits_non_zero_on_fix = options->exits_non_zero_on_fix,
  };
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
  return totals->failing > 0 || has_many_warnings || has_fixed ? EXIT_FINDINGS : EXIT_CLEAN;
}
