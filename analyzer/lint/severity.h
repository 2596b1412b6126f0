#pragma once
/*
 * Severities by name, and from which one on findings fail a run.
 */
#include <stdbool.h>

#include "base/str.h"
#include "lint/finding.h"

/* "error", "warning" or "info". */
const char *severity_name(Severity severity);
/* False if the text is none of these names. */
bool severity_parse(Str text, Severity *severity);

/* From which severity on a finding makes a run fail. */
typedef enum {
  FAIL_ON_UNSET, /* nobody has said: as FAIL_ON_INFO */
  FAIL_ON_ERROR,
  FAIL_ON_WARNING,
  FAIL_ON_INFO,
  FAIL_NEVER,
} FailOn;

/* "error", "warning", "info" or "never"; not of FAIL_ON_UNSET. */
const char *fail_on_name(FailOn fail_on);
/* False if the text is none of these names. */
bool fail_on_parse(Str text, FailOn *fail_on);

/* How many of the findings make a run fail. */
uint32_t count_failing(const Findings *findings, FailOn fail_on);
