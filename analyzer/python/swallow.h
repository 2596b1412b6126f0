#pragma once
/*
 * Swallow: what becomes of a cancellation that reaches a handler which catches it. One judgement
 * for all rules about swallowed cancellations, so that they divide the handlers among them without
 * overlap.
 */
#include "python/handler.h"
#include "python/reason.h"

typedef enum {
  /* It is let out, handed on, cannot arrive, or the code is a legitimate idiom. */
  SWALLOW_NOT,
  /* Control goes back to the head of a loop: the task cannot be cancelled at all. */
  SWALLOW_IN_LOOP,
  /* Listed with ordinary errors: a cancellation is treated as one more failed step. */
  SWALLOW_AS_FAILURE,
  /* Control falls through to further awaits, as if nothing had been asked. */
  SWALLOW_AND_GO_ON,
  /* The function is awaited by others, who cannot be cancelled while it waits here. */
  SWALLOW_FOR_CALLERS,
  /* The coroutine ends as if it had finished. */
  SWALLOW_AT_END,
  /* The same, or tolerated, but a timeout that cancels the code here is lost by it: see
     deadline.h. */
  SWALLOW_OF_TIMEOUT,
  /* A task cancelled just before, or owned elsewhere, is awaited: this task's own cancellation gets
     lost, too. */
  SWALLOW_OF_CHILD,
  /* It is lost, but in an idiom that few take for a fault: a generator ends, something owned
     elsewhere or shielded is waited for. */
  SWALLOW_TOLERATED,
} Swallow;

/* handler: an except_clause of an `async def`, or the with_item of contextlib.suppress(…). Explicit
   handlers only: those that list CancelledError (before 3.8 also Exception, which then catches it,
   wanted or not). `why` is set for every answer, for those who are after another one. */
Swallow swallow_of(Module *module, Node handler, Reason *why);

/* The same for a handler that catches everything: bare, BaseException. SWALLOW_AT_END where the
   body of a task ends there, SWALLOW_AND_GO_ON for all others that neither let the cancellation of
   an await out nor hand it on. */
Swallow broad_swallow_of(Module *module, Node clause, Reason *why);

/* The raise statement by which an except clause that lists CancelledError (as above) lets out
   another exception in its place; NODE_NONE if some path lets the cancellation out, or if it can
   only be that of a future which is awaited. */
Node translates_cancellation(Module *module, Node clause, Reason *why);

/* True if the block holds a yield of an asynccontextmanager: what is raised in the body of the
   `async with` arrives there. */
bool yields_to_with(Module *module, Node block);
/* How the handler lets the failure out or passes it to somebody: as an exception, a value, a flag,
   a future. NULL if it does not. */
Reason handed_on(Module *module, Node handler);
/* An earlier clause of the same try takes the cancellation before this one sees it. */
bool is_shadowed(Module *module, Node handler);
/* An except clause around such a yield that takes a cancellation of the body and lets it neither
   out nor hands it on: the `async with` swallows it. */
bool swallows_for_with(Module *module, Node clause, Reason *why);
/* The `return True` by which an `async def __aexit__` swallows every exception of the body, no
   matter which; NODE_NONE if there is none, or if it looks at what was raised. */
Node swallowing_return(Module *module, FunctionId function, Reason *why);

/* The handler is one for other errors as well. */
bool lists_ordinary_errors(const Caught *caught);
/* True if the except clause itself lists the class `type` beside others. */
bool is_listed_with_others(const Module *module, const Caught *caught, Node type);

/* The statement whose body a handler guards: the try_statement, or the with_statement of
   suppress. */
Node guarded_statement(const Module *module, Node handler);
/* The block that it guards. */
Node guarded_block(const Module *module, Node handler);
/* What the handler catches. */
Caught caught_in(Module *module, Node handler);
