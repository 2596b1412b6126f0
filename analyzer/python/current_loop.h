#pragma once
/*
 * CurrentLoop: whether there is a current event loop where code asks for it.
 */
#include "python/module.h"
#include "python/reason.h"

typedef enum {
  LOOP_MAY_BE_SET, /* or it is no such call: a loop runs there, was set before, or nobody in sight knows */
  LOOP_AT_IMPORT,    /* module or class level, default values, decorators: before any loop runs */
  LOOP_BEFORE_START, /* by the code that goes on to start the loop that it gets */
  LOOP_AFTER_RUN,    /* asyncio.run has been there and leaves none behind */
  LOOP_IN_THREAD,    /* a function that the file runs in a thread of its own */
} LoopAbsence;

/* What is known of the place of a call of asyncio.get_event_loop. Requires: call is a KIND_CALL. */
LoopAbsence loop_absence_of(Module *module, Node call, Reason *why);
