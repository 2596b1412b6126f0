#pragma once
/*
 * Work: what an await waits for, and who answers for its failure: the questions that separate a bug
 * from an idiom. Every rule about dropped results and swallowed cancellations asks here.
 */
#include "python/asyncio_call.h"
#include "python/module.h"
#include "python/reason.h"

typedef enum {
  WORK_FRESH, /* started here: `await fetch()`, gather(*(f(x) for x in xs)), tasks made in this function */
  WORK_OWNED, /* exists elsewhere: self._task, a parameter, shield(t), all_tasks(), what a sync callee returned */
  WORK_TRIVIAL, /* cannot fail and holds nothing: sleep, Event.wait, Queue.get, a future used as a timer */
} WorkKind;

/* What the operand of an await (or an argument of gather, wait, wait_for) stands for; a container
   is fresh only if all its known elements are fresh and nothing unknown was added. */
WorkKind work_of(Module *module, Node awaitable);

/* Why a failure of such work is not this code's to answer for; NULL for fresh work. */
Reason work_reason(WorkKind kind);

/* The cancel link: an earlier .cancel() in the same function whose receiver is the awaited object,
   or an element of the same collection (loop variable, comprehension), or a helper of the project
   that cancels its parameter. */
bool is_cancelled_before(Module *module, Node awaited);
/* The same for the awaits of a block: true if each owned await has such a link. */
bool block_awaits_cancelled(Module *module, Node block);
/* True if .cancel() is called on anything in the function before the node. */
bool cancels_before(Module *module, Node node);

/* True if the callee answers for its own errors (FACT_HANDLES_ERRORS) or cannot fail, or so do all
   those that it awaits. */
bool handles_own_errors(Module *module, Node call);
/* The bare name of an error that a raise statement of the function, or of one that it awaits with
   no handler around, lets out; empty if none is known. */
Str function_raises(const Project *project, const FunctionFacts *function);
bool function_handles_errors(const Project *project, const FunctionFacts *function);
bool function_cannot_fail(const Project *project, const FunctionFacts *function);

/* True if the function or callee name belongs to the vocabulary of closing: close stop shut clean
   teardown disconnect cancel unload terminate dispose drain destroy kill finalize exit release
   abort quit unsubscribe detach remove delete, __aexit__. */
bool is_cleanup_name(const Module *module, Str name);
bool is_cleanup_function(const Module *module, const Function *function);
/* True if the node stands in a function with such a name (or one nested in it). */
bool in_cleanup_function(Module *module, Node node);
/* True if every call among the awaitables has a cleanup name. */
bool all_cleanup_calls(Module *module, const Nodes *awaitables);

/* How the coroutine of the function that holds the node is started, over the whole project. */
typedef enum {
  STARTED_UNKNOWN, /* nobody in sight starts it: a framework may */
  STARTED_AS_TASK, /* only as the argument of a task maker, gather, run, or by reference; or awaited only in tail position of such
                      a function */
  STARTED_BY_AWAIT, /* awaited by project code and never started as a task */
  STARTED_BOTH,
} Started;

Started started_as(Module *module, FunctionId function);
/* True if the function is a coroutine whose project callers start it once per item of a collection,
   directly or through helpers. */
bool is_fanned_out(Module *module, FunctionId function);
