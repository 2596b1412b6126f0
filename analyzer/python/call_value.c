#include "python/call_value.h"

#include "python/annotation.h"
#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/instance.h"
#include "python/library.h"
#include "python/name.h"
#include "python/target.h"

/* --- calls with a meaning of their own -------------------------------------------------------- */

typedef struct {
  ValueKind kind; /* VALUE_UNKNOWN where the meaning does not tell */
  const char *name;
} MadeValue;

static const MadeValue MADE_VALUES[] = {
  [CALL_GATHER] = { VALUE_GATHER, "" },
  [CALL_WAIT] = { VALUE_WAIT, "asyncio.wait" },
  [CALL_WAIT_FOR] = { VALUE_COROUTINE, "asyncio.wait_for" },
  [CALL_SHIELD] = { VALUE_FUTURE, "" },
  [CALL_CREATE_TASK] = { VALUE_TASK, "" },
  [CALL_ENSURE_FUTURE] = { VALUE_TASK, "" },
  [CALL_THREADSAFE] = { VALUE_THREAD_FUTURE, "" },
  [CALL_TO_THREAD] = { VALUE_COROUTINE, "asyncio.to_thread" },
  [CALL_TIMEOUT] = { VALUE_TIMEOUT, "" },
  [CALL_TASK_GROUP] = { VALUE_TASK_GROUP, "" },
  [CALL_CREATE_FUTURE] = { VALUE_FUTURE, "" },
  [CALL_GET_LOOP] = { VALUE_LOOP, "" },
};

static Node first_argument(const Module *module, Node call) {
  return call_positional(module, call, 0);
}

static Value value_of_group_task(Module *module, Node call) {
  bool is_asyncio = str_is(call_method(module, call), "create_task");
  return is_asyncio ? (Value){ VALUE_TASK, call, STR_EMPTY } : VALUE_NOTHING;
}

static Value value_of_sleep(Module *module, Node call) {
  Str name = name_of(module, call_function(module, call));
  return (Value){ VALUE_COROUTINE, call, name };
}

static Value value_of_executor_future(Module *module, Node call) {
  bool is_submit = str_is(call_method(module, call), "submit");
  return (Value){ is_submit ? VALUE_THREAD_FUTURE : VALUE_FUTURE, call, STR_EMPTY };
}

/* A future that is given to ensure_future comes back as it is. */
static Value value_of_ensured(Module *module, Node call) {
  Value given = value_of(module, first_argument(module, call));
  bool is_future =
    given.kind == VALUE_GATHER || given.kind == VALUE_TASK || given.kind == VALUE_FUTURE;
  return is_future ? given : (Value){ VALUE_TASK, call, STR_EMPTY };
}

static Value value_of_session(Module *module, Node call) {
  return (Value){ VALUE_SESSION, call, session_class(module, call)->class_name };
}

/* --- copies and methods ----------------------------------------------------------------------- */

static const char *const COPIES[] = { "list", "tuple", "set", "frozenset", "sorted", "reversed" };
static const char *const CONTAINERS[] = {
  "list",
  "tuple",
  "set",
  "frozenset",
  "sorted",
  "dict",
  "collections.deque",
  "collections.defaultdict",
  "collections.OrderedDict",
  "weakref.WeakSet",
  "map",
  "filter",
  "zip",
  "enumerate",
  "reversed",
};

static bool is_of_asyncio(ValueKind kind) {
  return kind == VALUE_RESULTS || kind == VALUE_DONE || kind == VALUE_PENDING;
}

/* Value kind unknown where the name is none of these. */
static Value value_of_builtin(Module *module, Node call, Str name) {
  if (STR_IN(name, COPIES) && first_argument(module, call) != NODE_NONE) {
    Value copied = value_of(module, first_argument(module, call));
    if (is_of_asyncio(copied.kind)) return copied;
  }
  if (STR_IN(name, CONTAINERS)) return (Value){ VALUE_COLLECTION, call, STR_EMPTY };
  if (str_is(name, "typing.cast")) {
    Value value = value_of(module, call_positional(module, call, 1));
    if (value.kind != VALUE_UNKNOWN) return value;
    return value_of_instance(
      module, annotated_class(module, first_argument(module, call)), NODE_NONE
    );
  }
  if (str_is(name, "str") || str_is(name, "repr"))
    return (Value){ VALUE_INSTANCE, call, STR("str") };
  return VALUE_NOTHING;
}

