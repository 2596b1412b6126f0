#include "python/dropped.h"

#include "python/asyncio_call.h"
#include "python/awaits.h"
#include "python/entry.h"
#include "python/flow.h"
#include "python/outcome.h"
#include "python/use.h"
#include "python/work.h"

static const char *const ADDING_METHODS[] = { "append", "add", "appendleft", "insert" };

/* The only thing that happens to it is that it takes itself out of a set that it was never put
   into. */
static bool only_discards(Module *module, const Uses *uses) {
  for (uint32_t i = 0; i < uses->count; i++) {
    const Use *use = &uses->items[i];
    if (use->kind != USE_METHOD || !str_is(use->name, "add_done_callback")) return false;
    Node callback = call_positional(module, use->consumer, 0);
    if (callback == NODE_NONE) return false;
    if (!str_ends_with(tree_text(&module->tree, callback), STR(".discard"))) return false;
  }
  return uses->count > 0;
}

/* A lambda that is given away as a callback: its caller ignores what it returns. Not so Context.run
   and its kind, which hand it back. */
static bool is_callback_result(const Module *module, const Use *use) {
  const Tree *tree = &module->tree;
  if (use->kind != USE_RETURNED || !tree_is(tree, use->consumer, KIND_LAMBDA)) return false;
  Node parent = tree_parent(tree, use->consumer);
  if (tree_is(tree, parent, KIND_KEYWORD_ARGUMENT)) return true;
  if (!tree_is(tree, parent, KIND_ARGUMENT_LIST)) return false;
  return !str_is(call_method(module, tree_parent(tree, parent)), "run");
}

/* A local that lives no longer than the statement, as far as the task is concerned: nothing is
   awaited while it holds it. */
static bool dies_at_once(Module *module, Node expression) {
  return module_function_of(module, expression) != FUNCTION_MODULE &&
    !flow_suspends_after(module, expression);
}

/* Nothing but filling it is done with the collection. */
static bool is_only_filled(const Uses *uses) {
  for (uint32_t i = 0; i < uses->count; i++) {
    if (uses->items[i].kind != USE_DROPPED &&
        (uses->items[i].kind != USE_METHOD || !STR_IN(uses->items[i].name, ADDING_METHODS))) {
      return false;
    }
  }
  return true;
}

static bool is_dying_collection(Module *module, Node collection) {
  Uses uses = uses_of(module, collection);
  if (!is_only_filled(&uses)) return false;
  return uses_have(&uses, USE_DROPPED) || dies_at_once(module, collection);
}

/* `tasks.append(create_task(…))` where the local `tasks` is only ever filled. */
static bool is_added_to_dying(Module *module, const Use *use) {
  const Tree *tree = &module->tree;
  Node receiver = call_receiver(module, use->consumer);
  if (!STR_IN(call_method(module, use->consumer), ADDING_METHODS)) return false;
  if (!tree_is(tree, receiver, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, receiver);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node made = defined_value(module, definitions.items[i]);
    bool is_display = tree_is(tree, made, KIND_LIST) || tree_is(tree, made, KIND_SET) ||
      (tree_is(tree, made, KIND_CALL) && call_positional_count(module, made) == 0);
    if (!is_display || !is_dying_collection(module, made)) return false;
  }
  return definitions.count > 0;
}

static bool is_lost(Module *module, Node call, const Use *use) {
  if (use->kind == USE_DROPPED || is_callback_result(module, use)) return true;
  if (use->kind == USE_ARGUMENT)
    return is_added_to_dying(module, use) && dies_at_once(module, call);
  return use->kind == USE_CONTAINED && use->consumer != call &&
    is_dying_collection(module, use->consumer);
}

bool is_dropped_task(Module *module, Node call, Reason *why) {
  Uses uses = uses_of(module, call);
  if (uses.count == 0 && !dies_at_once(module, call))
    return no_fault(why, "a name keeps the task, and lives on while the code awaits or runs on");
  if (only_discards(module, &uses)) return true;
  for (uint32_t i = 0; i < uses.count; i++) {
    if (!is_lost(module, call, &uses.items[i]))
      return no_fault(why, use_meaning(uses.items[i].kind));
  }
  return true;
}

