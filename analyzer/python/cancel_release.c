#include "python/cancel_release.h"

#include "python/asyncio_call.h"
#include "python/awaits.h"
#include "python/definition.h"
#include "python/flow.h"
#include "python/handler.h"
#include "python/iterate.h"
#include "python/use.h"
#include "python/value.h"

enum {
  COROUTINES_MAX = 8,
  METHODS_DEPTH = 3, /* from the task's function to a method that it calls, and on */
  METHODS_MAX = 40,  /* looked at for one attribute */
  TURNS_MAX = 50,    /* awaits behind the cancellation that are looked at */
  ROWS_MAX = 5000,   /* looked at per function */
};

/* --- what the task runs ----------------------------------------------------------------------- */

static void add_made(Module *module, Nodes *coroutines, Node made) {
  if (!tree_is(&module->tree, made, KIND_CALL) || coroutines->count >= COROUTINES_MAX) return;
  if (!makes_task(module, made) && !value_is(module, made, VALUE_TASK)) return;
  Node coroutine = call_positional(module, made, 0);
  if (tree_is(&module->tree, coroutine, KIND_CALL)) vec_push(module->arena, coroutines, coroutine);
}

static void add_all_made(Module *module, Nodes *coroutines, const Nodes *made) {
  for (uint32_t i = 0; i < made->count; i++) add_made(module, coroutines, made->items[i]);
}

Nodes cancelled_coroutines(Module *module, Node receiver) {
  Nodes coroutines = { 0 };
  if (receiver == NODE_NONE) return coroutines;
  Nodes sources = sources_of(module, receiver);
  add_all_made(module, &coroutines, &sources);
  if (!tree_is(&module->tree, receiver, KIND_IDENTIFIER)) return coroutines;
  Nodes definitions = definitions_of(module, receiver);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node collection = iterated_collection(module, definitions.items[i]);
    bool is_complete;
    if (collection == NODE_NONE) continue;
    Nodes elements = elements_of(module, collection_peeled(module, collection), &is_complete);
    add_all_made(module, &coroutines, &elements);
  }
  return coroutines;
}

/* The function of this file that the call enters. */
static FunctionId entered_by(Module *module, Node call) {
  Callee callee = callee_of(module, call);
  return callee.name.len > 0 ? function_named(module, callee.name) : FUNCTION_NONE;
}

static bool only_waits(Module *module, Node coroutine) {
  const Tree *tree = &module->tree;
  if (call_cannot_fail(module, coroutine)) return true;
  FunctionId id = entered_by(module, coroutine);
  Node body = id == FUNCTION_NONE ? NODE_NONE : module_function(module, id)->body;
  if (body == NODE_NONE) return false;
  bool is_any = false;
  EACH_ROW (tree, body, row) {
    if (row - body > ROWS_MAX || tree_is(tree, row, KIND_TRY_STATEMENT)) return false;
    if (tree_is_async(tree, row)) return false;
    if (!tree_is(tree, row, KIND_AWAIT)) continue;
    Node operand = tree_first(tree, row);
    if (!tree_is(tree, operand, KIND_CALL) || !call_cannot_fail(module, operand)) return false;
    is_any = true;
  }
  return is_any;
}

bool only_wait(Module *module, const Nodes *coroutines) {
  for (uint32_t i = 0; i < coroutines->count; i++) {
    if (!only_waits(module, coroutines->items[i])) return false;
  }
  return coroutines->count > 0;
}

/* --- what it works with ----------------------------------------------------------------------- */

static bool is_own_attribute(const Tree *tree, Node node) {
  if (!tree_is(tree, node, KIND_ATTRIBUTE)) return false;
  Node object = tree_child(tree, node, FIELD_OBJECT);
  return tree_is(tree, object, KIND_IDENTIFIER) && tree_text_is(tree, object, "self");
}

/* A search for an attribute of self through the methods that a function calls. */
typedef struct {
  Module *module;
  Str attribute;
  uint32_t left; /* methods that may still be looked at */
} Search;

/* A mention of the attribute in the method, or in those that it calls. */
static Node mention_in(Search *search, FunctionId id, uint32_t depth) {
  Module *module = search->module;
  const Tree *tree = &module->tree;
  Node body = id == FUNCTION_NONE ? NODE_NONE : module_function(module, id)->body;
  if (body == NODE_NONE || depth == METHODS_DEPTH || search->left == 0) return NODE_NONE;
  search->left--;
  EACH_ROW (tree, body, row) {
    if (row - body > ROWS_MAX) return NODE_NONE;
    if (is_own_attribute(tree, row) && str_equal(tree_text(tree, row), search->attribute))
      return row;
    if (!tree_is(tree, row, KIND_CALL) || !is_own_attribute(tree, call_function(module, row)))
      continue;
    if (mention_in(search, entered_by(module, row), depth + 1) != NODE_NONE) return row;
  }
  return NODE_NONE;
}