static bool is_future_like(ValueKind kind) {
  return kind == VALUE_TASK || kind == VALUE_FUTURE || kind == VALUE_DONE_TASK ||
    kind == VALUE_THREAD_FUTURE || kind == VALUE_GATHER;
}

static Value value_of_method(Module *module, Node call) {
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE) return VALUE_NOTHING;
  Str method = call_method(module, call);
  bool is_pop = str_is(method, "pop"), is_copy = str_is(method, "copy");
  bool is_exception = str_is(method, "exception"), is_result = str_is(method, "result");
  if (!is_pop && !is_copy && !is_exception && !is_result) return VALUE_NOTHING;
  Value value = value_of(module, receiver);
  if (is_copy && (is_of_asyncio(value.kind) || value.kind == VALUE_COLLECTION)) return value;
  if (is_exception && is_future_like(value.kind))
    return (Value){ VALUE_EXCEPTION, call, STR_EMPTY };
  if (is_result && is_future_like(value.kind)) return value_awaited(module, value);
  return is_pop ? value_of_element(module, receiver, value) : VALUE_NOTHING;
}

/* --- calls of functions and classes ----------------------------------------------------------- */

static bool is_transparent(Module *module, const Function *function) {
  uint32_t known = 0;
  for (uint32_t i = 0; i < function->decorators.count; i++) {
    Str last = str_after_last(name_of(module, function->decorators.items[i]), '.');
    known += str_is(last, "staticmethod") || str_is(last, "classmethod") ||
      str_is(last, "override") || str_is(last, "abstractmethod") || str_is(last, "final");
  }
  return known == function->decorators.count;
}

/* Calls of functions of this file, while nothing is known of the project. */
static Value value_of_own_call(Module *module, Node call, Str name) {
  FunctionId id = function_named(module, name);
  if (id == FUNCTION_NONE) return VALUE_NOTHING;
  const Function *function = module_function(module, id);
  if (!is_transparent(module, function)) return VALUE_NOTHING;
  if (function->is_async)
    return (Value){ function->is_generator ? VALUE_ASYNC_GENERATOR : VALUE_COROUTINE, call, name };
  if (function->is_generator || function->return_annotation == NODE_NONE) return VALUE_NOTHING;
  return value_of_instance(module, annotated_class(module, function->return_annotation), NODE_NONE);
}

static Value value_of_project_call(Module *module, Node call, const FunctionFacts *function) {
  uint32_t facts = function->facts;
  if ((facts & (FACT_CONTEXT_MANAGER | FACT_OPAQUE)) != 0) return VALUE_NOTHING;
  if ((facts & FACT_ASYNC) != 0) {
    bool is_generator = (facts & FACT_GENERATOR) != 0;
    return (Value){ is_generator ? VALUE_ASYNC_GENERATOR : VALUE_COROUTINE, call, function->name };
  }
  if ((facts & FACT_GENERATOR) != 0) return VALUE_NOTHING;
  if ((facts & FACT_RETURNS_COROUTINE) != 0)
    return (Value){ VALUE_COROUTINE, call, function->name };
  if ((facts & FACT_RETURNS_TASK) != 0) return (Value){ VALUE_TASK, NODE_NONE, STR_EMPTY };
  if ((facts & FACT_RETURNS_INSTANCE) != 0) {
    Value given = value_of(module, first_argument(module, call));
    return given.kind == VALUE_CLASS ? value_of_instance(module, given.name, call) : VALUE_NOTHING;
  }
  Value value = value_of_instance(module, function->returns, NODE_NONE);
  if (value.kind == VALUE_SESSION) value.origin = call;
  return value;
}

static Value value_of_library_call(Module *module, Node call, const Callee *callee) {
  if (callee->is_library_coroutine) return (Value){ VALUE_COROUTINE, call, callee->name };
  if (callee->is_library_generator) return (Value){ VALUE_ASYNC_GENERATOR, call, callee->name };
  const LibraryEntry *entry = library_entry(module, callee->name);
  if (entry == NULL || entry->kind != LIBRARY_FUNCTION) return VALUE_NOTHING;
  return value_of_instance(module, entry->target, call);
}

