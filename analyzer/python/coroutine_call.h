#pragma once
/*
 * Coroutine calls: calls of coroutine functions whose coroutine nobody runs.
 */
#include "python/module.h"
#include "python/reason.h"

typedef struct {
  Str name;          /* the bare name of the function */
  bool is_generator; /* an async generator */
  Node misuse; /* what uses the coroutine as if it were its result; NODE_NONE if it is dropped */
  bool
    is_element; /* it is meant to be kept among others, to be awaited later: `jobs.extend(f())` */
} CoroutineCall;

/* True if the call surely makes a coroutine, and every use of it is to drop it or to use it as a
   value: statement, condition, operand, subscript, attribute, f-string, sync loop, argument of
   print, str, len, bool, int, list, json.dumps. */
bool unawaited_coroutine(Module *module, Node call, CoroutineCall *result, Reason *why);

/* True if the call surely makes a coroutine: nothing else, no future and no async generator. */
bool makes_coroutine(Module *module, Node call);

/* A coroutine that a function returns without having awaited it, although the function's caller
   expects what it would give. */
typedef struct {
  Str name;          /* the bare name of the coroutine function */
  Node guard;        /* the try or with statement that is left before it starts, or NODE_NONE */
  bool is_future;    /* gather or shield: the work has started already, and a future is returned */
  bool in_coroutine; /* whoever awaits the function gets the coroutine instead of its result */
} ReturnedCoroutine;

/* True if the call's coroutine is returned by an `async def`, or by a sync function out of a try
   that does nothing else. A future counts in a try only: its work has started, but its failure
   comes later. An `async def` that is annotated to give an awaitable, or whose decorator may await
   what it gives, means it. */
bool returned_coroutine(Module *module, Node call, ReturnedCoroutine *result, Reason *why);
