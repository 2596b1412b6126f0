#pragma once
/*
 * Tests: what the user's tests prove of a fix, run before and after it. A pure function of what was reported.
 */
#include "proof/claim.h"
#include "proof/verdict.h"

Verdict tests_judge(Arena *arena, const Claim *claim, const Trial *before, const Trial *after);

/* True if the verdict hangs on how a test ended: then both sides are to be run again, to see whether it ends alike. */
bool tests_are_doubtful(const Verdict *verdict);
/* Adds what a second trial of the same side saw; tests that ended otherwise are left out from now on. */
void tests_merge(Arena *arena, Trial *first, const Trial *second);
