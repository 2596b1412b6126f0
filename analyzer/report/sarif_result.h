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
  const Source *source,
  const Finding *finding,
  uint32_t rule_index,
  const ReportOptions *options
);

/* "error", "warning", "note". */
const char *sarif_level(Severity severity);
