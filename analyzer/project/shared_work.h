#pragma once
/*
 * The work on one long file, shared out to the threads of a pool, for whoever waits for it.
 *
 * Both functions answer as facts_collect and lint_source do; they have no answer if there is one
 * thread only, if the file is not long, or if its tree has no outline yet. Owns: what they answer
 * lives in the arena. Requires: nothing else runs on the pool.
 */
#include "lint/linter.h"
#include "project/pool.h"

/* NULL: no answer. */
const Facts *
shared_collect(Pool *pool, const Tree *tree, const ModuleOptions *options, Arena *arena);

/* False: no answer. */
bool shared_lint(
  Pool *pool, const Linter *linter, const LintInput *input, Arena *arena, Findings *findings
);
