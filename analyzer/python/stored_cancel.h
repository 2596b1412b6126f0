#pragma once
/*
 * Stored cancellation: an exception that a handler keeps for others, the CancelledError of its own
 * task among them.
 */
#include "python/module.h"
#include "python/reason.h"

/* The raise statement that raises for others what the except clause of an await, which takes every
   exception, keeps in an attribute or a subscript; NODE_NONE if there is none, if the clause tells
   the exceptions apart, or if an earlier one takes the cancellation. */
Node raises_stored_cancellation(Module *module, Node clause, Reason *why);
