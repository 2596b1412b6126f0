#pragma once
/*
 * Callbacks: functions that are given to a task's add_done_callback.
 */
#include "python/module.h"
#include "python/reason.h"

typedef struct {
  FunctionId function; /* of this file */
  Node parameter;      /* the identifier of the parameter that gets the task */
  bool is_async_task;  /* by the receiver or the annotation: an asyncio task or future */
} Callback;

/* The function that a call of add_done_callback attaches: a name, a method of self,
   functools.partial of one, or a lambda. False if the call is another, or the function is not one
   of this file. */
bool callback_of(Module *module, Node call, Callback *callback);

/* A call of exception() or result() on the parameter that raises CancelledError if the task was
   cancelled: there is no test of cancelled() in the function, and no handler or suppress around it
   takes a CancelledError. */
Nodes unguarded_outcomes(Module *module, const Callback *callback, Reason *why);

/* True if the callback has something left to do behind the call that asks for the outcome, or in
   the other branch of an `if` that asks: it is skipped when the call raises. A finally runs all the
   same. */
bool outcome_is_followed(Module *module, Node outcome);
