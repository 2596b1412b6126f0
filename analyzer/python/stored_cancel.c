#include "python/stored_cancel.h"

#include "python/awaits.h"
#include "python/iterate.h"
#include "python/swallow.h"

/* `self.error = e`: where the clause keeps what it caught, or NODE_NONE. */
static Node kept_in(Module *module, const Caught *caught) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, caught->body, node) {
    if (!tree_is(tree, node, KIND_ASSIGNMENT)) continue;
    Node left = tree_child(tree, node, FIELD_LEFT), right = tree_child(tree, node, FIELD_RIGHT);
    if (!tree_is(tree, right, KIND_IDENTIFIER)) continue;
    if (!tree_same(tree, right, caught->variable)) continue;
    if (tree_is(tree, left, KIND_ATTRIBUTE) || tree_is(tree, left, KIND_SUBSCRIPT)) return left;
  }
  return NODE_NONE;
}

static bool tells_apart(Module *module, const Caught *caught) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, caught->body, node) {
    if (!tree_is(tree, node, KIND_IDENTIFIER)) continue;
    if (tree_text_is(tree, node, "isinstance") || tree_text_is(tree, node, "CancelledError"))
      return true;
  }
  return false;
}

/* What is raised behind the handler of the same function can be for this task itself. */
static Node raise_of(Module *module, Node kept, Node clause) {
  const Tree *tree = &module->tree;
  Str text = tree_text(tree, kept);
  if (!may_search(module, 0)) return NODE_NONE;
  for (Node node = 0; node < tree->count; node++) {
    if (!tree_is(tree, node, KIND_RAISE_STATEMENT)) continue;
    Node raised = tree_first(tree, node);
    if (raised == NODE_NONE || !str_equal(tree_text(tree, raised), text)) continue;
    bool is_here = module_function_of(module, node) == module_function_of(module, clause);
    if (!is_here || node < clause) return node;
  }
  return NODE_NONE;
}

Node raises_stored_cancellation(Module *module, Node clause, Reason *why) {
  Caught caught = caught_by(module, clause);
  if (!caught.base_exception || caught.variable == NODE_NONE || caught.body == NODE_NONE)
    return NODE_NONE;
  if (!module_in_coroutine(module, clause)) return NODE_NONE;
  Node kept = kept_in(module, &caught);
  if (kept == NODE_NONE || suspensions_in(module, guarded_block(module, clause)).count == 0)
    return NODE_NONE;
  Node raise = raise_of(module, kept, clause);
  if (raise == NODE_NONE) return NODE_NONE;
  if (is_shadowed(module, clause)) {
    *why = "an earlier clause of this try takes the cancellation first";
    return NODE_NONE;
  }
  if (!tells_apart(module, &caught)) return raise;
  *why = "the handler tells the exceptions apart";
  return NODE_NONE;
}
