#pragma once
/*
 * Values: what an expression is, as far as asyncio errors care. A forward data-flow over a small
 * lattice, asked from the end: the value of a name is the join of what its reaching definitions
 * hold; None beside another value is left out; values that disagree are VALUE_UNKNOWN.
 */
#include "python/module.h"

typedef enum {
  VALUE_UNKNOWN,
  VALUE_NONE,
  VALUE_MODULE,
  VALUE_FUNCTION,  /* name: dotted */
  VALUE_CLASS,     /* name: dotted */
  VALUE_INSTANCE,  /* name: dotted class; also for annotated parameters and known attributes */
  VALUE_COROUTINE, /* name: the coroutine function, dotted; origin: the call */
  VALUE_ASYNC_GENERATOR, /* the same for async generators */
  VALUE_TASK,   /* origin: create_task / ensure_future call, or what is annotated asyncio.Task */
  VALUE_FUTURE, /* loop.create_future(), run_in_executor, shield, annotated asyncio.Future */
  VALUE_THREAD_FUTURE, /* run_coroutine_threadsafe, executor.submit: concurrent.futures.Future */
  VALUE_GATHER,        /* the future of a gather call; origin: the call */
  VALUE_RESULTS,       /* awaited gather: the list; origin: the gather call */
  VALUE_RESULT,        /* one element of it; origin: the gather call */
  VALUE_WAIT,          /* the coroutine of asyncio.wait; origin: the call */
  VALUE_DONE_PENDING,  /* awaited wait: the pair; origin: the call */
  VALUE_DONE,          /* the done set; origin: the call */
  VALUE_PENDING,
  VALUE_DONE_TASK,  /* an element of the done set, or of as_completed */
  VALUE_EXCEPTION,  /* caught by except … as, task.exception(), exception instance */
  VALUE_TASK_GROUP, /* asyncio.TaskGroup, anyio task group, trio nursery */
  VALUE_TIMEOUT,    /* asyncio.timeout(…), async_timeout.timeout(…), asyncio.timeout_at */
  VALUE_SESSION, /* an async client: aiohttp.ClientSession, httpx.AsyncClient, …; name: its class */
  VALUE_LOOP,    /* an event loop */
  VALUE_COLLECTION, /* list, tuple, set, dict display or comprehension; origin: it */
} ValueKind;

typedef struct {
  ValueKind kind;
  Node origin; /* the expression of this file that makes it, or NODE_NONE */
  Str name;    /* see above */
} Value;

Value value_of(Module *module, Node expression);
static inline bool value_is(Module *module, Node expression, ValueKind kind) {
  return value_of(module, expression).kind == kind;
}

/* The dotted class whose method or attribute `expression` would give, or empty: class of self, of
   an instance, of an attribute. */
Str class_of(Module *module, Node expression);

/* The expressions that may be held by a name, attribute of self or subscript of a local container:
   reaching definitions, assignments to self.x anywhere in the class, elements put into the
   container by literals, append, add, extend, +=, comprehension, subscript assignment. Conditional
   expressions give both sides. An expression that is not a name gives itself. What cannot be
   followed stands for itself: a parameter or an unpacked name by the identifier that binds it,
   others by the expression. */
Nodes sources_of(Module *module, Node expression);
/* The call whose result the expression is: itself, or the only one that a name may hold; NODE_NONE
   if there is none, or another expression beside it. */
Node call_behind(Module *module, Node expression);
/* The expressions for the elements of a collection, followed through names: of a display its items,
   of a comprehension its element, of list(x)/tuple(x)/set(x) what they hold, of map(f, x) the call
   itself (see mapped_function). is_complete is false if some may be missing (a parameter, an
   unknown call, an attribute set elsewhere). */
Nodes elements_of(Module *module, Node collection, bool *is_complete);
