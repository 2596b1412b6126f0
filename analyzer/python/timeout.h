#pragma once
/*
 * Which TimeoutError an await raises. Before 3.11 asyncio.TimeoutError,
 * concurrent.futures.TimeoutError and the builtin TimeoutError are three classes, and a handler for
 * one does not see the others. And whether a timeout can fire at all.
 */
#include "python/facts.h"
#include "python/outcome.h"

/* The first await of the try statement's body that raises asyncio.TimeoutError into its handlers:
   wait_for, async_timeout, a gather of these, a function of the project that lets one out, any
   x.wait_for(…, timeout=…). One that an inner try takes does not count. NODE_NONE if there is none.
   source: the function of the project that the timeout comes out of, or NULL. */
Node asyncio_timeout_in(Module *module, Node try_statement, const FunctionFacts **source);

/* True if the node lies in a branch that tests sys.version_info. */
bool is_version_guarded(Module *module, Node node);

typedef enum {
  TIMEOUT_WORKS,          /* or it is no timeout, or somebody else has it */
  TIMEOUT_DROPPED,        /* made, and never used */
  TIMEOUT_MISUSED,        /* one of asyncio, entered with a plain `with`, or awaited */
  TIMEOUT_NEVER_SUSPENDS, /* nothing in the body waits, so that it cannot fire */
} TimeoutFault;

/* What is wrong with a call of asyncio.timeout, async_timeout.timeout, anyio.fail_after and the
   like. */
TimeoutFault timeout_fault_of(Module *module, Node call, Reason *why);
