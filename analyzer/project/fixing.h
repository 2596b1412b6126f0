#pragma once
/*
 * Fixing: runs that make the fixes they offer, round after round, until none is left that may be
 * made; and writing what came of it.
 */
#include "project/run.h"

/* Runs until no fix up to request->boldest_fix is offered. The result is that of the last run, on
   the fixed texts: what is left to report; its `fixed` are the files that differ from what is on
   disk, with all their fixes counted. Writes nothing. Owns: the result lives in the arena. */
RunResult run_fixing(const RunRequest *request, Arena *arena);

/* Puts the fixed texts into the place of the files. One that no longer is what was fixed stays as
   it is and is a problem, as is one that cannot be written; the others are written all the same.
   Returns those that were written. */
FixedFiles write_fixed(Arena *arena, const FixedFiles *files, Problems *problems);
