#pragma once
/*
 * Where rules have nothing to say, because the code there never runs: bodies of stubs, overloads, and
 * what only type checkers see (`if TYPE_CHECKING:`).
 */
#include "lint/finding.h"
#include "python/module.h"

/* Removes the findings that start there. Requires: findings are sorted (findings.h). */
void silence_drop(const Module *module, Findings *findings);
