#pragma once
/*
 * Harness: how to run a file so that its fixes can be proved.
 */
#include "python/module.h"

typedef struct {
  Str function; /* to call; empty: the file is run as a script */
} Harness;

/* What there is of: the wanted function, `async def scenario()`, `async def main()`, the file as a script, `def main()`;
   none of them takes arguments. False with a message, for people, if there is none. */
bool harness_find(Arena *arena, const Module *module, Str wanted, Harness *harness, Str *message);