static Node name_in(const Module *module, Node root, BindingId binding) {
  const Tree *tree = &module->tree;
  for (Node row = root; root != NODE_NONE && row < tree_after(tree, root); row++) {
    if (tree_is(tree, row, KIND_IDENTIFIER) && scopes_binding(&module->scopes, row) == binding)
      return row;
  }
  return NODE_NONE;
}

/* Where the task works with the object, which is an attribute of self or a name. */
static Node used_by(Module *module, Node coroutine, Node object) {
  const Tree *tree = &module->tree;
  FunctionId id = entered_by(module, coroutine);
  if (is_own_attribute(tree, object)) {
    bool is_same_class = id != FUNCTION_NONE &&
      enclosing_class(module, object) == module_function(module, id)->class_id;
    Search search = { .module = module, .attribute = tree_text(tree, object), .left = METHODS_MAX };
    return is_same_class ? mention_in(&search, id, 0) : NODE_NONE;
  }
  if (!tree_is(tree, object, KIND_IDENTIFIER) || tree_text_is(tree, object, "self"))
    return NODE_NONE;
  BindingId binding = scopes_binding(&module->scopes, object);
  if (binding == BINDING_NONE) return NODE_NONE;
  Node argument = name_in(module, tree_child(tree, coroutine, FIELD_ARGUMENTS), binding);
  if (argument != NODE_NONE || id == FUNCTION_NONE) return argument;
  bool is_nested = module_function(module, id)->parent != FUNCTION_MODULE;
  return is_nested ? name_in(module, module_function(module, id)->body, binding) : NODE_NONE;
}

/* --- what comes next -------------------------------------------------------------------------- */

/* `self._queue = None` */
static Node forgotten(const Tree *tree, Node row) {
  if (!tree_is(tree, row, KIND_ASSIGNMENT)) return NODE_NONE;
  bool is_none = tree_is(tree, tree_child(tree, row, FIELD_RIGHT), KIND_NONE_LITERAL);
  return is_none ? tree_child(tree, row, FIELD_LEFT) : NODE_NONE;
}

static Node taken_away(Module *module, Node row, const Releases *releases) {
  for (uint32_t i = 0; i < releases->count; i++) {
    const Release *release = &releases->items[i];
    if (release->call == row && !str_is(call_method(module, row), "cancel"))
      return release->receiver;
  }
  return forgotten(&module->tree, row);
}

/* The name of the task, or of the collection that holds it: what they stand for is the task. */
static bool names_task(Module *module, Node cancel, Node object) {
  const Tree *tree = &module->tree;
  Node receiver = call_receiver(module, cancel);
  if (receiver == NODE_NONE) return false;
  Str text = tree_text(tree, object);
  if (str_equal(tree_text(tree, receiver), text)) return true;
  if (!tree_is(tree, receiver, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, receiver);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node source = iterated_collection(module, definitions.items[i]);
    if (source != NODE_NONE) source = collection_peeled(module, source);
    if (source == NODE_NONE) source = defined_value(module, definitions.items[i]);
    if (source != NODE_NONE && str_equal(tree_text(tree, source), text)) return true;
  }
  return false;
}

/* The first await behind the cancellation, at which the task has its turn. */
static Node next_await(Module *module, Node cancel, Node body) {
  Nodes awaits = awaits_in(module, body);
  uint32_t seen = 0;
  for (uint32_t i = 0; i < awaits.count && seen < TURNS_MAX; i++) {
    if (awaits.items[i] < cancel) continue;
    if (flow_reaches(module, cancel, awaits.items[i], EDGES_NORMAL)) return awaits.items[i];
    seen++;
  }
  return NODE_NONE;
}

NextRelease next_release(Module *module, Node cancel, const Nodes *coroutines) {
  const Tree *tree = &module->tree;
  NextRelease next = { .release = NODE_NONE, .used = NODE_NONE };
  Node body = module_function(module, module_function_of(module, cancel))->body;
  if (body == NODE_NONE) return next;
  Node turn = next_await(module, cancel, body);
  Releases releases = releases_in(module, body);
  EACH_ROW (tree, body, row) {
    if (row < cancel) continue;
    if (row - cancel > ROWS_MAX || (turn != NODE_NONE && row >= tree_after(tree, turn))) break;
    Node object = taken_away(module, row, &releases);
    if (object == NODE_NONE || names_task(module, cancel, object)) continue;
    for (uint32_t i = 0; i < coroutines->count; i++) {
      Node used = used_by(module, coroutines->items[i], object);
      if (used == NODE_NONE || !flow_reaches(module, cancel, row, EDGES_NORMAL)) continue;
      return (NextRelease){ .release = row, .used = used };
    }
  }
  next.awaits = turn != NODE_NONE;
  return next;
}
