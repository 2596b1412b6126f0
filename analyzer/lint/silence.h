#pragma once
/*
 * Where rules have nothing to say, because the code there never runs: bodies of stubs, overloads,
 * and what only type checkers see (`if TYPE_CHECKING:`).
 */
#include "lint/context.h"

/* Removes the findings that start there; in quiets, unless it is NULL, they leave the reason.
   Requires: findings are sorted (findings.h). */
void silence_drop(const Module *module, Findings *findings, Quiets *quiets);
