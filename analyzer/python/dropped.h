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

/* Why a dropped task that the call makes is kept all the same: its function runs the loop, or the
   package has a task factory. NULL if it is not, and is_dropped_task. */
Reason task_is_kept(Module *module, Node call);

/* True if little is lost with a task that nobody has: its coroutine handles its own errors, or a
   signal ends the program. */
bool is_small_loss(Module *module, Node call);

/* The except clause for ordinary errors of a try that does nothing but start the work, which is
   expected to fail there: the failure comes later, and the handler never sees it. NODE_NONE if
   there is none. */
Node handler_of_start_only(Module *module, Node call);

/* True if nobody ever looks at the future: it is dropped, or bound to a local name that is never
   read. */
bool is_dropped_future(Module *module, Node call, Reason *why);
