#pragma once
/*
 * Skipped clean-up: handlers that release something for ordinary exceptions only.
 */
#include "python/handler.h"
#include "python/swallow.h"

/* True if the except clause catches Exception but no cancellation, guards an await, always raises, and releases something that
   nothing else releases when the task is cancelled; `release` is the first such operation. Roll-backs and entries of
   containers do not count, nor do wrappers whose body is one call of a function they were given. */
bool skips_cleanup(Module *module, Node clause, Release *release);
