#include "lint/severity.h"

static const char *const SEVERITY_NAMES[] = {
  [SEVERITY_ERROR] = "error",
  [SEVERITY_WARNING] = "warning",
  [SEVERITY_INFO] = "info",
};

static const char *const FAIL_ON_NAMES[] = {
  [FAIL_ON_ERROR] = "error",
  [FAIL_ON_WARNING] = "warning",
  [FAIL_ON_INFO] = "info",
  [FAIL_NEVER] = "never",
};

const char *severity_name(Severity severity) { return SEVERITY_NAMES[severity]; }

bool severity_parse(Str text, Severity *severity) {
  for (int i = SEVERITY_ERROR; i <= SEVERITY_INFO; i++) {
    if (!str_is(text, SEVERITY_NAMES[i])) continue;
    *severity = (Severity)i;
    return true;
  }
  return false;
}

const char *fail_on_name(FailOn fail_on) { return FAIL_ON_NAMES[fail_on]; }

bool fail_on_parse(Str text, FailOn *fail_on) {
  for (int i = FAIL_ON_ERROR; i <= FAIL_NEVER; i++) {
    if (!str_is(text, FAIL_ON_NAMES[i])) continue;
    *fail_on = (FailOn)i;
    return true;
  }
  return false;
}

static bool is_failing(Severity severity, FailOn fail_on) {
  switch (fail_on) {
  case FAIL_ON_ERROR:
    return severity == SEVERITY_ERROR;
  case FAIL_ON_WARNING:
    return severity != SEVERITY_INFO;
  case FAIL_NEVER:
    return false;
  case FAIL_ON_UNSET:
  case FAIL_ON_INFO:
    break;
  }
  return true;
}

uint32_t count_failing(const Findings *findings, FailOn fail_on) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    count += is_failing(findings->items[i].severity, fail_on);
  }
  return count;
}
