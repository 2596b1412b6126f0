#pragma once
/*
 * Deadlines: timeouts that work by cancelling the code that they limit, and so depend on the
 * CancelledError coming out of it: asyncio.timeout, async_timeout, wait_for, fail_after.
 */
#include "python/facts.h"
#include "python/reason.h"

/* The call that makes the innermost timeout around the node, in the same function, whose
   TimeoutError is lost if the code there takes the cancellation and ends normally. NODE_NONE if
   there is none, or if there is a reason not to mind: nobody would notice the loss (`except
   TimeoutError: pass`), the code asks `expired()`, the time limit is None. */
Node deadline_around(Module *module, Node node, Reason *why);

/* True if the call is an awaited wait_for with a time limit whose TimeoutError makes a
   difference. */
bool is_deadline_call(Module *module, Node call);

/* A timeout that cancels what a function of the project does, from the outside. */
typedef struct {
  Str name; /* "asyncio.wait_for" */
  Str path;
  Position position;
} Deadline;

/* False if no code of the project runs the function's coroutine against the clock; tests do not
   count. */
bool deadline_of_function(Module *module, FunctionId function, Deadline *deadline);
