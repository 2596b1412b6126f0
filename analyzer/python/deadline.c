#include "python/deadline.h"

#include "python/awaits.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/outcome.h"
#include "python/use.h"

/* Those that raise TimeoutError; move_on_after and its kind only end the block. */
static const char *const RAISING[] = {
  "asyncio.timeout",  "asyncio.timeout_at", "async_timeout.timeout", "async_timeout.timeout_at",
  "anyio.fail_after", "trio.fail_after",    "trio.fail_at",
};
/* They cancel again at each further await, until the block is left. */
static const char *const INSISTING[] = { "anyio.fail_after", "trio.fail_after", "trio.fail_at" };
/* What is asked of a timeout by code that wants to know for itself. */
static const char *const ANSWERS[] = { "expired", "cancelled_caught", "cancel_called" };

/* --- whether anybody would miss the TimeoutError --- */

static bool takes_timeout(const Caught *caught) {
  return caught->timeout || caught->asyncio_timeout || caught->exception ||
    caught->base_exception || caught->is_bare;
}

static bool only_passes(const Tree *tree, Node block) {
  Node first = block == NODE_NONE ? NODE_NONE : tree_first(tree, block);
  return tree_is(tree, first, KIND_PASS_STATEMENT) && tree_next(tree, first) == NODE_NONE;
}

static bool has_else(const Tree *tree, Node try_statement) {
  TREE_EACH_CHILD (tree, try_statement, part) {
    if (tree_is(tree, part, KIND_ELSE_CLAUSE)) return true;
  }
  return false;
}

static bool try_ignores(Module *module, Node try_statement) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (takes_timeout(&caught)) return only_passes(&module->tree, caught.body);
  }
  return false;
}

static bool with_ignores(Module *module, Node with_statement) {
  const Tree *tree = &module->tree;
  Node clause = tree_first(tree, with_statement);
  if (!tree_is(tree, clause, KIND_WITH_CLAUSE)) return false;
  TREE_EACH_CHILD (tree, clause, item) {
    Node call = tree_is(tree, item, KIND_WITH_ITEM) ? suppressing_call(module, item) : NODE_NONE;
    if (call == NODE_NONE) continue;
    Caught caught = caught_by_suppress(module, call);
    if (takes_timeout(&caught)) return true;
  }
  return false;
}

/* Whether the statement ends or times out, the same follows. */
static bool is_ignored(Module *module, Node statement) {
  const Tree *tree = &module->tree;
  Node block = tree_parent(tree, statement);
  if (!tree_is(tree, block, KIND_BLOCK) || tree_next(tree, statement) != NODE_NONE) return false;
  Node around = tree_parent(tree, block);
  if (tree_field(tree, block) != FIELD_BODY) return false;
  if (tree_is(tree, around, KIND_WITH_STATEMENT)) return with_ignores(module, around);
  return tree_is(tree, around, KIND_TRY_STATEMENT) && !has_else(tree, around) &&
    try_ignores(module, around);
}

/* --- timeouts that are entered --- */

static bool has_no_limit(const Module *module, Node limit) {
  return limit == NODE_NONE || tree_is(&module->tree, limit, KIND_NONE_LITERAL);
}

/* `async with timeout(5) as limit: …` and then `limit.expired()`. */
static bool is_asked(Module *module, Node item) {
  const Tree *tree = &module->tree;
  Node pattern = tree_child(tree, item, FIELD_VALUE);
  if (!tree_is(tree, pattern, KIND_AS_PATTERN)) return false;
  Node target = tree_last_child(tree, pattern);
  if (target != NODE_NONE && !tree_is(tree, target, KIND_IDENTIFIER))
    target = tree_first(tree, target);
  if (!tree_is(tree, target, KIND_IDENTIFIER)) return false;
  Nodes reads = reads_of(module, target);
  for (uint32_t i = 0; i < reads.count; i++) {
    Node attribute = tree_child(tree, tree_parent(tree, reads.items[i]), FIELD_ATTRIBUTE);
    if (attribute != NODE_NONE && STR_IN(tree_text(tree, attribute), ANSWERS)) return true;
  }
  return false;
}

