#include "python/foreign_cancel.h"

#include "python/asyncio_call.h"
#include "python/cancel_link.h"
#include "python/definition.h"
#include "python/flow.h"
#include "python/iterate.h"
#include "python/outcome.h"
#include "python/use.h"
#include "python/value.h"
#include "python/work.h"

enum {
  CHAIN_MAX_CLIMB = 6, /* from the coroutine's call up to the assignment of its task */
  DELEGATIONS_MAX = 3,
  SOURCES_MAX = 16,
};

static const char *const TASK_WORDS[] = { "task", "tasks", "future", "spawn", "start", "schedule" };
static const char *const CANCEL_WORDS[] = { "cancel", "cancels", "kill" };
static const char *const GUARD_WORDS[] = {
  "suppress", "suppresses", "suppressed", "ignore", "ignores", "ignoring", "swallow", "raises",
};

/* The clause that a CancelledError in the body of the try goes to, or NODE_NONE. */
static Node clause_for_cancellation(Module *module, Node try_statement) {
  Nodes clauses = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < clauses.count; i++) {
    Caught caught = caught_by(module, clauses.items[i]);
    if (caught_cancellation(module, &caught)) return clauses.items[i];
  }
  return NODE_NONE;
}

static bool is_suppressed_by(Module *module, Node with_statement) {
  const Tree *tree = &module->tree;
  Node items = tree_first(tree, with_statement);
  if (!tree_is(tree, items, KIND_WITH_CLAUSE)) return false;
  TREE_EACH_CHILD (tree, items, item) {
    if (!tree_is(tree, item, KIND_WITH_ITEM)) continue;
    Node call = suppressing_call(module, item);
    if (call == NODE_NONE) continue;
    Caught caught = caught_by_suppress(module, call);
    if (caught_cancellation(module, &caught)) return true;
  }
  return false;
}

bool cancellation_ends_at(Module *module, Node around, Node part) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, around, KIND_WITH_STATEMENT)) return is_suppressed_by(module, around);
  if (!tree_is(tree, around, KIND_TRY_STATEMENT) || part != try_body(module, around)) return false;
  Node clause = clause_for_cancellation(module, around);
  return clause != NODE_NONE && !handler_always_raises(module, clause);
}

/* --- guards --- */

/* A manager of the project or of a test library that says by its name that it takes exceptions. */
static bool is_named_guard(Module *module, Node with_statement) {
  const Tree *tree = &module->tree;
  Node items = tree_first(tree, with_statement);
  if (!tree_is(tree, items, KIND_WITH_CLAUSE)) return false;
  TREE_EACH_CHILD (tree, items, item) {
    Node entered =
      tree_is(tree, item, KIND_WITH_ITEM) ? with_item_expression(tree, item) : NODE_NONE;
    if (entered != NODE_NONE && HAS_WORD(module, last_name(module, entered), GUARD_WORDS))
      return true;
  }
  return false;
}

/* Whoever lists CancelledError has thought of it, whatever becomes of it then. */
static bool is_listed_at(Module *module, Node around, Node part) {
  if (!tree_is(&module->tree, around, KIND_TRY_STATEMENT)) return false;
  if (part != try_body(module, around)) return false;
  Node clause = clause_for_cancellation(module, around);
  return clause != NODE_NONE && caught_by(module, clause).cancelled;
}

static Reason guard_around(Module *module, Node node) {
  const Tree *tree = &module->tree;
  for (Node parent; (parent = tree_parent(tree, node)) != NODE_NONE; node = parent) {
    if (opens_function(tree, parent)) return NULL;
    if (is_listed_at(module, parent, node) || cancellation_ends_at(module, parent, node))
      return "a handler around the await takes the CancelledError";
    if (tree_is(tree, parent, KIND_WITH_STATEMENT) && is_named_guard(module, parent))
      return "the manager around the await takes exceptions, by its name";
    if (tree_is(tree, parent, KIND_EXCEPT_CLAUSE) && caught_by(module, parent).cancelled)
      return "this is the handler of a cancellation, which ends the coroutine anyway";
  }
  return NULL;
}

