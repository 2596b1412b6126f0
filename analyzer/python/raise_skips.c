#include "python/raise_skips.h"

#include "python/asyncio_call.h"
#include "python/handler.h"
#include "python/iterate.h"
#include "python/swallow.h"

enum { SEARCHED_MAX = 4000 }; // rows behind one handler that are looked at

/* What wakes others, or lets them go on. */
static const char *const COMPLETING_METHODS[] = {
  "set_result", "set_exception", "set", "task_done", "notify", "notify_all", "put_nowait",
};

/* What a test goes on to claim: a handler before it mostly takes an exception that is expected. */
static bool is_assertion(const Module *module, Node row) {
  if (tree_is(&module->tree, row, KIND_ASSERT_STATEMENT)) return true;
  return tree_is(&module->tree, row, KIND_CALL) &&
    str_starts_with(call_method(module, row), STR("assert"));
}

static Node completing_call(Module *module, Node statement) {
  EACH_ROW (&module->tree, statement, row) {
    if (row - statement == SEARCHED_MAX) break;
    bool completes = tree_is(&module->tree, row, KIND_CALL) &&
      call_receiver(module, row) != NODE_NONE &&
      STR_IN(call_method(module, row), COMPLETING_METHODS);
    if (completes || is_assertion(module, row)) return row;
  }
  Releases releases = releases_in(module, statement);
  return releases.count > 0 ? releases.items[0].call : NODE_NONE;
}

static bool leaves_block(const Tree *tree, Node statement) {
  return tree_is(tree, statement, KIND_RETURN_STATEMENT) ||
    tree_is(tree, statement, KIND_RAISE_STATEMENT) ||
    tree_is(tree, statement, KIND_CONTINUE_STATEMENT) ||
    tree_is(tree, statement, KIND_BREAK_STATEMENT);
}

static bool is_definition(const Tree *tree, Node node) {
  return tree_is(tree, node, KIND_FUNCTION_DEFINITION) ||
    tree_is(tree, node, KIND_CLASS_DEFINITION) || tree_is(tree, node, KIND_LAMBDA);
}

Node skipped_by_raise(Module *module, Node handler) {
  const Tree *tree = &module->tree;
  uint32_t searched = 0;
  Node statement = guarded_statement(module, handler);
  while (statement != NODE_NONE && statement != 0 && !is_definition(tree, statement)) {
    for (Node next = tree_next(tree, statement); next != NODE_NONE; next = tree_next(tree, next)) {
      bool is_statement = tree_is(tree, tree_parent(tree, next), KIND_BLOCK);
      if (!is_statement || is_definition(tree, next)) break;
      Node call = completing_call(module, next);
      if (call != NODE_NONE) return call;
      searched += tree_after(tree, next) - next;
      if (leaves_block(tree, next) || searched > SEARCHED_MAX) return NODE_NONE;
    }
    statement = tree_parent(tree, statement);
  }
  return NODE_NONE;
}