static Value value_of_function_call(Module *module, Node call) {
  Value function = value_of(module, call_function(module, call));
  if (function.kind == VALUE_CLASS) return value_of_instance(module, function.name, call);
  Callee callee = callee_of(module, call);
  if (callee.is_ambiguous) return VALUE_NOTHING;
  if (callee.function != NULL) return value_of_project_call(module, call, callee.function);
  if (callee.name.len == 0) return VALUE_NOTHING;
  Value value = value_of_library_call(module, call, &callee);
  if (value.kind != VALUE_UNKNOWN || module->project != NULL) return value;
  return value_of_own_call(module, call, callee.name);
}

/* `type(self)(…)` and `self.__class__(…)` make another of the same class. */
static Value value_of_same_class(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node function = call_function(module, call), instance = NODE_NONE;
  bool is_member = tree_is(tree, function, KIND_ATTRIBUTE);
  if (is_call_of(module, function, "type")) instance = first_argument(module, function);
  else if (is_member && str_is(call_method(module, call), "__class__"))
    instance = tree_child(tree, function, FIELD_OBJECT);
  if (instance == NODE_NONE) return VALUE_NOTHING;
  return value_of_instance(module, class_of(module, instance), call);
}

static Value value_of_other_call(Module *module, Node call) {
  Value value = value_of_builtin(module, call, name_of(module, call_function(module, call)));
  if (value.kind == VALUE_UNKNOWN) value = value_of_method(module, call);
  if (value.kind == VALUE_UNKNOWN) value = value_of_same_class(module, call);
  return value.kind == VALUE_UNKNOWN ? value_of_function_call(module, call) : value;
}

Value value_of_call(Module *module, Node call) {
  CallMeaning meaning = call_meaning(module, call);
  switch (meaning) {
  case CALL_SLEEP:
    return value_of_sleep(module, call);
  case CALL_GROUP_TASK:
    return value_of_group_task(module, call);
  case CALL_RUN_IN_EXECUTOR:
    return value_of_executor_future(module, call);
  case CALL_ENSURE_FUTURE:
    return value_of_ensured(module, call);
  case CALL_RUN:
    return value_awaited(module, value_of(module, first_argument(module, call)));
  case CALL_SESSION:
    return value_of_session(module, call);
  default:
    break;
  }
  enum { MADE_COUNT = sizeof MADE_VALUES / sizeof *MADE_VALUES };
  if ((size_t)meaning < MADE_COUNT && MADE_VALUES[meaning].kind != VALUE_UNKNOWN)
    return (Value){ MADE_VALUES[meaning].kind, call, str_from(MADE_VALUES[meaning].name) };
  return meaning == CALL_OTHER || meaning == CALL_CANCEL ? value_of_other_call(module, call)
                                                         : VALUE_NOTHING;
}

/* --- awaits ----------------------------------------------------------------------------------- */

/* What the call wraps: the coroutine of create_task(coroutine), of wait_for(awaitable, 5), of
   shield(awaitable). */
static Value value_wrapped(Module *module, Value value) {
  if (value.origin == NODE_NONE || !tree_is(&module->tree, value.origin, KIND_CALL))
    return VALUE_NOTHING;
  switch (call_meaning(module, value.origin)) {
  case CALL_WAIT_FOR:
  case CALL_SHIELD:
  case CALL_CREATE_TASK:
  case CALL_ENSURE_FUTURE:
  case CALL_GROUP_TASK:
  case CALL_THREADSAFE:
    return value_of(module, call_argument(module, value.origin, 0, "fut"));
  default:
    return VALUE_NOTHING;
  }
}

static Value value_returned(Module *module, Str name) {
  if (name.len == 0) return VALUE_NOTHING;
  const FunctionFacts *facts =
    module->project == NULL ? NULL : project_function(module->project, name);
  if (facts != NULL) {
    bool is_async = (facts->facts & FACT_ASYNC) != 0;
    return is_async ? value_of_instance(module, facts->returns, NODE_NONE) : VALUE_NOTHING;
  }
  const LibraryEntry *entry = library_entry(module, name);
  if (entry != NULL && entry->kind == LIBRARY_COROUTINE)
    return value_of_instance(module, entry->target, NODE_NONE);
  FunctionId id = function_named(module, name);
  if (id == FUNCTION_NONE || module_function(module, id)->return_annotation == NODE_NONE)
    return VALUE_NOTHING;
  return value_of_instance(
    module, annotated_class(module, module_function(module, id)->return_annotation), NODE_NONE
  );
}

