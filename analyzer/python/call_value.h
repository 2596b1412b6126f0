#pragma once
/*
 * Values of calls and awaits. Private to the files of analyzer/python.
 */
#include "python/value.h"

Value value_of_call(Module *module, Node call);
Value value_of_await(Module *module, Node await);
/* What awaiting that value gives. */
Value value_awaited(Module *module, Value value);
/* What one element of that collection is: of gathered results one of them, of a done set a task. */
Value value_of_element(Module *module, Node collection, Value value);
/* What `with value as x` binds. */
Value value_entered(Module *module, Node expression);
/* The value that the expressions have in common; VALUE_UNKNOWN for none or too many. */
Value value_of_any(Module *module, Nodes expressions);
