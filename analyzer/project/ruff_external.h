#pragma once
/*
 * Ruff external: whether ruff knows that codes of ours in its comments are somebody's. It takes `# noqa: AWR302` for a mistake
 * unless its setting lint.external names our codes.
 */
#include "source/problem.h"

/* True if a noqa comment in the text names a code of ours. */
bool has_own_noqa(Str text);

/* Of the nearest settings of ruff from the folder upwards: false if there are none, or they name our codes; else where
   such a setting belongs, line 0: nowhere yet. Requires: folder is absolute. */
bool ruff_misses_codes(Arena *arena, Str folder, Str *path, Position *position);
