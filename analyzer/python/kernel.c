#include "python/kernel.h"

#include "python/asyncio_call.h"
#include "python/caches.h"
#include "python/handler.h"
#include "python/iterate.h"
#include "python/name.h"

bool runs_in_kernel(const Module *module, Node node) {
  return module->identity.is_notebook && module_function_of(module, node) == FUNCTION_MODULE;
}

bool may_await(const Module *module, Node node) {
  return module_in_coroutine(module, node) || runs_in_kernel(module, node);
}

/* A semicolon keeps the value from being displayed. */
static bool is_hushed(const Module *module, uint32_t end) {
  Str text = module->source->text;
  while (end < text.len && (text.data[end] == ' ' || text.data[end] == '\t')) end++;
  return end < text.len && text.data[end] == ';';
}

bool is_displayed(const Module *module, Node statement) {
  const Tree *tree = &module->tree;
  if (!module->identity.is_notebook || tree_parent(tree, statement) != 0) return false;
  Span span = tree_span(tree, statement);
  Node next = tree_next(tree, statement);
  uint32_t cell = source_cell(module->source, span.start);
  bool is_last =
    next == NODE_NONE || source_cell(module->source, tree_span(tree, next).start) != cell;
  return is_last && !is_hushed(module, span.end);
}

/* The first nest_asyncio.apply(), which lets every loop run inside a running one; NODE_NONE. */
static Node find_nesting(Module *module) {
  static const char *const names[] = { "nest_asyncio.apply", "nest_asyncio2.apply" };
  if (!str_contains(module->source->text, STR("nest_asyncio"))) return NODE_NONE;
  for (Node row = 0; row < module->tree.count; row++) {
    bool may_be =
      tree_is(&module->tree, row, KIND_CALL) && str_is(call_method(module, row), "apply");
    if (may_be && NAME_IN(module, call_function(module, row), names)) return row;
  }
  return NODE_NONE;
}

static bool may_loops_nest(Module *module, Node call) {
  ModuleCaches *caches = module->caches;
  if (!caches->is_nesting_known) caches->nesting = find_nesting(module);
  caches->is_nesting_known = true;
  return caches->nesting < call;
}

static bool catches_runtime_error(Module *module, Node try_statement) {
  static const char *const names[] = { "RuntimeError" };
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    if (!may_search(module, handlers.items[i])) return true;
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught.types == NODE_NONE) continue;
    for (Node row = caught.types; row < tree_after(&module->tree, caught.types); row++) {
      if (tree_is(&module->tree, row, KIND_IDENTIFIER) && NAME_IN(module, row, names)) return true;
    }
  }
  return false;
}

/* `if __name__ == "__main__"` holds in a notebook. */
static bool is_main_guard(const Module *module, Node statement) {
  Node condition = tree_child(&module->tree, statement, FIELD_CONDITION);
  return condition != NODE_NONE &&
    str_contains(tree_text(&module->tree, condition), STR("__name__"));
}

static Reason branch_of(Module *module, Node around) {
  switch (tree_kind(&module->tree, around)) {
  case KIND_IF_STATEMENT:
    return is_main_guard(module, around) ? NULL : "a condition decides whether a cell gets there";
  case KIND_CONDITIONAL_EXPRESSION:
  case KIND_BOOLEAN_OPERATOR:
  case KIND_CASE_CLAUSE:
    return "a condition decides whether a cell gets there";
  case KIND_EXCEPT_CLAUSE:
    return "this is done after a failure, such as that no loop is running";
  case KIND_TRY_STATEMENT:
    return catches_runtime_error(module, around) ? "a RuntimeError is expected here" : NULL;
  default:
    return NULL;
  }
}

enum { CLIMB_MAX = 1000 }; /* nodes around a call */

Reason nests_knowingly(Module *module, Node call) {
  const Tree *tree = &module->tree;
  if (may_loops_nest(module, call)) return "nest_asyncio lets loops run inside a running one";
  if (!runs_in_kernel(module, call)) return NULL;
  Node around = tree_parent(tree, call);
  for (uint32_t i = 0; around != NODE_NONE; i++, around = tree_parent(tree, around)) {
    if (i == CLIMB_MAX) return "it lies too deep in other code to tell whether a cell gets there";
    Reason why = branch_of(module, around);
    if (why != NULL) return why;
  }
  return NULL;
}
