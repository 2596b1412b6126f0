#include "python/uncancelled.h"

#include "python/asyncio_call.h"
#include "python/iterate.h"

enum { NESTING_MAX = 8 }; /* displays around a task that is waited for */

/* What can be asked of a task without cancelling it. */
static const char *const ASKING_METHODS[] = {
  "done",     "cancelled", "exception",         "result",
  "get_name", "set_name",  "add_done_callback", "remove_done_callback",
};

/* The call that gets the expression as an argument, alone or within a display; NODE_NONE if there
   is none. */
static Node call_with(const Tree *tree, Node expression) {
  for (uint32_t i = 0; i < NESTING_MAX; i++) {
    Node parent = tree_parent(tree, expression);
    if (tree_is(tree, parent, KIND_ARGUMENT_LIST)) return tree_parent(tree, parent);
    bool is_display = tree_is(tree, parent, KIND_LIST) || tree_is(tree, parent, KIND_TUPLE) ||
      tree_is(tree, parent, KIND_SET);
    if (!is_display) return NODE_NONE;
    expression = parent;
  }
  return NODE_NONE;
}

static bool has_meaning(Module *module, Node call, CallMeaning meaning) {
  return tree_is(&module->tree, call, KIND_CALL) && call_meaning(module, call) == meaning;
}

static bool is_asked(const Tree *tree, Node task) {
  Node attribute = tree_parent(tree, task);
  return tree_is(tree, attribute, KIND_ATTRIBUTE) &&
    STR_IN(tree_text(tree, tree_child(tree, attribute, FIELD_ATTRIBUTE)), ASKING_METHODS);
}

static bool is_harmless_mention(Module *module, Node task) {
  const Tree *tree = &module->tree;
  Node parent = tree_parent(tree, task), call = call_with(tree, task);
  if (call != NODE_NONE)
    return has_meaning(module, call, CALL_SHIELD) || has_meaning(module, call, CALL_WAIT);
  if (is_asked(tree, task)) return true;
  switch (tree_kind(tree, parent)) {
  case KIND_ASSIGNMENT:
    return tree_field(tree, task) == FIELD_LEFT;
  case KIND_COMPARISON_OPERATOR:
  case KIND_BOOLEAN_OPERATOR:
  case KIND_NOT_OPERATOR:
  case KIND_IF_STATEMENT:
    return true;
  default:
    return false;
  }
}

/* Every place of the file that names the attribute or local that the task is kept in. */
static bool is_kept_uncancelled(Module *module, Node target) {
  const Tree *tree = &module->tree;
  Str text = tree_text(tree, target);
  if (!may_search(module, 0)) return false;
  for (Node node = 0; node < tree->count; node++) {
    if (!tree_is(tree, node, tree_kind(tree, target)) || tree_field(tree, node) == FIELD_ATTRIBUTE)
      continue;
    if (str_equal(tree_text(tree, node), text) && !is_harmless_mention(module, node)) return false;
  }
  return true;
}

static bool is_call_uncancelled(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node around = call_with(tree, call);
  if (has_meaning(module, around, CALL_SHIELD)) return true;
  if (!makes_task(module, around)) return false;
  if (has_meaning(module, call_with(tree, around), CALL_SHIELD)) return true;
  Node assignment = tree_parent(tree, around);
  if (!tree_is(tree, assignment, KIND_ASSIGNMENT)) return false;
  Node target = tree_child(tree, assignment, FIELD_LEFT);
  bool is_name = tree_is(tree, target, KIND_ATTRIBUTE) || tree_is(tree, target, KIND_IDENTIFIER);
  return is_name && is_kept_uncancelled(module, target);
}

bool is_never_cancelled(Module *module, FunctionId id) {
  const Tree *tree = &module->tree;
  const Function *function = module_function(module, id);
  bool is_nested = function->parent != FUNCTION_MODULE && function->class_id == CLASS_NONE;
  if (!function->is_async || (!is_nested && !str_starts_with(function->name, STR("_"))))
    return false;
  if (!may_search(module, 0)) return false;
  bool is_called = false;
  for (Node node = 0; node < tree->count; node++) {
    bool is_name =
      tree_is(tree, node, KIND_IDENTIFIER) && str_equal(tree_text(tree, node), function->name);
    if (!is_name || tree_parent(tree, node) == function->node) continue;
    Node named = tree_field(tree, node) == FIELD_ATTRIBUTE ? tree_parent(tree, node) : node;
    Node call = tree_parent(tree, named);
    if (!tree_is(tree, call, KIND_CALL) || call_function(module, call) != named) return false;
    if (!is_call_uncancelled(module, call)) return false;
    is_called = true;
  }
  return is_called;
}
