#include "python/work.h"

#include "python/annotation.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/use.h"
#include "python/value.h"

enum {
  JUDGE_MAX_STEPS = 400, /* expressions looked at for one question */
  JUDGE_MAX_DEPTH = 24,
};

/* One question about what an expression stands for. Past its limits everything counts as owned:
   that keeps rules silent. */
typedef struct {
  Module *module;
  uint32_t steps, depth;
} Judge;

/* Awaiting what these give is awaiting something that was there before. */
static const char *const TAKING_METHODS[] = { "pop", "popleft", "popitem", "setdefault" };
static const char *const CONTAINER_WORDS[] = {
  "futures",  "tasks",   "pending",   "waiters", "waiting",  "events",
  "map",      "dict",    "registry",  "cache",   "by",       "jobs",
  "requests", "results", "responses", "running", "inflight",
};
static const char *const WAITING_METHODS[] = {
  "wait",          "join",         "wait_closed", "wait_for_termination", "wait_until_finished",
  "wait_finished", "wait_stopped", "__anext__",
};
static const char *const EVENT_WORDS[] = {
  "event",   "events",   "evt",      "cond",  "condition", "barrier", "flag",    "signal", "stop",
  "stopped", "stopping", "shutdown", "ready", "done",      "closed",  "trigger", "wakeup",
};
static const char *const QUEUE_METHODS[] = { "get", "put", "join" };
static const char *const QUEUE_WORDS[] = { "queue", "queues", "q" };
static const char *const EXISTING[] = {
  "asyncio.current_task",      "asyncio.all_tasks",   "asyncio.Task.all_tasks",
  "asyncio.Task.current_task", "asyncio.wrap_future",
};
static const char *const FUTURES[] = { "asyncio.Future",
                                       "asyncio.futures.Future",
                                       "concurrent.futures.Future" };
static const char *const CASTS[] = { "typing.cast", "typing_extensions.cast" };
static const char *const NEXT[] = { "anext", "aiter", "iter", "next" };
/* A thread that runs one of these only waits for another one. */
static const char *const THREAD_WAITS[] = { "join", "wait", "result", "shutdown", "get" };

static WorkKind judge(Judge *judge_, Node expression);

static WorkKind joined(WorkKind a, WorkKind b) {
  if (a == WORK_OWNED || b == WORK_OWNED) return WORK_OWNED;
  return a == WORK_FRESH || b == WORK_FRESH ? WORK_FRESH : WORK_TRIVIAL;
}

static WorkKind judge_all(Judge *j, const Nodes *nodes, bool is_complete) {
  if (!is_complete || nodes->count == 0) return WORK_OWNED;
  WorkKind kind = WORK_TRIVIAL;
  for (uint32_t i = 0; i < nodes->count && kind != WORK_OWNED; i++)
    kind = joined(kind, judge(j, nodes->items[i]));
  return kind;
}

static WorkKind judge_elements(Judge *j, Node collection) {
  bool is_complete = false;
  Nodes elements = elements_of(j->module, collection, &is_complete);
  if (!is_complete)
    elements = elements_of(j->module, collection_peeled(j->module, collection), &is_complete);
  return judge_all(j, &elements, is_complete);
}

/* map(f, xs) stands for the calls f(x). */
static WorkKind judge_map(Judge *j, Node call) {
  static const char *const makers[] = { "create_task", "ensure_future" };
  const Tree *tree = &j->module->tree;
  Node function = call_positional(j->module, call, 0), items = call_positional(j->module, call, 1);
  if (function == NODE_NONE || items == NODE_NONE) return WORK_OWNED;
  if (tree_is(tree, function, KIND_LAMBDA)) return judge(j, tree_child(tree, function, FIELD_BODY));
  if (STR_IN(last_name(j->module, function), makers)) return judge_elements(j, items);
  const FunctionFacts *facts = project_function(j->module->project, name_of(j->module, function));
  return facts != NULL && (facts->facts & FACT_ASYNC) == 0 ? WORK_OWNED : WORK_FRESH;
}

