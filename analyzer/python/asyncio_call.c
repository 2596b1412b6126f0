#include "python/asyncio_call.h"

#include "python/definition.h"
#include "python/memo.h"
#include "python/name.h"
#include "python/target.h"
#include "python/value.h"

#include <stdlib.h>

/* --- arguments -------------------------------------------------------------------------------- */

/* Written like a class: `Future`, `asyncio.Queue`, but not `HANDLERS`. */
static bool is_class_name(Str name) {
  if (name.len < 2 || name.data[0] < 'A' || name.data[0] > 'Z') return false;
  for (uint32_t i = 1; i < name.len; i++) {
    if (name.data[i] >= 'a' && name.data[i] <= 'z') return true;
  }
  return false;
}

Node call_function(const Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node function = tree_child(tree, call, FIELD_FUNCTION);
  if (!tree_is(tree, function, KIND_SUBSCRIPT)) return function;
  Node generic = tree_child(tree, function, FIELD_VALUE);
  bool is_name = tree_is(tree, generic, KIND_IDENTIFIER) || tree_is(tree, generic, KIND_ATTRIBUTE);
  return is_name && is_class_name(str_after_last(tree_text(tree, generic), '.')) ? generic
                                                                                 : function;
}

Node call_receiver(const Module *module, Node call) {
  Node function = call_function(module, call);
  if (!tree_is(&module->tree, function, KIND_ATTRIBUTE)) return NODE_NONE;
  return tree_child(&module->tree, function, FIELD_OBJECT);
}

Str call_method(const Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node function = call_function(module, call);
  if (tree_is(tree, function, KIND_ATTRIBUTE))
    function = tree_child(tree, function, FIELD_ATTRIBUTE);
  return tree_is(tree, function, KIND_IDENTIFIER) ? tree_text(tree, function) : STR_EMPTY;
}

static bool is_positional(const Tree *tree, Node argument) {
  return !tree_is(tree, argument, KIND_KEYWORD_ARGUMENT) &&
    !tree_is(tree, argument, KIND_DICTIONARY_SPLAT);
}

Node call_positional(const Module *module, Node call, uint32_t n) {
  const Tree *tree = &module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (arguments == NODE_NONE) return NODE_NONE;
  if (!tree_is(tree, arguments, KIND_ARGUMENT_LIST)) return n == 0 ? arguments : NODE_NONE;
  TREE_EACH_CHILD (tree, arguments, argument) {
    if (is_splat(tree, argument)) return NODE_NONE;
    if (is_positional(tree, argument) && n-- == 0) return argument;
  }
  return NODE_NONE;
}

Node call_keyword(const Module *module, Node call, const char *keyword) {
  const Tree *tree = &module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (!tree_is(tree, arguments, KIND_ARGUMENT_LIST)) return NODE_NONE;
  TREE_EACH_CHILD (tree, arguments, argument) {
    if (!tree_is(tree, argument, KIND_KEYWORD_ARGUMENT)) continue;
    if (tree_text_is(tree, tree_child(tree, argument, FIELD_NAME), keyword))
      return tree_child(tree, argument, FIELD_VALUE);
  }
  return NODE_NONE;
}

Node call_argument(const Module *module, Node call, uint32_t n, const char *keyword) {
  Node argument = call_positional(module, call, n);
  return argument != NODE_NONE || keyword == NULL ? argument : call_keyword(module, call, keyword);
}

uint32_t call_positional_count(const Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (arguments == NODE_NONE) return 0;
  if (!tree_is(tree, arguments, KIND_ARGUMENT_LIST)) return 1;
  uint32_t count = 0;
  TREE_EACH_CHILD (tree, arguments, argument) count += is_positional(tree, argument);
  return count;
}

/* --- by the function's name ------------------------------------------------------------------- */

typedef struct {
  Str name;
  CallMeaning meaning;
} NamedCall;

static const NamedCall NAMED_CALLS[] = {
#define CALL(MEANING, dotted) { STR_CONSTANT(dotted), CALL_##MEANING },
#include "python/calls.def"
};

static int compare_name(const void *key, const void *row) {
  return str_compare(*(const Str *)key, ((const NamedCall *)row)->name);
}

