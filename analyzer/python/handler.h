#pragma once
/*
 * What an exception handler does with the exception it caught: the analyses behind the rules on
 * swallowed cancellations and skipped cleanup.
 */
#include "python/outcome.h"
#include "python/work.h"

/* True if the caught exception leaves the handler as a value: stored in a name that is read after
   the handler, in an attribute or container, returned as an object, put into a future, sent, or
   given to a call other than logging or formatting. Text of it (str(e), an f-string,
   traceback.format_exc()) is not the exception. */
bool exception_escapes(Module *module, Node clause);
/* True if the handler sets a name or attribute that a later raise, return or loop test reads
   (cancelled = True … if cancelled: raise). */
bool sets_flag(Module *module, Node clause);
/* True if the handler hands the failure on in another way: future.set_exception/set_result/cancel,
   sys.exit, task.uncancel(), current_task().cancel(), a project function that always raises, or a
   test of cancelling() before. */
bool hands_on_failure(Module *module, Node clause);

/* A shape of try body that ends with the task: `while True`, `while self.running`, `async for`, or
   a wait-for-ever at its top. */
bool try_holds_endless_loop(Module *module, Node try_statement);
/* True if the innermost loop around the node is of that shape: the function is a worker by
   nature. */
bool is_in_endless_loop(Module *module, Node node);
/* The innermost loop of the same function around the node, or NODE_NONE. */
Node loop_around(Module *module, Node node);
/* True if control can go from the end of the handler back to the head of a loop around the try. */
bool handler_loops_back(Module *module, Node clause);
/* True if further awaits can be reached from the handler's end, those of closing code (cleanup
   names, finally, handlers) left out. */
bool awaits_follow(Module *module, Node clause);

/* One releasing operation found in a handler. */
typedef struct {
  Node call;
  Node
    receiver; /* what is released: `conn` of conn.close(), the argument of os.remove(p); NODE_NONE */
  bool is_rollback; /* of a transaction, which its own close discards */
  bool
    is_container; /* pop, discard, clear, remove of a registry; not of the pool that the object was taken from */
  bool is_future; /* set_exception of a future that others wait for */
} Release;

typedef Vec(Release) Releases;

/* The releasing operations that the block does on its paths: close aclose kill terminate release
   unlink os.remove rmtree cancel set_exception stop shutdown disconnect abort dispose unsubscribe
   __aexit__, project functions that start with cleanup/close/release/abort, del of an entry,
   pop/discard. */
Releases releases_in(Module *module, Node block);
/* True if the same receiver is released in a finally, a BaseException or CancelledError handler of
   this or an enclosing try of the function, or is an `async with` target. */
bool is_released_on_cancellation(Module *module, Node try_statement, const Release *release);