/* The call of a function of this file at a mention of its name, or NODE_NONE. */
static Node call_at(Module *module, Node identifier, const Function *function) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, identifier, KIND_IDENTIFIER)) return NODE_NONE;
  if (!str_equal(tree_text(tree, identifier), function->name)) return NODE_NONE;
  Node named = identifier;
  if (tree_field(tree, identifier) == FIELD_ATTRIBUTE) named = tree_parent(tree, identifier);
  Node call = named == NODE_NONE ? NODE_NONE : tree_parent(tree, named);
  return tree_is(tree, call, KIND_CALL) && call_function(module, call) == named ? call : NODE_NONE;
}

/* Whoever calls the function in this file takes the CancelledError that it lets out. */
static bool is_guarded_by_callers(Module *module, FunctionId id) {
  const Function *function = module_function(module, id);
  if (id == FUNCTION_MODULE || !may_search(module, 0)) return false;
  bool is_called = false;
  for (Node node = 0; node < module->tree.count; node++) {
    Node call = call_at(module, node, function);
    if (call == NODE_NONE) continue;
    if (guard_around(module, call) == NULL) return false;
    is_called = true;
  }
  return is_called;
}

/* t.cancelled() or t.cancelling() is asked somewhere in the function. */
static bool asks_for_cancelled(Module *module, FunctionId id) {
  const Tree *tree = &module->tree;
  Node body = module_function(module, id)->body;
  if (!may_search(module, body)) return true;
  EACH_ROW (tree, body, node) {
    if (!tree_is(tree, node, KIND_CALL)) continue;
    Str method = call_method(module, node);
    if (str_is(method, "cancelled") || str_is(method, "cancelling")) return true;
  }
  return false;
}

/* The function, or one that it awaits with no handler around, takes a cancellation and ends. */
static bool takes_cancellation(Module *module, const FunctionFacts *function, uint32_t depth) {
  if ((function->facts & FACT_TAKES_CANCELLATION) != 0) return true;
  if (depth == DELEGATIONS_MAX || module->project == NULL) return false;
  for (uint32_t i = 0; i < function->delegates.count; i++) {
    Str name = function->delegates.items[i].name;
    const FunctionFacts *next = name.len > 0 ? project_function(module->project, name) : NULL;
    if (next != NULL && takes_cancellation(module, next, depth + 1)) return true;
  }
  return false;
}

/* The coroutine of the task is known to end as usual when it is cancelled. */
static bool ends_as_usual(Module *module, Node task) {
  Nodes sources = sources_of(module, task);
  for (uint32_t i = 0; i < sources.count && i < SOURCES_MAX; i++) {
    Node call = sources.items[i];
    if (!tree_is(&module->tree, call, KIND_CALL)) continue;
    Node coroutine = call_positional(module, call, 0);
    if (!tree_is(&module->tree, coroutine, KIND_CALL)) continue;
    Callee callee = callee_of(module, coroutine);
    if (callee.function != NULL && takes_cancellation(module, callee.function, 0)) return true;
  }
  return false;
}

static Reason taken_care_of(Module *module, Node await, Node task) {
  FunctionId id = module_function_of(module, await);
  if (module->identity.is_test) return "a test sees by it what becomes of the task";
  Reason guard = guard_around(module, await);
  if (guard != NULL) return guard;
  if (asks_for_cancelled(module, id)) return "the function asks whether it was cancelled";
  if (ends_as_usual(module, task))
    return "the task takes the cancellation itself and ends as usual";
  if (is_guarded_by_callers(module, id))
    return "those who call this function take the CancelledError";
  return NULL;
}

/* --- cancelled before, in the same function --- */

/* Some wait of the function comes back before all of its tasks are done. */
static bool waits_for_first(Module *module, Node body) {
  EACH_ROW (&module->tree, body, node) {
    Wait wait;
    if (!tree_is(&module->tree, node, KIND_CALL) || !wait_of(module, node, &wait)) continue;
    if (wait.is_first_completed || wait.has_timeout) return true;
  }
  return false;
}

/* Where the name of a pair gets another value. */
typedef struct {
  Module *module;
  Nodes rebinds;
  Point goal;
} Path;

