#pragma once
/*
 * Harness: how to run a file so that its fixes can be proved.
 */
#include "python/module.h"

typedef struct {
  Str function; /* to call; empty: the file is run as a script */
  /* Only where a function in these lines of the file is under way something is done to the program; the first is 0: all
     over it. */
  uint32_t first_line, last_line;
} Harness;

/* What there is of: the wanted function, `async def scenario()`, `async def main()`, the file as a script, `def main()`;
   none of them takes arguments. False with a message, for people, if there is none. */
bool harness_find(Arena *arena, const Module *module, Str wanted, Harness *harness, Str *message);

/* The same, for the function around that line only. False if there is none. */
bool harness_focus(const Module *module, uint32_t line, Harness *harness);
/* The same function in another version of the file. */
bool harness_focus_again(
  const Module *module, const Harness *focused, const Module *other, Harness *harness
);
