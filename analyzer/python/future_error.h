#pragma once
/*
 * Which errors the futures in a try can raise. asyncio and concurrent.futures each have a CancelledError of their own since
 * 3.8, and had a TimeoutError of their own until 3.11: `await` and asyncio's futures raise the one, result() of a future
 * that belongs to a thread (run_coroutine_threadsafe, executor.submit) the other.
 */
#include "python/outcome.h"

typedef struct {
  Node asyncio; /* the first await, or result() or exception() of an asyncio future */
  Node thread;  /* the first result() or exception() of a thread's future */
  Node waiting; /* the first result() of a thread's future that is given a timeout */
  bool unknown; /* some future is asked whose kind is not known */
} FutureErrors;

/* What the body of the try statement asks of futures; NODE_NONE where there is nothing. */
FutureErrors future_errors_in(Module *module, Node try_statement);
