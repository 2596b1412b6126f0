#pragma once
/*
 * Caching: whose cache a run uses, and where it lies.
 */
#include "project/run.h"

/* Lets the run use the cache of this build, in the folder that the variable AWRY_CACHE_DIR names
   unless an option names one. Owns: what the request points to lives in the arena. */
void caching_read(Arena *arena, RunRequest *request);

/* The same for who has no such request. Owns: the result lives in the arena. */
const Hash *caching_build(Arena *arena);
Str caching_folder(void);
