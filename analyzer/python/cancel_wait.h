#pragma once
/*
 * Cancel wait: whether anybody waits for a task to end after it was cancelled. The reverse of the
 * cancel link.
 */
#include "python/module.h"
#include "python/reason.h"

/* True if the call cancels a task of this function or of self in an `async def`, and the task is
   never awaited, gathered or handed on: not later in the function, and not elsewhere in the class
   while the attribute still holds it. */
bool leaves_cancelled_task(Module *module, Node call, Reason *why);