static bool binds_same(Module *module, Node node, Node key) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, node, tree_kind(tree, key))) return false;
  if (tree_is(tree, key, KIND_IDENTIFIER)) {
    BindingId binding = scopes_binding(&module->scopes, key);
    return binding != BINDING_NONE && scopes_binding(&module->scopes, node) == binding &&
      occurrence_binds(scopes_occurrence(&module->scopes, node));
  }
  Node parent = tree_parent(tree, node);
  return tree_is(tree, parent, KIND_ASSIGNMENT) && tree_field(tree, node) == FIELD_LEFT &&
    tree_same(tree, node, key);
}

static Walk visit(void *state, const Flow *flow, Point point) {
  Path *path = state;
  if (point == path->goal) return WALK_STOP;
  for (uint32_t i = 0; i < path->rebinds.count; i++) {
    if (flow_point(flow, path->rebinds.items[i]) == point) return WALK_CUT;
  }
  return WALK_ON;
}

/* The value that the pair's name has where it is cancelled can still be there at the await. */
static bool stays_until(Module *module, const CancelPair *pair, Node await) {
  FunctionId id = module_function_of(module, await);
  const Flow *flow = module_flow(module, id);
  Path path = { .module = module, .goal = flow_point(flow, await) };
  Point from = flow_point(flow, pair->site);
  Node body = module_function(module, id)->body;
  if (from == POINT_NONE || path.goal == POINT_NONE || !may_search(module, body)) return false;
  if (from == path.goal) return false;
  EACH_ROW (&module->tree, body, node) {
    if (binds_same(module, node, pair->asked)) vec_push(module->arena, &path.rebinds, node);
  }
  return flow_walk(module, flow, from, EDGES_ALL, visit, &path);
}

/* `if task.cancel():` looks at what becomes of it. */
static bool is_plain_cancel(Module *module, Node site) {
  const Tree *tree = &module->tree;
  Node call = tree_is(tree, site, KIND_CALL) ? site : tree_parent(tree, site);
  if (!tree_is(tree, call, KIND_CALL) || call_method(module, call).len == 0) return false;
  return str_is(call_method(module, call), "cancel") && call_receiver(module, call) != NODE_NONE;
}

/* Those that a wait left pending are cancelled in a loop, and one that is done is awaited by its
   own name. */
static bool is_picked_by_wait(Module *module, Node site, Node task) {
  const Tree *tree = &module->tree;
  Node cancelled =
    tree_is(tree, site, KIND_ATTRIBUTE) ? tree_child(tree, site, FIELD_OBJECT) : site;
  if (cancelled == NODE_NONE || tree_same(tree, cancelled, task)) return false;
  Node body = module_function(module, module_function_of(module, task))->body;
  return may_search(module, body) && waits_for_first(module, body);
}

static Node cancelled_before(Module *module, Node await, Node task) {
  FunctionId id = module_function_of(module, await);
  CancelPairs pairs = cancel_pairs(module, task, module_function(module, id)->node);
  for (uint32_t i = 0; i < pairs.count; i++) {
    const CancelPair *pair = &pairs.items[i];
    if (module_function_of(module, pair->site) != id) continue;
    if (!is_plain_cancel(module, pair->site) || is_picked_by_wait(module, pair->site, task))
      continue;
    if (stays_until(module, pair, await)) return pair->site;
  }
  return NODE_NONE;
}

/* --- cancelled by another method --- */

static bool is_own_attribute(Module *module, Node node) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, node, KIND_ATTRIBUTE)) return false;
  Node object = tree_child(tree, node, FIELD_OBJECT);
  bool is_class;
  return tree_is(tree, object, KIND_IDENTIFIER) &&
    self_class(module, object, &is_class) != CLASS_NONE;
}

/* The function has the task cancelled itself, at another time: it calls the one that does. */
static bool calls(Module *module, FunctionId caller, FunctionId callee) {
  const Function *function = module_function(module, callee);
  Node body = module_function(module, caller)->body;
  if (!may_search(module, body)) return true;
  EACH_ROW (&module->tree, body, node) {
    Node call = call_at(module, node, function);
    Node receiver = call == NODE_NONE ? NODE_NONE : call_receiver(module, call);
    bool is_class;
    if (!tree_is(&module->tree, receiver, KIND_IDENTIFIER)) continue;
    if (self_class(module, receiver, &is_class) != CLASS_NONE) return true;
  }
  return false;
}

