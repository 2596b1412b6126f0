#pragma once
/*
 * Unused suppressions: those that cover nothing although what they name has run, that name what
 * does not exist, or that are no words of ours. Silence about a finding that is gone would hide the next one.
 */
#include "lint/rule.h"
#include "lint/suppress.h"

/* Which rules ran on a file, in the order of rule_entries. */
typedef struct {
  const bool *ran;
} RulesRun;

/* Adds one finding of `rule` for each; with the fix of deleting what is not used. Call after
   suppressions_apply. A suppression of `rule` itself counts as used. */
void unused_report(
  const Rule *rule,
  Module *module,
  const Suppressions *suppressions,
  RulesRun run,
  Findings *findings
);
