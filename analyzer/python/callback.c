#include "python/callback.h"

#include "python/asyncio_call.h"
#include "python/name.h"
#include "python/outcome.h"
#include "python/swallow.h"
#include "python/use.h"
#include "python/value.h"

/* The function that an expression refers to by name, as a method of self or as a lambda. */
static FunctionId function_behind(Module *module, Node expression) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, expression, KIND_LAMBDA)) return symbols_function(&module->symbols, expression);
  Str wanted = name_of(module, expression);
  if (wanted.len == 0 && tree_is(tree, expression, KIND_ATTRIBUTE)) {
    Str owner = class_of(module, tree_child(tree, expression, FIELD_OBJECT));
    if (owner.len == 0) return FUNCTION_NONE;
    Str method = tree_text(tree, tree_child(tree, expression, FIELD_ATTRIBUTE));
    wanted = str_join(module->arena, owner, '.', method);
  }
  Str home = name_of_definition(module, STR_EMPTY);
  if (!str_starts_with(wanted, home)) return FUNCTION_NONE;
  Str qualified = str_slice(wanted, home.len, wanted.len);
  for (FunctionId id = 1; id < module->symbols.functions.count; id++) {
    if (str_equal(module_function(module, id)->qualified, qualified)) return id;
  }
  return FUNCTION_NONE;
}

static bool is_task_type(Str name) {
  static const char *const types[] = { "asyncio.Task", "asyncio.Future" };
  return STR_IN(name, types);
}

static bool is_task_annotation(Module *module, Node annotation) {
  const Tree *tree = &module->tree;
  if (annotation == NODE_NONE) return false;
  for (Node row = annotation; row < tree_after(tree, annotation); row++) {
    bool is_name = tree_is(tree, row, KIND_IDENTIFIER) || tree_is(tree, row, KIND_ATTRIBUTE);
    if (is_name && is_task_type(name_of(module, row))) return true;
  }
  Str text = tree_text(tree, annotation);
  return str_contains(text, STR("asyncio.Task")) || str_contains(text, STR("asyncio.Future"));
}

/* Nobody cancels a plain future but who holds it; a lambda on one has nothing else to do that could
   be skipped. */
static bool is_task_value(Module *module, Node expression, bool is_lambda) {
  Value value = value_of(module, expression);
  return value.kind == VALUE_TASK || value.kind == VALUE_GATHER ||
    (value.kind == VALUE_FUTURE && !is_lambda);
}

bool callback_of(Module *module, Node call, Callback *callback) {
  if (!str_is(call_method(module, call), "add_done_callback")) return false;
  Node receiver = call_receiver(module, call);
  Node given = call_positional(module, call, 0);
  if (receiver == NODE_NONE || given == NODE_NONE) return false;

  bool is_partial = tree_is(&module->tree, given, KIND_CALL) &&
    name_is(module, call_function(module, given), "functools.partial");
  uint32_t bound = is_partial ? call_positional_count(module, given) - 1 : 0;
  if (is_partial) given = call_positional(module, given, 0);
  if (given == NODE_NONE) return false;
  FunctionId id = function_behind(module, given);
  if (id == FUNCTION_NONE) return false;

  const Function *function = module_function(module, id);
  bool has_self = function->class_id != CLASS_NONE && !function->is_static;
  uint32_t index = bound + (has_self ? 1 : 0);
  if (index >= function->parameters.count) return false;
  const Parameter *parameter = &function->parameters.items[index];
  bool is_lambda = tree_is(&module->tree, function->node, KIND_LAMBDA);
  *callback = (Callback){
    .function = id,
    .parameter = parameter->identifier,
    .is_async_task = is_task_value(module, receiver, is_lambda) ||
      is_task_annotation(module, parameter->annotation),
  };
  return true;
}

/* A handler or a suppress around the call takes the CancelledError. */
static bool is_guarded(Module *module, Node call) {
  for (Node try_statement = try_around(module, call); try_statement != NODE_NONE;
       try_statement = try_around(module, try_statement)) {
    Nodes handlers = try_handlers(module, try_statement);
    for (uint32_t i = 0; i < handlers.count; i++) {
      Caught caught = caught_by(module, handlers.items[i]);
      if (caught_cancellation(module, &caught) || caught.foreign_cancelled) return true;
    }
  }
  const Tree *tree = &module->tree;
  for (Node with = tree_ancestor(tree, call, KIND_WITH_STATEMENT); with != NODE_NONE;
       with = tree_ancestor(tree, with, KIND_WITH_STATEMENT)) {
    Node clause = tree_first(tree, with);
    for (Node row = clause; row < tree_after(tree, clause); row++) {
      if (!tree_is(tree, row, KIND_CALL) || call_meaning(module, row) != CALL_SUPPRESS) continue;
      Caught caught = caught_by_suppress(module, row);
      if (caught_cancellation(module, &caught)) return true;
    }
  }
  return false;
}

Nodes unguarded_outcomes(Module *module, const Callback *callback, Reason *why) {
  Nodes found = { 0 };
  Uses uses = uses_of_definition(module, callback->parameter);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (!str_is(uses.items[i].name, "cancelled")) continue;
    *why = "the callback asks whether the task was cancelled";
    return (Nodes){ 0 };
  }
  for (uint32_t i = 0; i < uses.count; i++) {
    const Use *use = &uses.items[i];
    bool raises =
      use->kind == USE_METHOD && (str_is(use->name, "exception") || str_is(use->name, "result"));
    if (raises && !is_guarded(module, use->consumer))
      vec_push(module->arena, &found, use->consumer);
  }
  if (found.count == 0)
    *why = "the callback does not ask for the outcome, or takes the CancelledError that it raises";
  return found;
}

bool outcome_is_followed(Module *module, Node outcome) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, outcome);
  Node inner = outcome;
  for (Node outer = tree_parent(tree, outcome); outer != NODE_NONE;
       outer = tree_parent(tree, outer)) {
    if (module_function_of(module, inner) != function) return false;
    if (tree_is(tree, outer, KIND_BLOCK) && tree_next(tree, inner) != NODE_NONE) return true;
    bool is_condition =
      tree_is(tree, outer, KIND_IF_STATEMENT) && tree_field(tree, inner) == FIELD_CONDITION;
    Node branch = is_condition ? tree_child(tree, outer, FIELD_CONSEQUENCE) : NODE_NONE;
    if (branch != NODE_NONE && tree_next(tree, branch) != NODE_NONE) return true;
    inner = outer;
  }
  return false;
}
