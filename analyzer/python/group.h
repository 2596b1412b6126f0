#pragma once
/*
 * Groups: the errors that leave a task group. asyncio.TaskGroup, anyio's task groups from 4 on and
 * strict trio nurseries wrap every error in an exception group, also a single one and one of their
 * own body; only a CancelledError, KeyboardInterrupt or SystemExit leaves them plain.
 */
#include "python/outcome.h"

/* The expression of the task group that a with_statement enters before anything else; NODE_NONE if
   it enters none, or one that was told not to wrap. */
Node group_entered(Module *module, Node with_statement);

/* The same for the first with_statement in the block that enters a group. */
Node group_inside(Module *module, Node block);

/* What wraps every error of a block: the expression of the group, if all it holds is one `async
   with` over a task group, or the call, if all it holds is the await of a function of the project
   whose body is such a group. NODE_NONE if anything else can raise. */
Node group_around_all(Module *module, Node block);

/* True if the except clause names only classes that are known and that no group is an instance of:
   it cannot match what leaves a group. */
bool misses_groups(Module *module, Node clause);

/* An error that is no Exception, and leaves a group that the body of a try enters: with it, what
   leaves the group is a BaseExceptionGroup, whatever else is in it. */
typedef struct {
  Node place; /* the call that starts a task, or the raise statement in the group */
  Str name;   /* of its class, bare */
} BaseError;

/* Returns false if none is known. KeyboardInterrupt and SystemExit leave a group plain, and a task
   that raises CancelledError counts as cancelled. */
bool base_error_in_group(Module *module, Node try_statement, BaseError *error);

/* A with_statement of the function that enters a task group whose errors nothing around unwraps,
   although it also awaits, on another path, what the group runs: the same error comes out plain or
   wrapped. */
typedef struct {
  Node group;
  Node started; /* the call or mention inside the group */
  Node awaited; /* the call awaited outside */
} MixedErrors;

/* Returns false if the with_statement is no such group. */
bool mixed_errors_of(Module *module, Node with_statement, MixedErrors *mixed, Reason *why);

/* The loop over `group.exceptions` that looks for classes of errors among the members, and does not
   look into groups among them; from the for_statement or for_in_clause. The result is the test,
   NODE_NONE if there is none. */
Node shallow_member_test(Module *module, Node loop, Reason *why);

/* `if all(isinstance(e, Stop) for e in group.exceptions): return` in the clause: the group is taken
   only if nothing else is in it, neither a nested group nor a cancellation. */
bool asks_all_members(Module *module, Node clause);
