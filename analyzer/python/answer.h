#pragma once
/*
 * Answer: who answers for the failures of work that several awaitables do together, when the code
 * that waits for them does not look at the results. One judgement for dropped results of gather and
 * of wait.
 */
#include "python/work.h"

/* True if a failure of the awaitables that `call` (a gather or wait) runs is lost with the call's
   result: the work is fresh, was not cancelled before, is no closing code, does not answer for its
   own errors, nobody attached a callback, and none of the tasks is looked at later. */
bool failures_are_lost(Module *module, Node call, const Nodes *awaitables, Reason *why);

/* How many of the awaitables can fail without anybody answering; for messages. */
uint32_t unanswered_count(Module *module, const Nodes *awaitables);

/* True if the awaitable cannot fail, is owned by somebody else, or answers for its own errors. */
bool answers_for_itself(Module *module, Node awaitable);

/* True if the node stands in an except clause or a finally of its function. */
bool in_handler(const Module *module, Node node);

/* True if the argument (a name, or a starred name) is read again after the call, or in another
   function: somebody may look at what it holds. */
bool is_mentioned_later(Module *module, Node call, Node argument);

/* What becomes of the pair that an awaited asyncio.wait returns. */
typedef struct {
  bool reads_done;
  bool reads_pending;
} WaitReads;

WaitReads wait_reads(Module *module, Node awaited);

/* Why no task runs on behind the awaited wait, or nobody minds; NULL if it comes back before all
   its tasks are done, these start here, and nobody cancels, awaits or keeps those that are
   pending. */
Reason pending_is_seen_to(Module *module, Node awaited, const Wait *wait);
