#pragma once
/*
 * Releases that a cancellation skips without harm.
 */
#include "python/handler.h"

/* Why it costs nothing when a cancellation skips the release of an except clause, or NULL: nothing
   is held yet where it can arrive, only threads work there, which go on with what would be
   released, somebody else completes the future, the object closes itself because of a failure in
   its normal work, or nothing cancels the function at all. */
Reason needless_release(Module *module, Node clause, const Release *release);
