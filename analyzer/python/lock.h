#pragma once
/*
 * Locks: the objects that let one thread or one coroutine at a time go on, and what they hold up.
 */
#include "python/module.h"
#include "python/reason.h"

typedef enum {
  LOCK_NONE, /* something else, or not known */
  LOCK_OF_COROUTINES,
  LOCK_OF_THREADS,    /* waits in the thread, and so stops its event loop */
  LOCK_OF_ONE_THREAD, /* the same, but whatever runs in the thread that has it may enter again */
} LockKind;

/* What the expression is, through names, attributes and annotations: a lock, a semaphore or a
   condition. */
LockKind lock_of(Module *module, Node expression);

/* The call makes a lock or semaphore of coroutines that only the running call of the function
   around ever has: it is entered or acquired here and given to nobody, so that nobody ever waits
   for it. */
bool is_private_lock(Module *module, Node call, Reason *why);
