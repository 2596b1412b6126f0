#include "python/answer.h"

#include "python/flow.h"
#include "python/outcome.h"
#include "python/use.h"

bool in_handler(const Module *module, Node node) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, node);
  for (Node outer = node; outer != NODE_NONE; outer = tree_parent(tree, outer)) {
    if (module_function_of(module, outer) != function) return false;
    if (tree_is(tree, outer, KIND_EXCEPT_CLAUSE) || tree_is(tree, outer, KIND_FINALLY_CLAUSE)) return true;
  }
  return false;
}

/* The call that does the work: f(x) of create_task(f(x)), wait_for(f(x), 3), shield(f(x)). */
static Node working_call(Module *module, Node awaitable) {
  for (int depth = 0; depth < 4 && tree_is(&module->tree, awaitable, KIND_CALL); depth++) {
    CallMeaning meaning = call_meaning(module, awaitable);
    bool is_wrapper = meaning == CALL_CREATE_TASK || meaning == CALL_ENSURE_FUTURE ||
                      meaning == CALL_WAIT_FOR || meaning == CALL_SHIELD;
    Node inner = is_wrapper ? call_positional(module, awaitable, 0) : NODE_NONE;
    if (inner == NODE_NONE) return awaitable;
    awaitable = inner;
  }
  return awaitable;
}

bool answers_for_itself(Module *module, Node awaitable) {
  Node call = working_call(module, awaitable);
  if (!tree_is(&module->tree, call, KIND_CALL)) return work_of(module, call) != WORK_FRESH;
  return handles_own_errors(module, call) || call_cannot_fail(module, call);
}

uint32_t unanswered_count(Module *module, const Nodes *awaitables) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < awaitables->count; i++) {
    count += !answers_for_itself(module, awaitables->items[i]);
  }
  return count;
}

static Node without_star(const Tree *tree, Node argument) {
  return tree_is(tree, argument, KIND_LIST_SPLAT) ? tree_first(tree, argument) : argument;
}

static bool is_name_mentioned_later(Module *module, Node call, Node name) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, name, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, name);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Nodes reads = reads_of(module, definitions.items[i]);
    for (uint32_t k = 0; k < reads.count; k++) {
      Node read = reads.items[k];
      if (tree_inside(tree, read, call)) continue;
      if (module_function_of(module, read) != module_function_of(module, call)) return true;
      if (flow_reaches(module, call, read, EDGES_ALL)) return true;
    }
  }
  return false;
}

bool is_mentioned_later(Module *module, Node call, Node argument) {
  const Tree *tree = &module->tree;
  argument = without_star(tree, argument);
  if (argument == NODE_NONE) return false;
  bool is_display = tree_is(tree, argument, KIND_LIST) || tree_is(tree, argument, KIND_TUPLE) ||
                    tree_is(tree, argument, KIND_SET);
  if (!is_display) return is_name_mentioned_later(module, call, argument);
  TREE_EACH_CHILD (tree, argument, item) {
    if (is_name_mentioned_later(module, call, without_star(tree, item))) return true;
  }
  return false;
}

/* Some callback of the function may look at the tasks. */
static bool attaches_callback(Module *module, Node node) {
  FunctionId function = module_function_of(module, node);
  const Tree *tree = &module->tree;
  Node body = module_function(module, function)->body;
  for (Node row = body; row < tree_after(tree, body); row++) {
    if (!tree_is(tree, row, KIND_CALL) || module_function_of(module, row) != function) continue;
    if (str_is(call_method(module, row), "add_done_callback")) return true;
  }
  return false;
}

static bool argument_is_lost(Module *module, Node call, Node argument) {
  return work_of(module, argument) == WORK_FRESH && !is_cancelled_before(module, argument) &&
         !is_mentioned_later(module, call, argument);
}

bool failures_are_lost(Module *module, Node call, const Nodes *awaitables) {
  const Tree *tree = &module->tree;
  bool has_argument = false;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  TREE_EACH_CHILD(tree, arguments, child) {
    if (tree_is(tree, child, KIND_KEYWORD_ARGUMENT)) continue;
    if (!argument_is_lost(module, call, without_star(tree, child))) return false;
    has_argument = true;
  }
  if (!has_argument || unanswered_count(module, awaitables) == 0) return false;
  return !in_handler(module, call) && !in_cleanup_function(module, call) &&
         !all_cleanup_calls(module, awaitables) && !cancels_before(module, call) &&
         !attaches_callback(module, call);
}

/* A name of the unpacked pair that some code reads. */
static bool is_read(Module *module, Node target) {
  if (target == NODE_NONE || !tree_is(&module->tree, target, KIND_IDENTIFIER)) return true;
  return uses_of_definition(module, target).count > 0;
}

WaitReads wait_reads(Module *module, Node awaited) {
  const Tree *tree = &module->tree;
  WaitReads reads = { 0 };
  Uses uses = uses_of(module, awaited);
  for (uint32_t i = 0; i < uses.count; i++) {
    const Use *use = &uses.items[i];
    if (use->kind == USE_DROPPED) continue;
    if (use->kind == USE_UNPACKED && tree_child_count(tree, use->consumer) == 2) {
      reads.reads_done |= is_read(module, tree_nth(tree, use->consumer, 0));
      reads.reads_pending |= is_read(module, tree_nth(tree, use->consumer, 1));
    } else if (use->kind == USE_SUBSCRIPTED) {
      Node index = tree_child(tree, use->consumer, FIELD_SUBSCRIPT);
      bool is_first = index != NODE_NONE && tree_text_is(tree, index, "0");
      bool is_second = index != NODE_NONE && tree_text_is(tree, index, "1");
      reads.reads_done |= !is_second;
      reads.reads_pending |= !is_first;
    } else {
      return (WaitReads){ true, true };
    }
  }
  return reads;
}
