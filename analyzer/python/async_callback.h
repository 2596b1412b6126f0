#pragma once
/*
 * Async callback: a coroutine function that is given to code which calls it like any other
 * function, and drops or misuses the coroutine that it gets.
 */
#include "python/module.h"
#include "python/reason.h"

typedef enum {
  TAKER_DROPS,   /* throws the coroutine away: a timer, done callback, signal handler, atexit */
  TAKER_THREADS, /* a thread or executor makes the coroutine, and does not run it */
  TAKER_VALUES,  /* the coroutine is taken for the value: sorted(key=), filter */
} Taker;

typedef struct {
  Taker taker;
  Node callback; /* the argument */
  Str name;      /* the coroutine function that is called */
  Str caller;    /* the function that it is given to */
} AsyncCallback;

/* True if the call is given a function that surely is, or a lambda that surely calls, a coroutine
   function; also through functools.partial. */
bool async_callback(Module *module, Node call, AsyncCallback *result, Reason *why);
