#pragma once
/*
 * Instances: from a dotted name, of a class or of anything, to the value that it stands for.
 * Private to the files of analyzer/python.
 */
#include "python/value.h"

#define VALUE_NOTHING ((Value){ .kind = VALUE_UNKNOWN, .origin = NODE_NONE, .name = STR_EMPTY })

/* The value of an expression that is being worked out further up: it adds nothing to a join,
   which ends every cycle. */
enum { VALUE_OPEN = VALUE_COLLECTION + 1 };

/* value_of, but VALUE_OPEN inside a cycle. For what is joined with others; elsewhere open is
   unknown. */
Value value_to_join(Module *module, Node expression);

/* What the dotted name is: a class, a function, a module, a known instance. */
Value value_of_name(Module *module, Str name);
/* An instance of that class; those that matter to asyncio have kinds of their own. Empty names
   give VALUE_UNKNOWN. */
Value value_of_instance(Module *module, Str class_name, Node origin);
/* The join of what two ways may give. */
Value value_joined(Value a, Value b);
