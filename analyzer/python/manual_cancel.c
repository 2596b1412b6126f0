#include "python/manual_cancel.h"

#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/outcome.h"

/* Parts of names that tell of an end somebody asked for. "clos" is close, closed, closing. */
static const char *const ASKED[] = {
  "cancel",    "abort",      "clos",    "shut",   "stop",    "exit",  "quit", "terminat", "kill",
  "interrupt", "disconnect", "cleanup", "finish", "running", "activ", "done", "dispos",
};

static bool tells_of_end(Module *module, Node part) {
  Str text = tree_text(&module->tree, part);
  text = str_lower(module->arena, text);
  for (size_t i = 0; i < sizeof(ASKED) / sizeof(*ASKED); i++) {
    if (str_contains(text, str_from(ASKED[i]))) return true;
  }
  return false;
}

/* A condition, or the subject and the patterns of a match. */
static bool is_condition(const Tree *tree, Node node) {
  switch (tree_kind(tree, node)) {
  case KIND_CASE_PATTERN:
    return true;
  default:
    return tree_field(tree, node) == FIELD_CONDITION || tree_field(tree, node) == FIELD_SUBJECT;
  }
}

/* `if await self._drain():` where the callee tells whether this task is being cancelled. */
static bool asks_callee(Module *module, Node raise_statement) {
  const Tree *tree = &module->tree;
  Node if_statement = tree_ancestor(tree, raise_statement, KIND_IF_STATEMENT);
  Node condition =
    if_statement == NODE_NONE ? NODE_NONE : tree_child(tree, if_statement, FIELD_CONDITION);
  if (tree_is(tree, condition, KIND_AWAIT)) condition = tree_first(tree, condition);
  if (!tree_is(tree, condition, KIND_CALL)) return false;
  Callee callee = callee_of(module, condition);
  FunctionId id = callee.name.len > 0 ? function_named(module, callee.name) : FUNCTION_NONE;
  if (id == FUNCTION_NONE) return false;
  EACH_ROW (tree, module_function(module, id)->body, row) {
    if (tree_is(tree, row, KIND_CALL) && str_is(call_method(module, row), "cancelling"))
      return true;
  }
  return false;
}

static bool was_asked_for(Module *module, Node raise_statement) {
  const Tree *tree = &module->tree;
  const Function *function = module_function(module, module_function_of(module, raise_statement));
  if (function->body == NODE_NONE || !may_search(module, function->body)) return true;
  EACH_ROW (tree, function->body, node) {
    if (node > raise_statement) break;
    if (is_condition(tree, node) && tells_of_end(module, node)) return true;
  }
  return false;
}

static bool takes_cancellation(Module *module, Node clause) {
  Caught caught = caught_by(module, clause);
  if (caught_cancellation(module, &caught) || caught.foreign_cancelled) return true;
  return caught.types != NODE_NONE && tells_of_end(module, caught.types);
}

static bool is_in_handler_of_cancellation(Module *module, Node node) {
  const Tree *tree = &module->tree;
  for (Node around = node; around != NODE_NONE && !opens_function(tree, around);
       around = tree_parent(tree, around)) {
    if (tree_is(tree, around, KIND_EXCEPT_CLAUSE) && takes_cancellation(module, around))
      return true;
  }
  return false;
}

/* A jump to a handler of its own. */
static bool is_taken_here(Module *module, Node raise_statement) {
  for (Node around = try_around(module, raise_statement); around != NODE_NONE;
       around = try_around(module, around)) {
    Nodes handlers = try_handlers(module, around);
    for (uint32_t i = 0; i < handlers.count; i++) {
      Caught caught = caught_by(module, handlers.items[i]);
      if (caught_cancellation(module, &caught))
        return !handler_may_raise(module, handlers.items[i]);
    }
  }
  return false;
}

static Reason asked_for(Module *module, Node raise_statement) {
  const Function *function = module_function(module, module_function_of(module, raise_statement));
  Str name = str_lower(module->arena, function->name);
  if (module->identity.is_test)
    return "tests raise cancellations to see what the code makes of them";
  if (str_contains(name, STR("cancel")))
    return "the function is about cancelling, as its name says";
  if (is_in_handler_of_cancellation(module, raise_statement))
    return "a handler of cancellations raises it";
  if (is_taken_here(module, raise_statement)) return "a handler of this function takes it";
  if (asks_callee(module, raise_statement))
    return "the function asked before it tells whether this task is being cancelled";
  if (was_asked_for(module, raise_statement))
    return "a condition before it asks whether something was closed, stopped or cancelled";
  return NULL;
}

bool raises_cancellation_unasked(Module *module, Node raise_statement, Reason *why) {
  const Tree *tree = &module->tree;
  Node raised = tree_first(tree, raise_statement);
  if (raised == NODE_NONE) return false;
  Node type = tree_is(tree, raised, KIND_CALL) ? call_function(module, raised) : raised;
  if (!name_is(module, type, "asyncio.CancelledError")) return false;
  *why = asked_for(module, raise_statement);
  return *why == NULL;
}