/* The block awaits again after the node, or on the way out: there a scope that insists raises. */
static bool awaits_again(Module *module, Node body, Node node) {
  const Tree *tree = &module->tree;
  Nodes awaits = awaits_in(module, body);
  Node statement = tree_statement(tree, node);
  if (statement == NODE_NONE) return true;
  Node end = tree_after(tree, statement);
  for (uint32_t i = 0; i < awaits.count; i++) {
    if (awaits.items[i] >= end) return true;
  }
  for (Node outer = tree_parent(tree, node); outer != body && outer != NODE_NONE;
       outer = tree_parent(tree, outer)) {
    bool is_loop =
      tree_is(tree, outer, KIND_WHILE_STATEMENT) || tree_is(tree, outer, KIND_FOR_STATEMENT);
    bool is_entered = tree_is(tree, outer, KIND_WITH_STATEMENT) && tree_is_async(tree, outer);
    if (is_loop || is_entered) return true;
  }
  return false;
}

/* Why the timeout of the item is not lost, or nobody minds. */
static Reason kept_at(Module *module, Node item, Node call, Node node) {
  const Tree *tree = &module->tree;
  Node statement = with_item_statement(tree, item);
  Node function = call_function(module, call);
  if (!NAME_IN(module, function, RAISING)) return "this timeout raises nothing in the first place";
  if (has_no_limit(module, call_positional(module, call, 0))) return "the time limit is None";
  if (is_asked(module, item)) return "the code asks the timeout whether it has expired";
  if (is_ignored(module, statement)) return "whether the time is up or not, the same follows";
  bool is_repeated = NAME_IN(module, function, INSISTING) &&
    awaits_again(module, tree_child(tree, statement, FIELD_BODY), node);
  return is_repeated ? "this timeout cancels again at the next await of its block" : NULL;
}

static Node deadline_in(Module *module, Node with_statement, Node node, Reason *why) {
  const Tree *tree = &module->tree;
  Node clause = tree_first(tree, with_statement);
  if (!tree_is(tree, clause, KIND_WITH_CLAUSE)) return NODE_NONE;
  TREE_EACH_CHILD (tree, clause, item) {
    if (!tree_is(tree, item, KIND_WITH_ITEM)) continue;
    Node call = with_item_expression(tree, item);
    if (!tree_is(tree, call, KIND_CALL) || call_meaning(module, call) != CALL_TIMEOUT) continue;
    Reason kept = kept_at(module, item, call, node);
    if (kept == NULL) return call;
    *why = kept;
  }
  return NODE_NONE;
}

Node deadline_around(Module *module, Node node, Reason *why) {
  const Tree *tree = &module->tree;
  if (node == NODE_NONE) return NODE_NONE;
  Node child = node;
  for (Node outer = tree_parent(tree, node); outer != NODE_NONE; outer = tree_parent(tree, outer)) {
    if (opens_function(tree, outer)) return NODE_NONE;
    bool is_body = tree_field(tree, child) == FIELD_BODY;
    if (is_body && tree_is(tree, outer, KIND_WITH_STATEMENT)) {
      Node call = deadline_in(module, outer, node, why);
      if (call != NODE_NONE) return call;
    }
    child = outer;
  }
  return NODE_NONE;
}

bool is_deadline_call(Module *module, Node call) {
  const Tree *tree = &module->tree;
  if (call_meaning(module, call) != CALL_WAIT_FOR) return false;
  if (has_no_limit(module, call_argument(module, call, 1, "timeout"))) return false;
  Node await = tree_parent(tree, call);
  if (!tree_is(tree, await, KIND_AWAIT)) return false;
  Node statement = tree_parent(tree, await);
  return !tree_is(tree, statement, KIND_EXPRESSION_STATEMENT) || !is_ignored(module, statement);
}

bool deadline_of_function(Module *module, FunctionId function, Deadline *deadline) {
  if (module->project == NULL || function == FUNCTION_MODULE) return false;
  Str name = name_of_definition(module, module_function(module, function)->qualified);
  const FunctionUses *started = project_uses_in(module->project, name, module->source->path);
  if (started == NULL || started->deadline == NULL) return false;
  *deadline =
    (Deadline){ started->deadline->name, started->deadline->path, started->deadline->position };
  return true;
}
