#include "python/siblings.h"

#include "python/answer.h"
#include "python/coroutine_call.h"
#include "python/definition.h"
#include "python/entry.h"
#include "python/iterate.h"
#include "python/outcome.h"
#include "python/swallow.h"
#include "python/target.h"
#include "python/use.h"
#include "python/value.h"
#include "python/work.h"

/* Code that cancels something, or waits for several things: it takes care of the rest. */
static bool takes_care(Module *module, Node block) {
  static const char *const words[] = { "cancel", "cancels", "cancelled" };
  if (!may_search(module, block)) return true;
  EACH_ROW (&module->tree, block, row) {
    if (!tree_is(&module->tree, row, KIND_CALL)) continue;
    CallMeaning meaning = call_meaning(module, row);
    if (meaning == CALL_CANCEL || meaning == CALL_GATHER || meaning == CALL_WAIT) return true;
    if (HAS_WORD(module, last_name(module, row), words)) return true;
  }
  return false;
}

/* A try of the function that meets the failure and takes care of the rest, whatever the failure
   is. */
static bool is_cleaned_up(Module *module, Node node) {
  for (Node outer = try_around(module, node); outer != NODE_NONE;
       outer = try_around(module, outer)) {
    Node finally = try_finally(module, outer);
    if (finally != NODE_NONE && takes_care(module, finally)) return true;
    Nodes handlers = try_handlers(module, outer);
    for (uint32_t i = 0; i < handlers.count; i++) {
      Caught caught = caught_by(module, handlers.items[i]);
      bool is_broad = caught.is_bare || caught.base_exception || caught.exception;
      if (is_broad && takes_care(module, handlers.items[i])) return true;
    }
  }
  return false;
}

/* Nobody stays behind to be disturbed, or the code is on its way out already. */
static Reason out_of_scope(Module *module, Node node) {
  if (in_handler(module, node)) return "this runs in a handler or finally, after a failure";
  if (in_cleanup_function(module, node)) return "this closes something, and ends soon after";
  if (is_main_coroutine(module, module_function_of(module, node)))
    return "the program ends here, and the loop takes the rest along";
  if (is_cleaned_up(module, node)) return "a handler or finally around it sees to the rest";
  return NULL;
}

/* An awaitable out of a container that this function, or the one around it, fills. */
static bool is_from_own_container(Module *module, Node awaitable) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, awaitable, KIND_SUBSCRIPT)) return false;
  Node object = tree_child(tree, awaitable, FIELD_VALUE);
  if (!tree_is(tree, object, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_anywhere(module, object);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node value = defined_value(module, definitions.items[i]);
    if (value == NODE_NONE || !is_collection(module, value)) return false;
  }
  return definitions.count > 0;
}

static bool is_started_here(Module *module, Node awaitable) {
  return work_of(module, awaitable) == WORK_FRESH || is_from_own_container(module, awaitable);
}

/* A clause for cancellations only: what it raises is no failure. */
static bool lets_failure_out(Module *module, Node clause) {
  Caught caught = caught_by(module, clause);
  bool is_failure = !caught.cancelled || caught.base_exception || lists_ordinary_errors(&caught);
  return is_failure && handler_may_raise(module, clause);
}

/* The callee logs or tests an error and raises it on: enough to be noticed, not enough to spare the
   siblings. */
static bool raises_on(Module *module, Node awaitable) {
  const Tree *tree = &module->tree;
  for (int depth = 0; depth < 3 && tree_is(tree, awaitable, KIND_CALL); depth++) {
    if (!makes_task(module, awaitable)) break;
    awaitable = call_positional(module, awaitable, 0);
  }
  if (!tree_is(tree, awaitable, KIND_CALL)) return false;
  Callee callee = callee_of(module, awaitable);
  FunctionId id = callee.name.len > 0 ? function_named(module, callee.name) : FUNCTION_NONE;
  if (id == FUNCTION_NONE) return false;
  EACH_ROW (tree, module_function(module, id)->body, row) {
    if (tree_is(tree, row, KIND_EXCEPT_CLAUSE) && lets_failure_out(module, row)) return true;
  }
  return false;
}

static bool can_fail(Module *module, Node awaitable) {
  return is_from_own_container(module, awaitable) || !answers_for_itself(module, awaitable) ||
    raises_on(module, awaitable);
}

/* One that fails and one that is left: an element of a comprehension or star stands for many. */
static Reason no_sibling_left(Module *module, Node call, const Nodes *awaitables, Node *started) {
  uint32_t failing = 0, own = 0;
  for (uint32_t i = 0; i < awaitables->count; i++) {
    Node awaitable = awaitables->items[i];
    if (!is_started_here(module, awaitable)) continue;
    bool is_many =
      tree_is(&module->tree, tree_parent(&module->tree, awaitable), KIND_ARGUMENT_LIST) == false ||
      tree_parent(&module->tree, tree_parent(&module->tree, awaitable)) != call;
    own += is_many ? 2 : 1;
    if (!can_fail(module, awaitable)) continue;
    if (failing++ == 0) *started = awaitable;
  }
  if (own == 0) return "others started this work, or may have, and answer for it";
  if (own == 1) return "only one of them is started here";
  return failing > 0 ? NULL : "none of them fails without handling the error itself";
}

