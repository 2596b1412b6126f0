#pragma once
/*
 * CallScan: the uses of functions in one file while they are found. Private to facts_call.c,
 * facts_loop.c and facts_reference.c.
 */
#include "python/facts_build.h"

typedef struct {
  FactsBuilder *builder;
  Facts *facts;
  NodeMap taken;  /* calls and names whose use is recorded */
  Map referenced; /* what has been recorded as CALL_REFERENCED; once for a file is enough */
  Map starters;   /* name of a method -> 1 if functions that start what they are given go by it */
} CallScan;

/* Records a use of what the function expression names. `at` is what is evaluated for the use:
   the call, or for a function given by reference the call that gets it. */
void facts_add_use(CallScan *scan, Node function, Node at, CallUse use, Str handed_to);

/* True if a use of the call or name is recorded. */
bool facts_is_taken(const CallScan *scan, Node node);

/* True if the node is evaluated once per item of a collection: in the body of a `for` or
   comprehension whose variable it depends on; retries are no items. */
bool facts_is_per_item(const FactsBuilder *builder, Node node);

/* Adds the uses that are left when awaits and task makers have taken theirs. */
void facts_add_references(CallScan *scan);
