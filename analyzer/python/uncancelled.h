#pragma once
/*
 * Tasks that nothing cancels.
 */
#include "python/module.h"

/* True if the coroutine of the function runs only behind shield(…): each call of it in this file is
   given to shield, or to a task that is only waited for through shield and asyncio.wait and never
   cancelled. Only for functions that nobody outside of the file should call: nested ones, and names
   with a leading underscore. */
bool is_never_cancelled(Module *module, FunctionId function);
