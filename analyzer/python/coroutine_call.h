#pragma once
/*
 * Coroutine calls: calls of coroutine functions whose coroutine nobody runs.
 */
#include "python/module.h"

typedef struct {
  Str name;          /* the bare name of the function */
  bool is_generator; /* an async generator */
  Node misuse;       /* what uses the coroutine as if it were its result; NODE_NONE if it is dropped */
} CoroutineCall;

/* True if the call surely makes a coroutine, and every use of it is to drop it or to use it as a value: statement, condition,
   operand, subscript, attribute, f-string, sync loop, argument of print, str, len, bool, int, list, json.dumps. */
bool unawaited_coroutine(Module *module, Node call, CoroutineCall *result);
