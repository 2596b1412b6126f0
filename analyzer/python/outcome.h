#pragma once
/*
 * How control leaves a block, and what an except clause catches: the structured half of control
 * flow.
 */
#include "python/module.h"
#include "python/reason.h"

typedef enum {
  OUTCOME_FALLS = 1 << 0, /* on to the next statement */
  OUTCOME_RETURNS = 1 << 1,
  OUTCOME_BREAKS = 1 << 2,    /* out of a loop around the block */
  OUTCOME_CONTINUES = 1 << 3, /* to the head of a loop around the block */
  OUTCOME_RAISES =
    1 << 4, /* raise statement, or a call that never returns (sys.exit, NoReturn, a project function
                                 that always raises, vocabulary.never_return, names such as fail/abort/reraise_…) */
} Outcome;

/* Every way in which control can leave the block or statement, explicit raises only: calls that may
   fail do not count. Code after a `while True` without break, after a call that never returns, and
   so on, is not reached. */
unsigned outcome_of(Module *module, Node block);

/* True if the statement is nothing but a call that ends the path that makes it: sys.exit and what else
   never returns. An `async def` must be awaited for that. */
bool statement_never_returns(Module *module, Node statement);

/* What a handler stands for. */
typedef struct {
  bool is_bare;        /* except: */
  bool base_exception; /* BaseException is listed */
  bool exception;      /* Exception is listed */
  bool
    cancelled; /* asyncio.CancelledError is listed, anyio.get_cancelled_exc_class() or trio.Cancelled */
  bool foreign_cancelled; /* concurrent.futures.CancelledError is listed */
  bool timeout;           /* builtin TimeoutError */
  bool asyncio_timeout;   /* asyncio.TimeoutError */
  bool futures_timeout;   /* concurrent.futures.TimeoutError */
  bool group;             /* ExceptionGroup or BaseExceptionGroup */
  bool base_group;        /* BaseExceptionGroup is listed */
  bool others;            /* any other class, or an expression that is not known */
  Node cancelled_type;    /* the expression that lists CancelledError, or NODE_NONE */
  Node exception_type;    /* the expression that lists Exception */
  Node base_type;         /* the expression that lists BaseException */
  Node
    timeout_type; /* the expression that lists the builtin's or concurrent.futures' TimeoutError */
  Node foreign_type;         /* the expression that lists concurrent.futures' CancelledError */
  Node asyncio_timeout_type; /* the expression that lists asyncio.TimeoutError */
  Node types;                /* the whole type expression; NODE_NONE if bare */
  Node variable;             /* the identifier after `as`, or NODE_NONE */
  Node body;                 /* the block */
} Caught;

/* Requires: clause is an except_clause. Tuples, `except A, B:`, and names bound once to a tuple are
   followed. */
Caught caught_by(Module *module, Node clause);
/* The same for the argument list of contextlib.suppress(…). body and variable are NODE_NONE. */
Caught caught_by_suppress(Module *module, Node call);
/* The call by which a with_item suppresses exceptions, or NODE_NONE: contextlib.suppress(…); also
   pytest.raises(…) and self.assertRaises(…), whose first argument says what they catch. */
Node suppressing_call(Module *module, Node with_item);
/* True if the clause lists a class by one of these names. */
bool caught_lists(
  Module *module, const Caught *caught, const char *const *names, uint32_t name_count
);
#define CAUGHT_LISTS(module, caught, names) \
  caught_lists((module), (caught), (names), (uint32_t)(sizeof(names) / sizeof *(names)))
/* True if a name in the clause has to do with cancellations: `group.subgroup(CancelledError)`. */
bool mentions_cancellation(Module *module, Node clause);
/* True if a CancelledError raised inside is caught; before 3.8 it is an Exception. */
bool caught_cancellation(const Module *module, const Caught *caught);

/* Dotted name of the class that a raise statement raises, called or not; empty if it is not known. */
Str raised_class(Module *module, Node raise);

/* True if every path through the except clause raises (OUTCOME_RAISES is its only outcome, or it
   also never ends). */
bool handler_always_raises(Module *module, Node clause);
/* True if some path through it raises; what clauses inside of it raise are errors of their own,
   that came later. */
bool handler_may_raise(Module *module, Node clause);
/* The clauses of a try_statement, in order. The others are blocks, or NODE_NONE. */
Nodes try_handlers(Module *module, Node try_statement);
Node try_body(const Module *module, Node try_statement);
Node try_finally(const Module *module, Node try_statement);
/* The try_statement whose body (not handlers, else or finally) holds the node, innermost first,
   within the same function; NODE_NONE if there is none. Pass the result to get the next one out. */
Node try_around(const Module *module, Node node);
/* True if the node lies in an except clause that always raises, or in a finally: an exception is in
   flight already. */
bool is_unwinding(Module *module, Node node);
/* True if a return, break or continue stands in the block, whatever it leaves: `except*` may hold
   none that leaves it. */
bool holds_jump(const Tree *tree, Node block);
/* The finally_clause that a return, break or continue statement leaves, innermost first; NODE_NONE
   if it leaves none: a jump of a loop inside the finally stays in it, and where a handler takes
   everything, or nothing can fail, nothing is discarded. */
Node jumps_out_of_finally(Module *module, Node jump, Reason *why);
