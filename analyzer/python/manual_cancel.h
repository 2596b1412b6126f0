#pragma once
/*
 * CancelledError raised by hand: on behalf of a cancellation that was asked for, or in place of a
 * failure.
 */
#include "python/module.h"
#include "python/reason.h"

/* True if the raise statement makes a new asyncio.CancelledError that leaves the function, and
   nothing says that a cancellation, a stop or an end was asked for: no handler of a cancellation
   around, no condition before it in the function that has such a name in it, no such name of the
   function itself. In tests it plays the part of a cancelled callee: false. */
bool raises_cancellation_unasked(Module *module, Node raise_statement, Reason *why);
