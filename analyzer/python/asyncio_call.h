#pragma once
/*
 * What a call means to asyncio, in every spelling: module functions, loop methods, task groups.
 */
#include "python/facts.h"
#include "python/module.h"

typedef enum {
  CALL_OTHER,
  CALL_GATHER, /* asyncio.gather and the project's gather_like wrappers */
  CALL_WAIT,
  CALL_WAIT_FOR,
  CALL_SHIELD,
  CALL_AS_COMPLETED,
  CALL_CREATE_TASK, /* asyncio.create_task, loop.create_task, asyncio.Task(…) */
  CALL_ENSURE_FUTURE,
  CALL_GROUP_TASK, /* TaskGroup.create_task, nursery.start_soon: the group keeps and awaits it */
  CALL_THREADSAFE, /* asyncio.run_coroutine_threadsafe */
  CALL_RUN_IN_EXECUTOR, /* loop.run_in_executor, executor.submit */
  CALL_TO_THREAD,
  CALL_RUN, /* asyncio.run, Runner.run, loop.run_until_complete, anyio.run, trio.run */
  CALL_SLEEP,
  CALL_TIMEOUT,    /* asyncio.timeout, timeout_at, async_timeout.timeout, anyio.fail_after */
  CALL_TASK_GROUP, /* asyncio.TaskGroup(), anyio.create_task_group(), trio.open_nursery() */
  CALL_CREATE_FUTURE,
  CALL_GET_LOOP,
  CALL_SUPPRESS, /* contextlib.suppress */
  CALL_SESSION,  /* makes an async client; see session_class */
  CALL_CANCEL,   /* x.cancel() on anything but a known non-task */
  CALL_LOG, /* logging, print, warnings, structlog-like receivers: only reports what it is given */
  CALL_ISINSTANCE,
} CallMeaning;

CallMeaning call_meaning(Module *module, Node call);
/* True if the expression is a call that makes a task, to be kept by the caller, of a coroutine that
   it is given: CALL_CREATE_TASK or CALL_ENSURE_FUTURE. */
bool makes_task(Module *module, Node expression);

/* What function a call enters. */
typedef struct {
  Str name;                      /* dotted, canonical; empty if unknown */
  const FunctionFacts *function; /* of the project, this file included; NULL if unknown */
  bool is_library_coroutine;     /* a coroutine function of a library, see library.h */
  bool is_library_generator;     /* an async generator of it */
  bool is_ambiguous;             /* several definitions, or overridden differently in a subclass */
} Callee;

Callee callee_of(Module *module, Node call);
/* The same for a function that is only mentioned: given to map, partial, a callback. */
Callee callee_of_reference(Module *module, Node function);
/* The function of `map(f, …)`, whose results are what elements_of gives as the map call; NODE_NONE
   for other calls. */
Node mapped_function(Module *module, Node call);

/* Arguments. The n-th positional argument (no star before it), or the keyword's value; NODE_NONE if
   absent. */
Node call_argument(const Module *module, Node call, uint32_t n, const char *keyword);
Node call_positional(const Module *module, Node call, uint32_t n);
Node call_keyword(const Module *module, Node call, const char *keyword);
uint32_t call_positional_count(const Module *module, Node call); /* a starred one counts as one */
/* What is called; of a generic class with its parameters, `asyncio.Queue[int]()`, the class. */
Node call_function(const Module *module, Node call);
Node call_receiver(const Module *module, Node call); /* the object of a method call, or NODE_NONE */
Str call_method(
  const Module *module, Node call
); /* the name after the last dot, or of a plain call the identifier */

/* A call of gather. */
typedef struct {
  Node call;
  bool collects_exceptions; /* return_exceptions=True */
  bool may_collect;         /* the keyword is there and is not a literal False */
  Nodes
    awaitables; /* the expressions run: arguments, and for *xs the elements of xs as far as they are known */
  bool is_complete; /* every awaitable is in the list */
} Gather;

/* False if the call is not a gather. */
bool gather_of(Module *module, Node call, Gather *gather);
/* The awaited gather that the expression is, through wait_for(…), shield(…), run_until_complete(…)
   and a name bound to the future: `await gather(…)` gives the gather call; NODE_NONE if it is
   none. */
Node awaited_gather(Module *module, Node expression);

/* A call of asyncio.wait. */
typedef struct {
  Node call;
  Node collection; /* what is waited for */
  Nodes awaitables;
  bool is_complete;
  bool has_timeout;
  bool is_first_completed; /* return_when is FIRST_COMPLETED or FIRST_EXCEPTION */
} Wait;

bool wait_of(Module *module, Node call, Wait *wait);
/* The same for asyncio.wait: `await asyncio.wait(…)` and `loop.run_until_complete(asyncio.wait(…))`
   give the call of wait, and fill in `wait`. */
Node awaited_wait(Module *module, Node expression, Wait *wait);

/* Async clients that own connections, from one table (clients.def, each row with its source). */
typedef struct {
  Str class_name;                /* "aiohttp.ClientSession" */
  Str close_method;              /* "close", "aclose" */
  const char *connector_keyword; /* the argument whose object the session closes, or NULL */
  bool reopens_connector;        /* what a session has closed serves the next one all the same */
  bool
    is_http; /* a session for HTTP requests, meant to be shared by many; the others may be made per use */
} SessionClass;

/* The class of the session that the call makes, or NULL. Subclasses of the project count. */
const SessionClass *session_class(Module *module, Node call);
/* Is the call one of an expression of an awaitable that cannot fail: sleep, Event.wait,
   Queue.put/get/join, Lock.acquire? */
bool call_cannot_fail(Module *module, Node call);
