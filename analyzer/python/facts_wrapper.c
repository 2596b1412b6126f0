/* Decorators that leave a coroutine function one. */
#include "python/facts_build.h"

#include "python/asyncio_call.h"
#include "python/name.h"

/* A decorator that takes arguments makes a decorator that makes a wrapper; nobody goes further. */
enum { LEVELS_MAX = 3, RETURNS_MAX = 16, PEELS_MAX = 8, BINDINGS_MAX = 16 };

static const char *const COPYING[] = { "functools.update_wrapper",
                                       "typing.cast",
                                       "typing_extensions.cast" };
static const char *const LEAVING[] = {
  "functools.wraps",
  "functools.update_wrapper",
  "staticmethod",
  "typing.no_type_check",
};

static bool is_wrapper_at(Module *module, const Body *bodies, FunctionId id, uint32_t level);

/* The parameter that a decorator gets its function by. */
static bool is_decorated(const Module *module, FunctionId id, Node identifier) {
  const Function *function = module_function(module, id);
  uint32_t first = 0;
  if (function->class_id != CLASS_NONE && function->parameters.count > 0) {
    Str name = function->parameters.items[0].name;
    first = str_is(name, "self") || str_is(name, "cls") ? 1 : 0;
  }
  if (first >= function->parameters.count) return false;
  BindingId binding = scopes_binding(&module->scopes, identifier);
  return binding != BINDING_NONE &&
    binding == scopes_binding(&module->scopes, function->parameters.items[first].identifier);
}

/* `return function(*args, **kwargs)`: what the wrapped function gives is handed on as it is. */
static bool
hands_on_call(const Module *module, const Body *bodies, FunctionId inner, FunctionId outer) {
  const Tree *tree = &module->tree;
  const Nodes *returns = &bodies[inner].returns;
  if (returns->count > RETURNS_MAX || module_function(module, inner)->is_generator) return false;
  for (uint32_t i = 0; i < returns->count; i++) {
    Node value = tree_first(tree, returns->items[i]);
    if (!tree_is(tree, value, KIND_CALL)) return false;
    Node called = call_function(module, value);
    if (!tree_is(tree, called, KIND_IDENTIFIER) || !is_decorated(module, outer, called))
      return false;
  }
  return returns->count > 0;
}

static bool is_left_alone(Module *module, const Function *function) {
  const Tree *tree = &module->tree;
  for (uint32_t i = 0; i < function->decorators.count; i++) {
    Node decorator = function->decorators.items[i];
    if (tree_is(tree, decorator, KIND_CALL)) decorator = call_function(module, decorator);
    if (!NAME_IN(module, decorator, LEAVING)) return false;
  }
  return true;
}

static bool keeps_coroutines(
  Module *module, const Body *bodies, FunctionId inner, FunctionId outer, uint32_t level
) {
  const Function *function = module_function(module, inner);
  if (!is_left_alone(module, function)) return false;
  if (function->is_async) return !function->is_generator;
  return hands_on_call(module, bodies, inner, outer) ||
    is_wrapper_at(module, bodies, inner, level + 1);
}

/* True if the name is one of a function nested in `outer` that is a wrapper, or that makes one
   if it is called. */
static bool is_inner_wrapper(
  Module *module,
  const Body *bodies,
  FunctionId outer,
  Node identifier,
  bool is_called,
  uint32_t level
) {
  BindingId id = scopes_binding(&module->scopes, identifier);
  if (id == BINDING_NONE) return false;
  const Occurrences *occurrences = &scopes_get(&module->scopes, id)->occurrences;
  for (uint32_t i = 0; i < occurrences->count && i < BINDINGS_MAX; i++) {
    if (occurrences->items[i].kind != OCCURRENCE_FUNCTION) continue;
    FunctionId inner =
      symbols_function(&module->symbols, tree_parent(&module->tree, occurrences->items[i].node));
    if (inner == FUNCTION_NONE || module_function(module, inner)->parent != outer) continue;
    bool is_wrapper = is_called ? is_wrapper_at(module, bodies, inner, level + 1)
                                : keeps_coroutines(module, bodies, inner, outer, level);
    if (is_wrapper) return true;
  }
  return false;
}

/* What is under wraps(f)(function), update_wrapper(function, f), cast(T, function). */
static Node peeled(Module *module, Node value) {
  const Tree *tree = &module->tree;
  for (uint32_t i = 0; i < PEELS_MAX && tree_is(tree, value, KIND_CALL); i++) {
    Node called = call_function(module, value);
    bool is_wraps = tree_is(tree, called, KIND_CALL) &&
      name_is(module, call_function(module, called), "functools.wraps");
    if (!is_wraps && !NAME_IN(module, called, COPYING)) break;
    bool is_first = is_wraps || name_is(module, called, "functools.update_wrapper");
    value = call_positional(module, value, is_first ? 0 : 1);
  }
  return value;
}

/* `return wrap(f)`, of a decorator that can be used with and without arguments, is as good as
   `return wrap`. */
static bool
returns_wrapper(Module *module, const Body *bodies, FunctionId id, Node value, uint32_t level) {
  const Tree *tree = &module->tree;
  value = peeled(module, value);
  bool is_called = tree_is(tree, value, KIND_CALL);
  Node function = is_called ? call_function(module, value) : value;
  if (!tree_is(tree, function, KIND_IDENTIFIER)) return false;
  if (is_decorated(module, id, function)) return !is_called;
  return is_inner_wrapper(module, bodies, id, function, is_called, level);
}

static bool is_wrapper_at(Module *module, const Body *bodies, FunctionId id, uint32_t level) {
  const Tree *tree = &module->tree;
  const Function *function = module_function(module, id);
  const Nodes *returns = &bodies[id].returns;
  if (level >= LEVELS_MAX || function->is_async || function->is_generator) return false;
  for (uint32_t i = 0; i < returns->count && i < RETURNS_MAX; i++) {
    Node value = tree_first(tree, returns->items[i]);
    if (tree_is(tree, value, KIND_CONDITIONAL_EXPRESSION)) {
      if (returns_wrapper(module, bodies, id, tree_first(tree, value), level)) return true;
      value = tree_last_child(tree, value);
    }
    if (value != NODE_NONE && returns_wrapper(module, bodies, id, value, level)) return true;
  }
  return false;
}

bool facts_is_async_wrapper(FactsBuilder *builder, FunctionId id) {
  return is_wrapper_at(builder->module, builder->bodies, id, 0);
}
