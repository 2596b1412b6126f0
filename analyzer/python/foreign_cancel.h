#pragma once
/*
 * Foreign cancellation: awaiting a task that other code cancels. Its CancelledError is raised in
 * the coroutine that waits, and ends that one as if it had been cancelled itself.
 */
#include "python/module.h"
#include "python/reason.h"

typedef enum {
  FOREIGN_NONE,
  FOREIGN_BEFORE,    /* cancelled before, in the same function */
  FOREIGN_ELSEWHERE, /* another method of the class cancels it */
  FOREIGN_CHAIN,     /* the task of an earlier run of the same coroutine */
} ForeignKind;

typedef struct {
  ForeignKind kind;
  Node task;  /* the expression that is waited for */
  Node cause; /* the place that cancels it, or the call that hands the earlier task over */
} Foreign;

/* What the await expression raises on behalf of another task: nothing takes the CancelledError here
   or around the calls of the function, nobody asks for cancelled(), and the task is not known to
   end as usual when it is cancelled. */
Foreign foreign_cancel_of(Module *module, Node await, Reason *why);

/* Requires: part is a child of `around`, and evaluated under it. True if `around` is a try, or a
   with that suppresses, that takes a CancelledError raised in that part and can end without raising
   it again. */
bool cancellation_ends_at(Module *module, Node around, Node part);
