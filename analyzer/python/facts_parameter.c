/* What a function does with its arguments. */
#include "python/facts_build.h"

#include "python/annotation.h"
#include "python/asyncio_call.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/use.h"

enum {
  LINES_MAX = 60, /* of a function that is not async; past them it is no helper */
  PARAMETERS_MAX = 32,
};

static const char *const STORING_METHODS[] = {
  "append", "appendleft", "add", "insert", "extend", "update", "put", "put_nowait", "setdefault",
};
static const char *const CLOSING_METHODS[] = { "close", "aclose",    "disconnect", "shutdown",
                                               "stop",  "terminate", "wait_closed" };
static const char *const EXCEPTIONS[] = { "Exception", "BaseException", "asyncio.CancelledError" };
static const char *const TYPE_TESTS[] = { "type", "issubclass" };

/* What is done with one parameter, or with an element of it. */
typedef struct {
  uint32_t facts;
  bool keeps_task; /* stored or awaited, itself or the task made of it */
} Fate;

static Fate fate_of_uses(FactsBuilder *builder, const Uses *uses, bool is_element);

static bool tests_for_exception(Module *module, Node test) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, test, KIND_CALL)) return true; /* match */
  if (NAME_IN(module, call_function(module, test), TYPE_TESTS)) return true;
  Node classes = call_positional(module, test, 1);
  if (classes == NODE_NONE) return false;
  EACH_ROW (tree, classes, node) {
    bool is_name = tree_is(tree, node, KIND_IDENTIFIER) || tree_is(tree, node, KIND_ATTRIBUTE);
    if (!is_name) continue;
    Str last = str_after_last(name_of(module, node), '.');
    if (NAME_IN(module, node, EXCEPTIONS) || str_ends_with(last, STR("Error"))) return true;
  }
  return false;
}

/* A task that is made of an argument and dropped is kept by nobody. */
static Fate fate_of_task(Module *module, Node call) {
  Uses uses = uses_of(module, call);
  bool is_kept = uses_have(&uses, USE_STORED) || uses_have(&uses, USE_CONTAINED) ||
    uses_have(&uses, USE_RETURNED) || uses_have(&uses, USE_AWAITED) ||
    uses_have(&uses, USE_YIELDED);
  for (uint32_t i = 0; i < uses.count && !is_kept; i++) {
    const Use *use = &uses.items[i];
    is_kept =
      use->kind == USE_ARGUMENT && STR_IN(call_method(module, use->consumer), STORING_METHODS);
  }
  return (Fate){ is_kept ? PARAMETER_KEPT : 0, is_kept };
}

static bool is_builtin(Module *module, Node call) {
  Str name = name_of(module, call_function(module, call));
  return name.len > 0 && !str_contains(name, STR("."));
}

static Fate fate_of_argument(Module *module, Node call) {
  if (!tree_is(&module->tree, call, KIND_CALL)) return (Fate){ PARAMETER_KEPT, false };
  switch (call_meaning(module, call)) {
  case CALL_GATHER:
  case CALL_WAIT:
  case CALL_WAIT_FOR:
  case CALL_SHIELD:
  case CALL_AS_COMPLETED:
  case CALL_RUN:
    return (Fate){ PARAMETER_AWAITED, true };
  case CALL_GROUP_TASK:
    return (Fate){ PARAMETER_KEPT, true };
  case CALL_CREATE_TASK:
  case CALL_ENSURE_FUTURE:
  case CALL_THREADSAFE:
    return fate_of_task(module, call);
  case CALL_ISINSTANCE:
    return (Fate){ tests_for_exception(module, call) ? PARAMETER_TESTED : 0, false };
  case CALL_LOG:
  case CALL_SLEEP:
  case CALL_TIMEOUT:
    return (Fate){ 0, false };
  default:
    break;
  }
  if (is_builtin(module, call)) return (Fate){ 0, false };
  bool is_stored =
    call_receiver(module, call) != NODE_NONE && STR_IN(call_method(module, call), STORING_METHODS);
  return (Fate){ PARAMETER_KEPT, is_stored };
}

/* The elements of a list that is given, one level deep. */
static Fate fate_of_elements(FactsBuilder *builder, Node consumer) {
  Module *module = builder->module;
  const Tree *tree = &module->tree;
  if (tree_is(tree, consumer, KIND_LIST_SPLAT)) {
    Node list = tree_parent(tree, consumer);
    if (tree_is(tree, list, KIND_ARGUMENT_LIST))
      return fate_of_argument(module, tree_parent(tree, list));
    return (Fate){ PARAMETER_KEPT, true };
  }
  if (!tree_is(tree, consumer, KIND_FOR_STATEMENT) && !tree_is(tree, consumer, KIND_FOR_IN_CLAUSE))
    return (Fate){ 0, false };
  Fate fate = { 0, false };
  Node target = tree_child(tree, consumer, FIELD_LEFT);
  EACH_ROW (tree, target, node) {
    bool is_name =
      tree_is(tree, node, KIND_IDENTIFIER) && scopes_binding(&module->scopes, node) != BINDING_NONE;
    if (!is_name) continue;
    Uses uses = uses_of_definition(module, node);
    Fate part = fate_of_uses(builder, &uses, true);
    fate.facts |= part.facts;
    fate.keeps_task |= part.keeps_task;
  }
  return fate;
}