/* A task that is kept in an attribute or a global as well has an owner beside this function. */
static bool is_stored(Module *module, Node task) {
  Uses uses = uses_of(module, task);
  return uses_have(&uses, USE_STORED);
}

/* The done and pending sets of a wait hold the tasks that were waited for. */
static WorkKind judge_waited(Judge *j, Node name) {
  Value value = value_of(j->module, name);
  Wait wait;
  bool is_set = value.kind == VALUE_DONE || value.kind == VALUE_PENDING;
  if (!is_set || value.origin == NODE_NONE || !wait_of(j->module, value.origin, &wait))
    return WORK_OWNED;
  return judge_all(j, &wait.awaitables, wait.is_complete);
}

/* Requires: value is what the definition binds. */
static WorkKind judge_value(Judge *j, Node value) {
  if (tree_is(&j->module->tree, value, KIND_AWAIT)) return WORK_OWNED;
  if (makes_task(j->module, value) && is_stored(j->module, value)) return WORK_OWNED;
  return judge(j, value);
}

static WorkKind judge_definition(Judge *j, Node name, Node definition) {
  if (scopes_occurrence(&j->module->scopes, definition) == OCCURRENCE_FOR) {
    Node collection = iterated_collection(j->module, definition);
    return collection == NODE_NONE ? WORK_OWNED : judge_elements(j, collection);
  }
  Node value = defined_value(j->module, definition);
  return value == NODE_NONE ? judge_waited(j, name) : judge_value(j, value);
}

static bool holds_collection(Module *module, const Nodes *definitions) {
  for (uint32_t i = 0; i < definitions->count; i++) {
    Node value = defined_value(module, definitions->items[i]);
    if (value != NODE_NONE && is_collection(module, value)) return true;
  }
  return false;
}

static WorkKind judge_name(Judge *j, Node name) {
  const Tree *tree = &j->module->tree;
  Nodes definitions = definitions_of(j->module, name);
  if (holds_collection(j->module, &definitions)) return judge_elements(j, name);

  bool is_known = false;
  WorkKind kind = WORK_TRIVIAL;
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node definition = definitions.items[i];
    if (tree_is(tree, defined_value(j->module, definition), KIND_NONE_LITERAL)) continue;
    kind = joined(kind, judge_definition(j, name, definition));
    is_known = true;
    if (kind == WORK_OWNED) break;
  }
  return is_known ? kind : WORK_OWNED;
}

static bool is_local(Module *module, Node container) {
  return tree_is(&module->tree, container, KIND_IDENTIFIER) &&
    definitions_of(module, container).count > 0;
}

/* A subscript of a local container that is filled here: tasks["a"]. */
static WorkKind judge_subscript(Judge *j, Node subscript) {
  Node container = tree_child(&j->module->tree, subscript, FIELD_VALUE);
  return is_local(j->module, container) ? judge_elements(j, container) : WORK_OWNED;
}

/* `tasks.values()` of a local dictionary. */
static bool is_local_values(Module *module, Node call) {
  return str_is(call_method(module, call), "values") &&
    is_local(module, call_receiver(module, call));
}

static WorkKind judge_argument(Judge *j, Node call) {
  Node argument = call_positional(j->module, call, 0);
  return argument == NODE_NONE ? WORK_OWNED : judge(j, argument);
}

static WorkKind judge_thread(Judge *j, Node call) {
  const Tree *tree = &j->module->tree;
  for (uint32_t i = 0; i < 2; i++) {
    Node argument = call_positional(j->module, call, i);
    if (tree_is(tree, argument, KIND_ATTRIBUTE) && STR_IN(last_name(j->module, argument), THREAD_WAITS))
      return WORK_OWNED;
  }
  return WORK_FRESH;
}