/* --- others see to the rest --- */

/* `await asyncio.wait(tasks)`, which comes back when all of them are done. */
static bool waits_for_all(Module *module, Node await, BindingId collection) {
  Wait wait;
  Node call = tree_first(&module->tree, await);
  if (!tree_is(&module->tree, call, KIND_CALL) || !wait_of(module, call, &wait)) return false;
  if (wait.has_timeout || wait.is_first_completed) return false;
  return tree_is(&module->tree, wait.collection, KIND_IDENTIFIER) &&
    scopes_binding(&module->scopes, wait.collection) == collection;
}

/* The same tasks were waited for on the way here. */
static bool is_waited_before(Module *module, Node awaited, Node collection) {
  const Tree *tree = &module->tree;
  BindingId binding = tree_is(tree, collection, KIND_IDENTIFIER)
    ? scopes_binding(&module->scopes, collection)
    : BINDING_NONE;
  Node body = module_function(module, module_function_of(module, awaited))->body;
  if (binding == BINDING_NONE || body == NODE_NONE || !may_search(module, body)) return false;
  EACH_ROW (tree, body, row) {
    if (row >= awaited) break;
    if (!tree_is(tree, row, KIND_AWAIT) || !waits_for_all(module, row, binding)) continue;
    Node block = tree_parent(tree, tree_statement(tree, row));
    if (block != NODE_NONE && tree_inside(tree, awaited, block)) return true;
  }
  return false;
}

/* A method that closes the object cancels or awaits what the attribute holds. */
static bool is_cancelled_by_closing(Module *module, Node attribute) {
  const Tree *tree = &module->tree;
  bool is_class;
  ClassId class_id = self_class(module, tree_child(tree, attribute, FIELD_OBJECT), &is_class);
  if (class_id == CLASS_NONE) return false;
  Nodes mentions = attribute_occurrences(
    module, class_id, tree_text(tree, tree_child(tree, attribute, FIELD_ATTRIBUTE))
  );
  for (uint32_t i = 0; i < mentions.count; i++) {
    const Function *function =
      module_function(module, module_function_of(module, mentions.items[i]));
    if (!is_cleanup_function(module, function) || function->body == NODE_NONE) continue;
    if (takes_care(module, function->body)) return true;
  }
  return false;
}

/* self._tasks, or a name for it. */
static bool is_closed_with_object(Module *module, Node collection) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, collection, KIND_ATTRIBUTE)) return is_cancelled_by_closing(module, collection);
  if (!tree_is(tree, collection, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, collection);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node value = defined_value(module, definitions.items[i]);
    if (tree_is(tree, value, KIND_ATTRIBUTE) && is_cancelled_by_closing(module, value)) return true;
  }
  return false;
}

/* The collections that the call stars. */
static Reason seen_to_elsewhere(Module *module, Node call, Node awaited) {
  const Tree *tree = &module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (arguments == NODE_NONE) return NULL;
  TREE_EACH_CHILD (tree, arguments, argument) {
    if (!is_splat(tree, argument)) continue;
    Node collection = tree_first(tree, argument);
    if (is_waited_before(module, awaited, collection))
      return "all of them were waited for before, and are done";
    if (is_closed_with_object(module, collection))
      return "they lie in an attribute, and a method that closes the object sees to them";
  }
  return NULL;
}

bool siblings_of_gather(Module *module, Node awaited, Siblings *siblings, Reason *why) {
  Node call = awaited_gather(module, awaited);
  Gather gather;
  if (call == NODE_NONE || !gather_of(module, call, &gather)) return false;
  if (gather.may_collect)
    return no_fault(why, "with return_exceptions all of them are awaited to their ends");
  *siblings = (Siblings){ .wait = call, .started = NODE_NONE, .raises = awaited };
  *why = no_sibling_left(module, call, &gather.awaitables, &siblings->started);
  if (*why == NULL) *why = out_of_scope(module, awaited);
  if (*why == NULL) *why = seen_to_elsewhere(module, call, awaited);
  return *why == NULL;
}

/* `results = await gather(…)`, `return await gather(…)`. */
static Node statement_of_results(const Tree *tree, Node awaited) {
  Node parent = tree_parent(tree, awaited);
  if (tree_is(tree, parent, KIND_RETURN_STATEMENT)) return parent;
  bool is_assigned =
    tree_is(tree, parent, KIND_ASSIGNMENT) && tree_field(tree, awaited) == FIELD_RIGHT;
  Node statement = is_assigned ? tree_parent(tree, parent) : NODE_NONE;
  return tree_is(tree, statement, KIND_EXPRESSION_STATEMENT) ? statement : NODE_NONE;
}

