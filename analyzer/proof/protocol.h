#pragma once
/*
 * Protocol: what the runs of a program before and after a fix prove of it. A pure function of what was reported: nothing is
 * run here.
 */
#include "proof/claim.h"
#include "proof/verdict.h"

/* Of a program that is swept, or run once. */
Verdict protocol_judge(Arena *arena, const Claim *claim, const Trial *before, const Trial *after);