/* What is waited for together where not all of it is written out: `gather(*map(f, xs))`. */
static WorkKind judge_arguments(Judge *j, Node call) {
  const Tree *tree = &j->module->tree;
  WorkKind kind = WORK_TRIVIAL;
  Node list = tree_child(tree, call, FIELD_ARGUMENTS);
  TREE_EACH_CHILD (tree, list, argument) {
    if (tree_is(tree, argument, KIND_KEYWORD_ARGUMENT)) continue;
    kind = joined(
      kind,
      judge(j, tree_is(tree, argument, KIND_LIST_SPLAT) ? tree_first(tree, argument) : argument)
    );
    if (kind == WORK_OWNED) break;
  }
  return kind;
}

static WorkKind judge_gather(Judge *j, Node call) {
  Gather gather;
  if (!gather_of(j->module, call, &gather)) return WORK_OWNED;
  return gather.is_complete ? judge_all(j, &gather.awaitables, true) : judge_arguments(j, call);
}

static WorkKind judge_wait(Judge *j, Node call) {
  Wait wait;
  if (!wait_of(j->module, call, &wait)) return WORK_OWNED;
  return wait.is_complete ? judge_all(j, &wait.awaitables, true) : judge(j, wait.collection);
}

/* `d.get(k)` of a container gives what was there before; `client.get(url)` starts work. */
static bool takes_from_container(Module *module, Node receiver, Str method) {
  if (STR_IN(method, TAKING_METHODS)) return true;
  if (!str_is(method, "get") && !str_is(method, "values") && !str_is(method, "copy")) return false;
  return value_is(module, receiver, VALUE_COLLECTION) ||
    HAS_WORD(module, last_name(module, receiver), CONTAINER_WORDS);
}

/* A call whose function is not known: judged by the names in it. */
static WorkKind judge_by_name(Module *module, Node call) {
  Node function = call_function(module, call), receiver = call_receiver(module, call);
  if (NAME_IN(module, function, EXISTING)) return WORK_OWNED;
  if (NAME_IN(module, function, NEXT)) {
    return tree_is(&module->tree, call_positional(module, call, 0), KIND_CALL) ? WORK_FRESH
                                                                               : WORK_OWNED;
  }
  if (receiver == NODE_NONE) return WORK_FRESH;

  Str method = call_method(module, call), object = last_name(module, receiver);
  if (STR_IN(method, QUEUE_METHODS) && HAS_WORD(module, object, QUEUE_WORDS)) return WORK_TRIVIAL;
  if (takes_from_container(module, receiver, method)) return WORK_OWNED;
  if (!STR_IN(method, WAITING_METHODS)) return WORK_FRESH;
  return str_is(method, "wait") && HAS_WORD(module, object, EVENT_WORDS) ? WORK_TRIVIAL
                                                                         : WORK_OWNED;
}

static WorkKind judge_callee(Judge *j, Node call) {
  Module *module = j->module;
  if (call_cannot_fail(module, call)) return WORK_TRIVIAL;
  Callee callee = callee_of(module, call);
  const FunctionFacts *function = callee.is_ambiguous ? NULL : callee.function;
  if (function == NULL) return judge_by_name(module, call);
  if ((function->facts & FACT_ASYNC) != 0) {
    return function_cannot_fail(module->project, function) ? WORK_TRIVIAL : WORK_FRESH;
  }
  if ((function->facts & FACT_RETURNS_COROUTINE) != 0) return WORK_FRESH;
  return (function->facts & FACT_STUB) != 0 ? judge_by_name(module, call) : WORK_OWNED;
}

/* `cast(Task, state.get("reader"))`: what some call gives that is known to be a task, and is not
   made here, was there before. */
static WorkKind judge_cast(Judge *j, Node call) {
  Node type = call_positional(j->module, call, 0), value = call_positional(j->module, call, 1);
  if (value == NODE_NONE) return WORK_OWNED;
  Str class_name = annotated_class(j->module, type);
  bool is_task = str_is(class_name, "asyncio.Task") || str_is(class_name, "asyncio.Future");
  return is_task && !makes_task(j->module, value) ? WORK_OWNED : judge(j, value);
}