bool fits_task_group(Module *module, Node awaited, Node *statement) {
  enum { FIRST_WITH_GROUPS = 11 };
  const Tree *tree = &module->tree;
  Node call = awaited_gather(module, awaited);
  *statement = statement_of_results(tree, awaited);
  if (call == NODE_NONE || *statement == NODE_NONE || module->target.minor < FIRST_WITH_GROUPS)
    return false;
  if (try_around(module, awaited) != NODE_NONE) return false;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  TREE_EACH_CHILD (tree, arguments, argument) {
    if (!makes_coroutine(module, argument)) return false;
  }
  return true;
}

/* `await task` or `task.result()` of what has just finished. */
static bool reads_outcome(Module *module, Node row, Node variable) {
  const Tree *tree = &module->tree;
  Node operand = NODE_NONE;
  if (tree_is(tree, row, KIND_AWAIT)) operand = tree_first(tree, row);
  if (tree_is(tree, row, KIND_CALL) && str_is(call_method(module, row), "result"))
    operand = call_receiver(module, row);
  if (operand == NODE_NONE) return false;
  if (variable == NODE_NONE) return value_is(module, operand, VALUE_DONE_TASK);
  return tree_is(tree, operand, KIND_IDENTIFIER) &&
    scopes_binding(&module->scopes, operand) == scopes_binding(&module->scopes, variable);
}

/* A handler of a try inside of `limit` meets the failure. */
static bool is_met_inside(Module *module, Node node, Node limit) {
  for (Node inner = try_around(module, node);
       inner != NODE_NONE && tree_inside(&module->tree, inner, limit);
       inner = try_around(module, inner)) {
    if (try_handlers(module, inner).count > 0) return true;
  }
  return false;
}

bool siblings_of_loop(Module *module, Node for_statement, Siblings *siblings, Reason *why) {
  const Tree *tree = &module->tree;
  Node call = tree_child(tree, for_statement, FIELD_RIGHT),
       variable = tree_child(tree, for_statement, FIELD_LEFT);
  if (!tree_is(tree, call, KIND_CALL) || call_meaning(module, call) != CALL_AS_COMPLETED)
    return false;
  Node collection = call_argument(module, call, 0, "fs");
  if (collection == NODE_NONE || !tree_is(tree, variable, KIND_IDENTIFIER) || work_of(module, collection) != WORK_FRESH)
    return false;
  bool is_complete;
  Nodes awaitables = elements_of(module, collection, &is_complete);
  *siblings = (Siblings){ .wait = call, .started = NODE_NONE, .raises = NODE_NONE };
  *why = no_sibling_left(module, call, &awaitables, &siblings->started);
  if (*why == NULL) *why = out_of_scope(module, for_statement);
  if (*why != NULL) return false;
  Node body = tree_child(tree, for_statement, FIELD_BODY);
  EACH_ROW (tree, body, row) {
    if (!reads_outcome(module, row, variable) || is_met_inside(module, row, for_statement))
      continue;
    siblings->raises = row;
    return true;
  }
  return no_fault(why, "no failure leaves the loop: a handler inside of it meets each");
}

bool siblings_of_wait(Module *module, Node awaited, Siblings *siblings, Reason *why) {
  const Tree *tree = &module->tree;
  Wait wait;
  Node call = tree_first(tree, awaited);
  if (!tree_is(tree, call, KIND_CALL) || !wait_of(module, call, &wait)) return false;
  if (!wait.is_first_completed || !wait_reads(module, awaited).reads_done) return false;
  Nodes made = { 0 };
  for (uint32_t i = 0; i < wait.awaitables.count; i++) {
    Node awaitable = wait.awaitables.items[i];
    if (makes_task(module, awaitable)) vec_push(module->arena, &made, awaitable);
  }
  *siblings = (Siblings){ .wait = call, .started = NODE_NONE, .raises = NODE_NONE };
  *why = no_sibling_left(module, call, &made, &siblings->started);
  if (*why == NULL) *why = out_of_scope(module, awaited);
  if (*why != NULL) return false;
  Node body = module_function(module, module_function_of(module, awaited))->body;
  if (!may_search(module, body)) return false;
  EACH_ROW (tree, body, row) {
    if (tree_is(tree, row, KIND_CALL) && call_meaning(module, row) == CALL_CANCEL)
      return no_fault(why, "the function cancels what is left");
  }
  EACH_ROW (tree, body, row) {
    if (row < awaited || !reads_outcome(module, row, NODE_NONE) || is_met_inside(module, row, body))
      continue;
    siblings->raises = row;
    return true;
  }
  return no_fault(why, "no failure leaves this function: a handler meets each");
}
