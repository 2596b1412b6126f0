#pragma once
/*
 * Fixes near errors: where the parser lost its way, a fix would change something else than what its
 * author sees. Elsewhere in the file they stay.
 */
#include "lint/finding.h"
#include "python/tree.h"

/* Takes the fix from every finding that begins, or would edit, in a statement with an error, or in a
   line with one. */
void fixes_withdraw_near_errors(Arena *arena, const Tree *tree, Findings *findings);
