#pragma once
/*
 * Siblings: work that runs on after one of several awaitables that were started together has
 * failed. gather without return_exceptions, as_completed, and a loop over asyncio.wait raise the
 * first failure, and nobody cancels the rest.
 */
#include "python/asyncio_call.h"
#include "python/reason.h"

typedef struct {
  Node wait;    /* the call of gather, as_completed or wait */
  Node started; /* one of the awaitables, or NODE_NONE */
  Node raises;  /* where the first failure comes out */
} Siblings;

/* Each returns false if nothing runs on: the work is owned elsewhere, answers for its own errors,
   is cancelled or awaited on the way out, or the program ends there. */
bool siblings_of_gather(Module *module, Node awaited, Siblings *siblings, Reason *why);
bool siblings_of_wait(Module *module, Node awaited, Siblings *siblings, Reason *why);
/* for_statement: over as_completed. */
bool siblings_of_loop(Module *module, Node for_statement, Siblings *siblings, Reason *why);

/* True if a task group can start the same work: from Python 3.11 on, each argument of the awaited gather is the call of a
   coroutine function, the list of results is assigned or returned, and no try around it handles
   what a group would wrap. Fills in the statement that waits. */
bool fits_task_group(Module *module, Node awaited, Node *statement);