static bool iterates(Module *module, Node name) {
  Nodes definitions = definitions_of(module, name);
  for (uint32_t i = 0; i < definitions.count; i++) {
    if (iterated_collection(module, definitions.items[i]) != NODE_NONE) return true;
  }
  return false;
}

/* The function cancels several things: whatever runs beside the task ends with it. */
static bool cancels_several(Module *module, FunctionId id) {
  const Tree *tree = &module->tree;
  Node body = module_function(module, id)->body, first = NODE_NONE;
  if (!may_search(module, body)) return true;
  EACH_ROW (tree, body, node) {
    if (!tree_is(tree, node, KIND_CALL)) continue;
    Node object = call_receiver(module, node);
    if (!str_is(call_method(module, node), "cancel")) object = call_positional(module, node, 0);
    bool cancels = str_is(call_method(module, node), "cancel") ||
      HAS_WORD(module, call_method(module, node), CANCEL_WORDS);
    if (!cancels || object == NODE_NONE) continue;
    if (tree_is(tree, object, KIND_IDENTIFIER) && iterates(module, object)) return true;
    if (first != NODE_NONE && !tree_same(tree, first, object)) return true;
    first = object;
  }
  return false;
}

/* The coroutine is a part of the object that ends with the task. */
static bool ends_together(Module *module, FunctionId waiter, FunctionId canceller) {
  const Function *function = module_function(module, waiter);
  bool is_part = started_as(module, waiter) == STARTED_AS_TASK ||
    (str_starts_with(function->name, STR("_")) && !str_starts_with(function->name, STR("__")));
  return is_part && cancels_several(module, canceller);
}

static Node cancelled_elsewhere(Module *module, Node await, Node task) {
  FunctionId id = module_function_of(module, await);
  ClassId class_id = enclosing_class(module, await);
  if (class_id == CLASS_NONE || !value_is(module, task, VALUE_TASK)) return NODE_NONE;
  CancelPairs pairs = cancel_pairs(module, task, module_class(module, class_id)->node);
  Node site = NODE_NONE;
  for (uint32_t i = 0; i < pairs.count; i++) {
    const CancelPair *pair = &pairs.items[i];
    if (enclosing_class(module, pair->site) != class_id) continue;
    if (module_function_of(module, pair->site) == id) return NODE_NONE;
    if (!is_own_attribute(module, pair->asked)) continue;
    FunctionId canceller = module_function_of(module, pair->site);
    if (calls(module, id, canceller) || ends_together(module, id, canceller)) return NODE_NONE;
    if (site == NODE_NONE) site = pair->site;
  }
  return site;
}

/* --- a run that waits for the one before --- */

static bool names_same(Module *module, Node expression, Node target) {
  const Tree *tree = &module->tree;
  if (tree_same(tree, expression, target)) return true;
  if (!tree_is(tree, expression, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, expression);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node value = defined_value(module, definitions.items[i]);
    if (value != NODE_NONE && tree_same(tree, value, target)) return true;
  }
  return false;
}

/* What the task that is made of the call's coroutine is assigned to, or NODE_NONE. */
static Node home_of_task(Module *module, Node call) {
  const Tree *tree = &module->tree;
  bool is_task = false;
  Node node = call;
  for (uint32_t i = 0; i < CHAIN_MAX_CLIMB; i++) {
    Node parent = tree_parent(tree, node);
    if (tree_is(tree, parent, KIND_ASSIGNMENT))
      return is_task && tree_field(tree, node) == FIELD_RIGHT ? tree_child(tree, parent, FIELD_LEFT)
                                                              : NODE_NONE;
    bool is_argument = tree_is(tree, parent, KIND_ARGUMENT_LIST);
    if (!is_argument && !tree_is(tree, parent, KIND_CALL)) return NODE_NONE;
    if (tree_is(tree, parent, KIND_CALL))
      is_task = HAS_WORD(module, last_name(module, parent), TASK_WORDS);
    node = parent;
  }
  return NODE_NONE;
}

