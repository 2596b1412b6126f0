#pragma once
/*
 * The two questions that answer one another: how control leaves a block, and whether a call in it
 * comes back. Private to outcome.c and never_return.c; outcome.h has the questions for everybody.
 *
 * Functions of the same file are followed a few calls deep. How deep a question already is, is its
 * level; answers are kept per level, so that they do not depend on what was asked before.
 */
#include "python/outcome.h"

enum { OUTCOME_LEVELS = 3 };

unsigned outcome_at(Module *module, Node node, uint32_t level);
bool statement_never_returns_at(Module *module, Node statement, uint32_t level);
