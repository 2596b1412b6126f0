#pragma once
/*
 * The parts of a SARIF document that speak of places in files.
 */
#include <jansson.h>

#include "report/place.h"

/* How a path goes as the URI of an artifact. */
json_t *sarif_artifact(Arena *arena, Str path, const ReportOptions *options);

/* The finding as a result; rule_index: of its rule in the list of all rules. */
json_t *sarif_result(
  Arena *arena,
  const FileReport *file,
  const Finding *finding,
  uint32_t rule_index,
  const ReportOptions *options
);

/* What a baseline had and is there no more, as a result. */
json_t *sarif_absent(
  Arena *arena,
  const GoneFinding *gone,
  const Rule *rule,
  uint32_t rule_index,
  const ReportOptions *options
);

/* "error", "warning", "note". */
const char *sarif_level(Severity severity);

/* How much a result matters, by its text as JSON of the functions above: 0 is most. What is suppressed or gone matters
   least. */
uint32_t sarif_rank(Str result);
enum { SARIF_RANKS = SEVERITY_INFO + 2 };