bool is_dropped_future(Module *module, Node call, Reason *why) {
  Uses uses = uses_of(module, call);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (uses.items[i].kind != USE_DROPPED) return no_fault(why, use_meaning(uses.items[i].kind));
  }
  if (uses.count == 0 && module_function_of(module, call) == FUNCTION_MODULE)
    return no_fault(why, "a name of the module keeps it");
  return true;
}

/* What a script runs: its own top level, its main, or a function that the top level calls. */
static bool is_script(Module *module, FunctionId id) {
  static const char *const names[] = { "main", "_main" };
  const Function *function = module_function(module, id);
  if (id == FUNCTION_MODULE || STR_IN(function->name, names)) return true;
  if (function->class_id != CLASS_NONE) return false;
  Nodes reads = reads_of(module, tree_child(&module->tree, function->node, FIELD_NAME));
  for (uint32_t i = 0; i < reads.count; i++) {
    Node call = tree_parent(&module->tree, reads.items[i]);
    if (tree_is(&module->tree, call, KIND_CALL) && module_function_of(module, call) == FUNCTION_MODULE)
      return true;
  }
  return false;
}

/* `_ = loop.create_task(…)`: as long as the function runs, its frame holds the task. */
static bool is_in_frame(const Tree *tree, Node call) {
  Node assignment = tree_parent(tree, call);
  return tree_is(tree, assignment, KIND_ASSIGNMENT) &&
    tree_is(tree, tree_child(tree, assignment, FIELD_LEFT), KIND_IDENTIFIER);
}

Reason task_is_kept(Module *module, Node call) {
  Reason why = NULL;
  if (!is_dropped_task(module, call, &why)) return why;
  if (is_in_frame(&module->tree, call) && starts_loop_after(module, call))
    return "the function's frame holds it while the function runs the loop";
  if (is_script(module, module_function_of(module, call)) && starts_loop_after(module, call))
    return "the script goes on to run the loop: what it drops before is let pass";
  if (project_sets_task_factory(module->project, &module->identity))
    return "the package sets a task factory of its own, which may keep tasks";
  return NULL;
}

static bool is_signal_handler(Module *module, Node function) {
  const Tree *tree = &module->tree;
  Node arguments = tree_parent(tree, function);
  return tree_is(tree, arguments, KIND_ARGUMENT_LIST) &&
    str_is(call_method(module, tree_parent(tree, arguments)), "add_signal_handler");
}

/* The node is evaluated by a function that is given to add_signal_handler. */
static bool handles_signal(Module *module, Node node) {
  const Tree *tree = &module->tree;
  const Function *function = module_function(module, module_function_of(module, node));
  if (is_signal_handler(module, node) || is_signal_handler(module, function->node)) return true;
  if (!tree_is(tree, function->node, KIND_FUNCTION_DEFINITION)) return false;
  Node name = tree_child(tree, function->node, FIELD_NAME);
  Nodes reads = { 0 };
  if (name != NODE_NONE) reads = reads_of(module, name);
  for (uint32_t i = 0; i < reads.count; i++) {
    if (is_signal_handler(module, reads.items[i])) return true;
  }
  return false;
}

bool is_small_loss(Module *module, Node call) {
  Node coroutine = call_positional(module, call, 0);
  if (tree_is(&module->tree, coroutine, KIND_CALL) && handles_own_errors(module, coroutine))
    return true;
  return handles_signal(module, call);
}

Node handler_of_start_only(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node try_statement = try_around(module, call);
  if (try_statement == NODE_NONE) return NODE_NONE;
  Node last = tree_last_child(tree, try_body(module, try_statement));
  if (last == NODE_NONE || !tree_inside(tree, call, last)) return NODE_NONE;
  if (!tree_is(tree, last, KIND_EXPRESSION_STATEMENT) || tree_first(tree, last) != call)
    return NODE_NONE;
  if (awaits_in(module, try_body(module, try_statement)).count > 0) return NODE_NONE;
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    if (caught_by(module, handlers.items[i]).exception) return handlers.items[i];
  }
  return NODE_NONE;
}
