#pragma once
/*
 * Paths: which lines of the program run, one after the other, as a hash: two runs with the same one have gone the same way.
 */
#include "runtime/compat.h"

/* False with an error set if lines cannot be watched. */
bool paths_install(void);

/* From now on, lines that run in this thread go into the hash. A program that traces itself ends this. */
void paths_begin(uint32_t *hash);
