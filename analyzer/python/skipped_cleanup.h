#pragma once
/*
 * Skipped clean-up: handlers that release something for ordinary exceptions only.
 */
#include "python/handler.h"
#include "python/swallow.h"

/* True if the except clause catches Exception but no cancellation, guards an await (or, in an
   asynccontextmanager, its yield), and releases something that nothing else releases when the task
   is cancelled; `release` is the first such operation. The handler always raises, or raises or
   starts over in a loop, or reports to a future whose result the try sets. Roll-backs and entries
   of containers do not count, nor do wrappers whose body is one call of a function they were given.
   */
bool skips_cleanup(Module *module, Node clause, Release *release, Reason *why);

/* The `isinstance(error, CancelledError)` in an except clause that no cancellation reaches, or
   NODE_NONE: whoever wrote it takes the handler for one of cancellations, too. */
Node dead_cancellation_test(Module *module, Node clause);
