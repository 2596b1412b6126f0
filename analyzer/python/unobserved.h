#pragma once
/*
 * Unobserved: tasks that are kept, and at whose outcome nobody ever looks.
 */
#include "python/module.h"
#include "python/reason.h"

typedef struct {
  Node work;   /* the call whose coroutine the task runs */
  Node keeper; /* the attribute that keeps it; NODE_NONE if a local name or collection does */
} UnobservedTask;

/* True if the call makes a task of a function of the project that can fail, a name, an attribute or
   a collection of this file keeps it, and all that is ever done with it is to cancel it or ask
   whether it is done. Not so where it is let go when it is done: asyncio reports the failure of a
   task that nobody has. */
bool is_unobserved_task(Module *module, Node call, UnobservedTask *task, Reason *why);

/* True if the call makes a task, dropped or kept, for whose end nobody in this file waits, and
   which nobody cancels. */
bool is_left_alone(Module *module, Node call, Reason *why);