static CallMeaning meaning_of_name(Str name) {
  if (name.len == 0) return CALL_OTHER;
  size_t count = sizeof NAMED_CALLS / sizeof *NAMED_CALLS;
  const NamedCall *row = bsearch(&name, NAMED_CALLS, count, sizeof *NAMED_CALLS, compare_name);
  return row == NULL ? CALL_OTHER : row->meaning;
}

static CallMeaning meaning_in_vocabulary(Module *module, Node callee) {
  const Vocabulary *vocabulary = module->vocabulary;
  if (callee_fits(module, callee, vocabulary->gather_like)) return CALL_GATHER;
  if (callee_fits(module, callee, vocabulary->task_makers)) return CALL_GROUP_TASK;
  return callee_fits(module, callee, vocabulary->log_like) ? CALL_LOG : CALL_OTHER;
}

/* Projects wrap gather as safe_gather, gather_with_concurrency and the like; the keyword gives
   them away. */
static bool is_gather_like(Module *module, Node call) {
  if (!str_contains(call_method(module, call), STR("gather"))) return false;
  return call_keyword(module, call, "return_exceptions") != NODE_NONE;
}

/* --- by the receiver of a method -------------------------------------------------------------- */

/* The last name of `self._loop`, `loop`, `get_logger(…)`, without leading underscores, in lower
   case. */
static Str spelled_last(Module *module, Node receiver) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, receiver, KIND_CALL))
    return str_lower(module->arena, call_method(module, receiver));
  if (tree_is(tree, receiver, KIND_ATTRIBUTE))
    receiver = tree_child(tree, receiver, FIELD_ATTRIBUTE);
  if (!tree_is(tree, receiver, KIND_IDENTIFIER)) return STR_EMPTY;
  Str name = tree_text(tree, receiver);
  while (name.len > 0 && name.data[0] == '_') name = str_slice(name, 1, name.len);
  return str_lower(module->arena, name);
}

static const char *const GROUP_NAMES[] = { "tg", "nursery", "task_group", "taskgroup", "group" };

static bool is_group(Module *module, Node receiver) {
  Value value = value_of(module, receiver);
  if (value.kind != VALUE_UNKNOWN) return value.kind == VALUE_TASK_GROUP;
  Str name = spelled_last(module, receiver);
  return STR_IN(name, GROUP_NAMES) || str_ends_with(name, STR("_group")) ||
    str_ends_with(name, STR("nursery")) || str_ends_with(name, STR("_tg"));
}

static bool is_loop(Module *module, Node receiver) {
  return value_is(module, receiver, VALUE_LOOP);
}

/* Methods that only event loops have need not be proved to be called on one. */
static bool is_loop_perhaps(Module *module, Node receiver) {
  ValueKind kind = value_of(module, receiver).kind;
  return kind == VALUE_LOOP || kind == VALUE_UNKNOWN;
}

static bool is_executor(Module *module, Node receiver) {
  Value value = value_of(module, receiver);
  if (value.kind == VALUE_INSTANCE) {
    if (project_class(module->project, value.name) == NULL)
      return str_ends_with(value.name, STR("Executor"));
    return project_is_subclass(module->project, value.name, STR("concurrent.futures.Executor"));
  }
  return value.kind == VALUE_UNKNOWN &&
    str_ends_with(spelled_last(module, receiver), STR("executor"));
}

static bool is_runner(Module *module, Node receiver) {
  return str_is(class_of(module, receiver), "asyncio.Runner");
}

static const char *const FUTURE_LIKE_ENDS[] = { "Scope", "Task", "Future" };

/* Instances of classes that have a cancel() for something else: timers, orders, dialogs. */
static bool can_be_task(Module *module, Node receiver) {
  Value value = value_of(module, receiver);
  switch (value.kind) {
  case VALUE_CLASS:
  case VALUE_MODULE:
  case VALUE_FUNCTION:
  case VALUE_LOOP:
  case VALUE_SESSION:
  case VALUE_EXCEPTION:
    return false;
  case VALUE_INSTANCE:
    for (size_t i = 0; i < sizeof FUTURE_LIKE_ENDS / sizeof *FUTURE_LIKE_ENDS; i++) {
      if (str_ends_with(value.name, str_from(FUTURE_LIKE_ENDS[i]))) return true;
    }
    return class_named(module, value.name) != CLASS_NONE ||
      (module->project != NULL && project_class(module->project, value.name) != NULL);
  default:
    return true;
  }
}

