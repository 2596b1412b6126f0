#pragma once
/*
 * Telling: calls that only report what they are given, so that it is still lost.
 */
#include "python/use.h"

/* Requires: use is a USE_ARGUMENT. True if the call logs, prints, formats or counts the value,
   or is a function of the project that at most reads its text. */
bool use_only_tells(Module *module, const Use *use);
/* The facts of the parameter that the argument goes to; false if they are not known. */
bool argument_facts(Module *module, const Use *use, uint32_t *facts);
