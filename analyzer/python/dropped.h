#pragma once
/*
 * Dropped: whether anybody still has a task or future after the code that made it.
 */
#include "python/module.h"
#include "python/reason.h"

/* True if nobody has the task: it is dropped, never read and the function ends without a further
   await, only takes itself out of a set that it was never put into, is what a callback returns, or
   lies in a local collection that dies with the function. */
bool is_dropped_task(Module *module, Node call, Reason *why);

/* True if nobody ever looks at the future: it is dropped, or bound to a local name that is never
   read. */
bool is_dropped_future(Module *module, Node call, Reason *why);