/* The logger itself of `logger.opt(exception=error)`, `log.bind(user=user)`. */
static Node unbound(const Module *module, Node logger) {
  static const char *const binders[] = {
    "bind", "opt", "patch", "unbind", "try_unbind", "new", "getChild",
  };
  const Tree *tree = &module->tree;
  while (tree_is(tree, logger, KIND_CALL) && STR_IN(call_method(module, logger), binders))
    logger = call_receiver(module, logger);
  return logger;
}

static bool is_logger(Module *module, Node receiver) {
  static const char *const ends[] = { "log", "logger", "logging" };
  receiver = unbound(module, receiver);
  if (receiver == NODE_NONE) return false;
  Str name = spelled_last(module, receiver);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    if (str_ends_with(name, str_from(ends[i]))) return true;
  }
  return str_is(name, "get_logger") || str_is(class_of(module, receiver), "logging.Logger");
}

static bool is_console(Module *module, Node receiver) {
  return str_ends_with(spelled_last(module, receiver), STR("console"));
}

/* Of OpenTelemetry and its kind. */
static bool is_span(Module *module, Node receiver) {
  return str_ends_with(spelled_last(module, receiver), STR("span"));
}

static bool is_error_tracker(Module *module, Node receiver) {
  static const char *const names[] = { "sentry", "raven", "hub", "scope", "client" };
  Str name = spelled_last(module, receiver);
  return STR_IN(name, names) || str_ends_with(name, STR("sentry_client"));
}

typedef struct {
  Str method;
  bool (*fits)(Module *module, Node receiver);
  CallMeaning meaning;
} MethodCall;

static const MethodCall METHOD_CALLS[] = {
#define METHOD_CALL(method, fits, MEANING) { STR_CONSTANT(method), (fits), CALL_##MEANING },
#include "python/method_calls.def"
};

enum { METHOD_CALL_COUNT = sizeof METHOD_CALLS / sizeof *METHOD_CALLS };

/* The first row of the method, or where it would stand. */
static size_t first_row(Str method) {
  size_t low = 0, high = METHOD_CALL_COUNT;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (str_compare(METHOD_CALLS[middle].method, method) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

static CallMeaning meaning_of_method(Module *module, Node call) {
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE) return CALL_OTHER;
  Str method = call_method(module, call);
  for (size_t i = first_row(method); i < METHOD_CALL_COUNT; i++) {
    const MethodCall *row = &METHOD_CALLS[i];
    if (!str_equal(row->method, method)) break;
    if (row->fits(module, receiver)) return row->meaning;
  }
  return CALL_OTHER;
}

/* --- together --------------------------------------------------------------------------------- */

static CallMeaning find_meaning(Module *module, Node call) {
  Node function = call_function(module, call);
  if (function == NODE_NONE) return CALL_OTHER;
  Str name = name_of(module, function);
  CallMeaning meaning = meaning_of_name(name);
  if (meaning != CALL_OTHER) return meaning;
  meaning = meaning_in_vocabulary(module, function);
  if (meaning != CALL_OTHER) return meaning;
  if (is_gather_like(module, call)) return CALL_GATHER;
  if (session_class(module, call) != NULL) return CALL_SESSION;
  return meaning_of_method(module, call);
}

CallMeaning call_meaning(Module *module, Node call) {
  if (call == NODE_NONE) return CALL_OTHER;
  Memo *memo = memo_of(module);
  if (memo->meanings == NULL)
    memo->meanings = arena_array(module->arena, uint8_t, module->tree.count);
  if (memo->meanings[call] == 0) memo->meanings[call] = (uint8_t)(find_meaning(module, call) + 1);
  return (CallMeaning)(memo->meanings[call] - 1);
}

bool makes_task(Module *module, Node expression) {
  if (!tree_is(&module->tree, expression, KIND_CALL)) return false;
  CallMeaning meaning = call_meaning(module, expression);
  return meaning == CALL_CREATE_TASK || meaning == CALL_ENSURE_FUTURE;
}
