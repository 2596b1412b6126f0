#pragma once
/*
 * Cancel release: what the code does next to the things that a task which was just cancelled still
 * works with.
 */
#include "python/module.h"

/* What the task of the cancelled name or attribute runs: the calls of its coroutines, as far as
   they are known. */
Nodes cancelled_coroutines(Module *module, Node receiver);

/* True if they only wait (sleep, Event.wait, Queue.get …) and so end at once, with nothing to clean
   up. */
bool only_wait(Module *module, const Nodes *coroutines);

typedef struct {
  Node release; /* the call or assignment that takes it away; NODE_NONE if nothing is */
  Node used;    /* where the task mentions it */
  bool awaits;  /* something else is awaited before: the task has its turn */
} NextRelease;

/* What follows the cancellation in its function. */
NextRelease next_release(Module *module, Node cancel, const Nodes *coroutines);
