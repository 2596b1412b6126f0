#pragma once
/*
 * Entry: code that starts the program's event loop itself.
 */
#include "python/module.h"

/* True if the call starts an event loop: run_forever, run_until_complete, run_app, asyncio.run. */
bool starts_loop(Module *module, Node call);

/* True if the function that evaluates the node goes on to start an event loop (run_forever,
   run_until_complete, run_app, asyncio.run): a program's main, whose tasks live as long as the
   loop. */
bool starts_loop_after(Module *module, Node node);

/* True if the coroutine function is the program itself: called main, or run by an asyncio.run of
   this file. What it leaves running ends with the loop. */
bool is_main_coroutine(Module *module, FunctionId function);
