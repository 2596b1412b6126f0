#pragma once
/*
 * ShortLived: handlers of platforms that freeze or end the process when the handler returns (AWS
 * Lambda and what has the same signature), and the coroutines that they run.
 */
#include "python/facts.h"

/* The handler that runs the code of the node in an event loop, or is that code: a plain function of
   the parameters event and context that starts the coroutine function around the node, directly or
   through functions that await it. NULL if there is none in the project. */
const FunctionFacts *short_lived_handler(Module *module, Node node);