static Fate fate_of_method(Str method) {
  if (str_is(method, "cancel")) return (Fate){ PARAMETER_CANCELLED, false };
  return (Fate){ STR_IN(method, CLOSING_METHODS) ? PARAMETER_CLOSED : 0, false };
}

static Fate fate_of_use(FactsBuilder *builder, const Use *use, bool is_element) {
  switch (use->kind) {
  case USE_AWAITED:
    return (Fate){ PARAMETER_AWAITED, true };
  case USE_RETURNED:
    return (Fate){ PARAMETER_RETURNED, false };
  case USE_CALLED:
    return (Fate){ PARAMETER_CALLED, false };
  case USE_STORED:
  case USE_CONTAINED:
    return (Fate){ PARAMETER_KEPT, true };
  case USE_YIELDED:
  case USE_CAPTURED:
  case USE_RAISED:
    return (Fate){ PARAMETER_KEPT, false };
  case USE_ARGUMENT:
    return fate_of_argument(builder->module, use->consumer);
  case USE_METHOD:
    return fate_of_method(use->name);
  case USE_CHECKED:
    return (Fate){ tests_for_exception(builder->module, use->consumer) ? PARAMETER_TESTED : 0,
                   false };
  case USE_ITERATED:
    return is_element ? (Fate){ 0, false } : fate_of_elements(builder, use->consumer);
  default:
    return (Fate){ 0, false };
  }
}

static Fate fate_of_uses(FactsBuilder *builder, const Uses *uses, bool is_element) {
  Fate fate = { 0, false };
  for (uint32_t i = 0; i < uses->count; i++) {
    Fate part = fate_of_use(builder, &uses->items[i], is_element);
    fate.facts |= part.facts;
    fate.keeps_task |= part.keeps_task;
  }
  return fate;
}

/* What a coroutine object has, and what no other code than an event loop asks for. */
static const char *const COROUTINE_ATTRIBUTES[] = {
  "send",     "throw",      "close",    "cr_await",     "cr_code",
  "cr_frame", "cr_running", "__name__", "__qualname__", "__await__",
};

/* True if a coroutine in its place would raise, whatever the function's other parts do: one use
   breaks it, and none asks what it is, awaits it or hands it on. */
static bool is_used_as_value(const Tree *tree, const Uses *uses) {
  bool breaks = false;
  for (uint32_t i = 0; i < uses->count; i++) {
    const Use *use = &uses->items[i];
    switch (use->kind) {
    case USE_SUBSCRIPTED:
    case USE_UNPACKED:
    case USE_OPERATED:
      breaks = true;
      break;
    case USE_ITERATED:
      if (tree_is(tree, use->consumer, KIND_LIST_SPLAT) || tree_is_async(tree, use->consumer))
        return false;
      breaks = true;
      break;
    case USE_METHOD:
    case USE_ATTRIBUTE:
      if (STR_IN(use->name, COROUTINE_ATTRIBUTES)) return false;
      breaks = true;
      break;
    case USE_TESTED:
    case USE_COMPARED:
    case USE_FORMATTED:
      break;
    default:
      return false;
    }
  }
  return breaks;
}

static bool is_followed(const Module *module, const Function *function) {
  if (function->is_stub) return false;
  Span span = tree_span(&module->tree, function->node);
  uint32_t lines =
    source_line_of(module->source, span.end) - source_line_of(module->source, span.start);
  return function->is_async || lines <= LINES_MAX;
}

/* A bare `raise` outside of any except clause raises what the caller is handling: its parameter,
   most likely. */
static bool raises_for_caller(FactsBuilder *builder, FunctionId id) {
  const Tree *tree = &builder->module->tree;
  const Nodes *raises = &builder->bodies[id].raises;
  for (uint32_t i = 0; i < raises->count; i++) {
    Node raise = raises->items[i];
    if (tree_first(tree, raise) != NODE_NONE) continue;
    Node clause = tree_ancestor(tree, raise, KIND_EXCEPT_CLAUSE);
    if (clause == NODE_NONE || module_function_of(builder->module, clause) != id) return true;
  }
  return false;
}

void facts_add_parameters(FactsBuilder *builder, FunctionId id, FunctionFacts *facts) {
  const Function *function = module_function(builder->module, id);
  bool has_receiver = function->class_id != CLASS_NONE && !function->is_static;
  bool is_followed_here = is_followed(builder->module, function) && !raises_for_caller(builder, id);
  for (uint32_t i = has_receiver ? 1 : 0; i < function->parameters.count; i++) {
    const Parameter *parameter = &function->parameters.items[i];
    Fate fate = { PARAMETER_KEPT, false };
    bool is_one = parameter->kind == PARAMETER_PLAIN || parameter->kind == PARAMETER_KEYWORD;
    if (is_followed_here && i < PARAMETERS_MAX) {
      Uses uses = uses_of_definition(builder->module, parameter->identifier);
      fate = fate_of_uses(builder, &uses, false);
      if (is_one && is_used_as_value(&builder->module->tree, &uses)) fate.facts |= PARAMETER_VALUE;
    }
    bool is_annotated = is_one && parameter->annotation != NODE_NONE;
    if (is_annotated && is_plain_annotation(builder->module, parameter->annotation))
      fate.facts |= PARAMETER_DATA;
    vec_push(
      builder->scratch,
      &facts->parameters,
      (ParameterFacts){ facts_keep(builder, parameter->name), fate.facts }
    );
    if (fate.keeps_task) facts->facts |= FACT_KEEPS_TASK;
  }
}