static WorkKind judge_call(Judge *j, Node call) {
  switch (call_meaning(j->module, call)) {
  case CALL_GATHER:
    return judge_gather(j, call);
  case CALL_WAIT:
    return judge_wait(j, call);
  case CALL_WAIT_FOR:
  case CALL_ENSURE_FUTURE:
    return judge_argument(j, call);
  case CALL_CREATE_TASK:
    return judge_argument(j, call) == WORK_TRIVIAL ? WORK_TRIVIAL : WORK_FRESH;
  case CALL_AS_COMPLETED:
    return judge_elements(j, call);
  case CALL_RUN_IN_EXECUTOR:
  case CALL_TO_THREAD:
    return judge_thread(j, call);
  case CALL_SLEEP:
    return WORK_TRIVIAL;
  case CALL_SHIELD:
  case CALL_GROUP_TASK:
  case CALL_CREATE_FUTURE:
    return WORK_OWNED;
  default:
    break;
  }
  Node function = call_function(j->module, call);
  if (NAME_IN(j->module, function, FUTURES)) return WORK_OWNED;
  if (NAME_IN(j->module, function, CASTS)) return judge_cast(j, call);
  if (name_is(j->module, function, "map")) return judge_map(j, call);
  bool has_elements = is_collection(j->module, call) || is_local_values(j->module, call);
  return has_elements ? judge_elements(j, call) : judge_callee(j, call);
}

static WorkKind judge_both(Judge *j, Node a, Node b) {
  if (a == NODE_NONE || b == NODE_NONE) return WORK_OWNED;
  return joined(judge(j, a), judge(j, b));
}

static WorkKind judge_expression(Judge *j, Node node) {
  const Tree *tree = &j->module->tree;
  Kind kind = tree_kind(tree, node);
  if (kind_is_collection(kind)) return judge_elements(j, node);
  switch (kind) {
  case KIND_IDENTIFIER:
    return judge_name(j, node);
  case KIND_SUBSCRIPT:
    return judge_subscript(j, node);
  case KIND_CALL:
    return judge_call(j, node);
  case KIND_NAMED_EXPRESSION:
    return judge(j, tree_child(tree, node, FIELD_VALUE));
  case KIND_CONDITIONAL_EXPRESSION:
    return judge_both(j, tree_nth(tree, node, 0), tree_nth(tree, node, 2));
  case KIND_BOOLEAN_OPERATOR:
  case KIND_BINARY_OPERATOR:
    return judge_both(j, tree_child(tree, node, FIELD_LEFT), tree_child(tree, node, FIELD_RIGHT));
  case KIND_LIST_SPLAT:
    return judge_elements(j, tree_first(tree, node));
  default:
    return WORK_OWNED;
  }
}

static WorkKind judge(Judge *j, Node expression) {
  if (expression == NODE_NONE || j->steps >= JUDGE_MAX_STEPS || j->depth >= JUDGE_MAX_DEPTH)
    return WORK_OWNED;
  j->steps++;
  j->depth++;
  WorkKind kind = judge_expression(j, expression);
  j->depth--;
  return kind;
}

static bool is_endless_future(Module *module, Node operand) {
  if (!tree_is(&module->tree, operand, KIND_CALL)) return false;
  return call_meaning(module, operand) == CALL_CREATE_FUTURE ||
    NAME_IN(module, call_function(module, operand), FUTURES);
}

WorkKind work_of(Module *module, Node awaitable) {
  Judge j = { .module = module };
  if (tree_is(&module->tree, awaitable, KIND_AWAIT))
    awaitable = tree_first(&module->tree, awaitable);
  /* Nobody else can hold a future that has no name: it is a sleep without an end. */
  if (awaitable != NODE_NONE && is_endless_future(module, awaitable)) return WORK_TRIVIAL;
  return judge(&j, awaitable);
}

Reason work_reason(WorkKind kind) {
  static const Reason reasons[] = {
    [WORK_OWNED] = "others started this work, or may have, and answer for it",
    [WORK_TRIVIAL] = "there is no work here that could fail",
  };
  return kind == WORK_FRESH ? NULL : reasons[kind];
}