/* What the library says that a context manager gives. */
static Value value_entered_of_library(Module *module, Value value) {
  /* Those of asyncio (Runner, Server, Timeout) enter as themselves. */
  if (str_starts_with(value.name, STR("asyncio."))) return value;
  const LibraryEntry *entry = library_entry(module, value.name);
  if (entry == NULL || entry->kind != LIBRARY_CLASS) return VALUE_NOTHING;
  const LibraryEntry *enter = library_method(module->library, entry, STR("__aenter__"));
  if (enter == NULL) enter = library_method(module->library, entry, STR("__enter__"));
  if (enter == NULL || enter->target.len == 0) return VALUE_NOTHING;
  /* What a base declares to enter as itself, a class that derives from it does, too. */
  bool is_itself = library_is_subclass(module->library, value.name, enter->target);
  return is_itself ? value : value_of_instance(module, enter->target, value.origin);
}

/* Library objects that are made to be awaited or entered give the same either way. */
static Value value_of_awaited_instance(Module *module, Value value) {
  const LibraryEntry *entry = library_entry(module, value.name);
  if (entry == NULL || entry->kind != LIBRARY_CLASS) return VALUE_NOTHING;
  bool can_await = library_method(module->library, entry, STR("__await__")) != NULL;
  return can_await ? value_entered_of_library(module, value) : VALUE_NOTHING;
}

Value value_awaited(Module *module, Value value) {
  for (uint32_t i = 0; i < 8; i++) {
    switch (value.kind) {
    case VALUE_GATHER:
      return (Value){ VALUE_RESULTS, value.origin, STR_EMPTY };
    case VALUE_WAIT:
      return (Value){ VALUE_DONE_PENDING, value.origin, STR_EMPTY };
    case VALUE_SESSION:
      return value;
    case VALUE_INSTANCE:
      return value_of_awaited_instance(module, value);
    case VALUE_COROUTINE:
    case VALUE_TASK:
    case VALUE_FUTURE:
    case VALUE_THREAD_FUTURE:
      break;
    default:
      return VALUE_NOTHING;
    }
    Value wrapped = value_wrapped(module, value);
    if (wrapped.kind == VALUE_UNKNOWN)
      return value.kind == VALUE_COROUTINE ? value_returned(module, value.name) : VALUE_NOTHING;
    value = wrapped;
  }
  return VALUE_NOTHING;
}

Value value_of_await(Module *module, Node await) {
  return value_awaited(module, value_of(module, tree_first(&module->tree, await)));
}

/* --- elements and entered objects ------------------------------------------------------------- */

Value value_of_element(Module *module, Node collection, Value value) {
  switch (value.kind) {
  case VALUE_RESULTS:
    return (Value){ VALUE_RESULT, value.origin, STR_EMPTY };
  case VALUE_DONE:
    return (Value){ VALUE_DONE_TASK, value.origin, STR_EMPTY };
  case VALUE_PENDING:
    return (Value){ VALUE_TASK, NODE_NONE, STR_EMPTY };
  default:
    break;
  }
  bool is_call = tree_is(&module->tree, collection, KIND_CALL);
  if (is_call && call_meaning(module, collection) == CALL_AS_COMPLETED)
    return (Value){ VALUE_DONE_TASK, collection, STR_EMPTY };
  return VALUE_NOTHING;
}

/* Context managers whose __enter__ gives something else than themselves say so in its return
   annotation. */
static Value value_entered_instance(Module *module, Value value) {
  static const char *const ENTERS[] = { "__aenter__", "__enter__" };
  for (size_t i = 0; i < 2 && module->project != NULL; i++) {
    bool is_overridden;
    const FunctionFacts *facts =
      project_method(module->project, value.name, str_from(ENTERS[i]), &is_overridden);
    if (facts != NULL && facts->returns.len > 0)
      return value_of_instance(module, facts->returns, value.origin);
    if (facts != NULL) return value;
  }
  return value_entered_of_library(module, value);
}

Value value_entered(Module *module, Node expression) {
  Value value = value_of(module, expression);
  switch (value.kind) {
  case VALUE_TASK_GROUP:
  case VALUE_TIMEOUT:
  case VALUE_SESSION:
    return value;
  case VALUE_INSTANCE:
    return value_entered_instance(module, value);
  default:
    return VALUE_NOTHING;
  }
}
