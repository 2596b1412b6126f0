#pragma once
/*
 * Suppressions that do not say why.
 */
#include "lint/rule.h"
#include "lint/suppress.h"

/* Adds one finding of `rule` for each suppression of ours without a reason. */
void unreasoned_report(
  const Rule *rule, Module *module, const Suppressions *suppressions, Findings *findings
);
