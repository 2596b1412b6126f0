#pragma once
/*
 * Raise skips: what would no longer run if a handler let the cancellation out.
 */
#include "python/module.h"

/* The first call behind the try statement of the handler that others wait for or rely on: it
   completes a future, sets an event, takes an item off a queue, closes or releases something, asserts.
   NODE_NONE if there is none. */
Node skipped_by_raise(Module *module, Node handler);

/* What to do then. */
#define RAISE_SKIPS_HELP \
  "raise it again behind the code that has to run in any case, or put that code into a `finally`"
