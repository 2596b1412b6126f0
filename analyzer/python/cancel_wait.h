#pragma once
/*
 * Cancel wait: whether anybody waits for a task to end after it was cancelled. The reverse of the
 * cancel link.
 */
#include "python/module.h"
#include "python/reason.h"

typedef struct {
  Node
    release; /* what the code takes away next although the task works with it, or NODE_NONE: then nobody has the task any more */
  Node used; /* where the task works with it */
} LeftTask;

/* True if the call cancels a task of this function or of self in an `async def`, and the task is
   never awaited, gathered or handed on: not later in the function, and not elsewhere in the class
   while the attribute still holds it; nor has it its turn at another await before something it
   works with goes away. Of several in one function only the first counts. */
bool leaves_cancelled_task(Module *module, Node call, LeftTask *left, Reason *why);
