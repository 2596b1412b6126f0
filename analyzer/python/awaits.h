#pragma once
/*
 * Awaits: where a block of code waits, and for what. Of functions that are nested in the block none
 * count.
 */
#include "python/module.h"

/* The await expressions, and what is entered or iterated by `async with` and `async for`. */
Nodes awaits_in(Module *module, Node block);
/* Those of them at which the task may really be suspended, and a cancellation arrive: not the
   awaits of functions of the project that await nothing themselves. */
Nodes suspensions_in(Module *module, Node block);
/* True if the block awaits fresh work (async with over asyncio.timeout() does not count, its body
   does). */
bool awaits_fresh_work(Module *module, Node block);
/* True if every await of the block waits for something owned elsewhere, and there is one. */
bool awaits_only_owned(Module *module, Node block);
/* A question about a call. */
typedef bool (*CallTest)(Module *module, Node call);
/* The first raise statement or call in the subtree that can raise something: all but calls that only
   make coroutines or tasks, and those of which is_harmless says so; it may be NULL. NODE_NONE if
   there is none. */
Node first_that_raises(Module *module, Node root, CallTest is_harmless);
/* True if the block awaits through asyncio.shield. */
bool awaits_shielded(Module *module, Node block);