/* The argument of the call for the parameter. */
static Node argument_for(Module *module, Node call, const Function *function, Str name) {
  Node value = NODE_NONE;
  uint32_t skipped = function->class_id != CLASS_NONE && !function->is_static ? 1 : 0;
  for (uint32_t i = skipped; i < function->parameters.count; i++) {
    if (!str_equal(function->parameters.items[i].name, name)) continue;
    value = call_positional(module, call, i - skipped);
  }
  TREE_EACH_CHILD (&module->tree, tree_child(&module->tree, call, FIELD_ARGUMENTS), argument) {
    if (!tree_is(&module->tree, argument, KIND_KEYWORD_ARGUMENT)) continue;
    if (str_equal(tree_text(&module->tree, tree_child(&module->tree, argument, FIELD_NAME)), name))
      value = tree_child(&module->tree, argument, FIELD_VALUE);
  }
  return value;
}

static Node handed_by_next_run(Module *module, Node await, Node task) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, task, KIND_IDENTIFIER)) return NODE_NONE;
  Nodes definitions = definitions_of(module, task);
  if (definitions.count != 1) return NODE_NONE;
  if (scopes_occurrence(&module->scopes, definitions.items[0]) != OCCURRENCE_PARAMETER)
    return NODE_NONE;
  if (!value_is(module, task, VALUE_TASK) && !HAS_WORD(module, tree_text(tree, task), TASK_WORDS))
    return NODE_NONE;
  const Function *function = module_function(module, module_function_of(module, await));
  if (!may_search(module, 0)) return NODE_NONE;
  for (Node node = 0; node < tree->count; node++) {
    Node call = call_at(module, node, function);
    if (call == NODE_NONE || tree_child(tree, call, FIELD_ARGUMENTS) == NODE_NONE) continue;
    Node argument = argument_for(module, call, function, tree_text(tree, task));
    Node home = argument == NODE_NONE ? NODE_NONE : home_of_task(module, call);
    if (home != NODE_NONE && names_same(module, argument, home)) return call;
  }
  return NODE_NONE;
}

/* --- the answer --- */

/* What an await waits for directly: through wait_for and shield, a gather as a whole if it
   raises. */
static Node awaited_task(Module *module, Node await) {
  const Tree *tree = &module->tree;
  Node operand = tree_first(tree, await);
  for (uint32_t i = 0; i < DELEGATIONS_MAX && tree_is(tree, operand, KIND_CALL); i++) {
    CallMeaning meaning = call_meaning(module, operand);
    Gather gather;
    if (meaning == CALL_GATHER)
      return gather_of(module, operand, &gather) && !gather.may_collect ? operand : NODE_NONE;
    if (meaning != CALL_WAIT_FOR && meaning != CALL_SHIELD) return NODE_NONE;
    operand = call_positional(module, operand, 0);
  }
  bool is_name = tree_is(tree, operand, KIND_IDENTIFIER) ||
    tree_is(tree, operand, KIND_ATTRIBUTE) || tree_is(tree, operand, KIND_SUBSCRIPT);
  return is_name && !value_is(module, operand, VALUE_DONE_TASK) ? operand : NODE_NONE;
}

static Foreign find_foreign(Module *module, Node await) {
  Foreign foreign = { .kind = FOREIGN_BEFORE, .task = awaited_task(module, await) };
  if (foreign.task == NODE_NONE || !module_in_coroutine(module, await))
    return (Foreign){ .kind = FOREIGN_NONE };
  foreign.cause = cancelled_before(module, await, foreign.task);
  if (foreign.cause != NODE_NONE) return foreign;
  foreign.kind = FOREIGN_CHAIN;
  foreign.cause = handed_by_next_run(module, await, foreign.task);
  if (foreign.cause != NODE_NONE) return foreign;
  foreign.kind = FOREIGN_ELSEWHERE;
  foreign.cause = cancelled_elsewhere(module, await, foreign.task);
  if (foreign.cause == NODE_NONE) foreign.kind = FOREIGN_NONE;
  return foreign;
}

Foreign foreign_cancel_of(Module *module, Node await, Reason *why) {
  Foreign foreign = find_foreign(module, await);
  if (foreign.kind == FOREIGN_NONE) return foreign;
  *why = taken_care_of(module, await, foreign.task);
  if (*why != NULL) foreign.kind = FOREIGN_NONE;
  return foreign;
}
