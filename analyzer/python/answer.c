#include "python/answer.h"

#include "python/flow.h"
#include "python/handler.h"
#include "python/iterate.h"
#include "python/kernel.h"
#include "python/target.h"
#include "python/use.h"
#include "python/value.h"

bool in_handler(const Module *module, Node node) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, node);
  for (Node outer = node; outer != NODE_NONE; outer = tree_parent(tree, outer)) {
    if (module_function_of(module, outer) != function) return false;
    if (tree_is(tree, outer, KIND_EXCEPT_CLAUSE) || tree_is(tree, outer, KIND_FINALLY_CLAUSE))
      return true;
  }
  return false;
}

/* The call that does the work: f(x) of create_task(f(x)), wait_for(f(x), 3), shield(f(x)). */
static Node working_call(Module *module, Node awaitable) {
  for (int depth = 0; depth < 4 && tree_is(&module->tree, awaitable, KIND_CALL); depth++) {
    CallMeaning meaning = call_meaning(module, awaitable);
    bool is_wrapper =
      makes_task(module, awaitable) || meaning == CALL_WAIT_FOR || meaning == CALL_SHIELD;
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

/* `tasks` of `tasks.values()`, `tasks.keys()`, `tasks.copy()`. */
static Node viewed(const Module *module, Node argument) {
  static const char *const views[] = { "values", "keys", "copy" };
  if (!tree_is(&module->tree, argument, KIND_CALL) || call_receiver(module, argument) == NODE_NONE)
    return argument;
  return STR_IN(call_method(module, argument), views) ? call_receiver(module, argument) : argument;
}

/* `t.cancel()`, `cancel_and_wait(t)`: ends the task, but does not look at what it has come to. */
static bool only_cancels(Module *module, Node read) {
  static const char *const words[] = { "cancel", "cancels" };
  const Tree *tree = &module->tree;
  Node parent = tree_parent(tree, read);
  if (is_splat(tree, parent)) parent = tree_parent(tree, parent);
  Node call = tree_parent(tree, parent);
  if (tree_is(tree, parent, KIND_ATTRIBUTE))
    return tree_is(tree, call, KIND_CALL) && str_is(call_method(module, call), "cancel");
  return tree_is(tree, parent, KIND_ARGUMENT_LIST) && tree_is(tree, call, KIND_CALL) &&
    HAS_WORD(module, call_method(module, call), words);
}

/* `if task in done:` asks which one it was. */
static bool only_compares(const Tree *tree, Node read) {
  return tree_is(tree, tree_parent(tree, read), KIND_COMPARISON_OPERATOR);
}

typedef bool (*MentionTest)(Module *module, Node read);

static bool counts_always(Module *module, Node read) {
  (void)module;
  (void)read;
  return true;
}

static bool counts_as_look(Module *module, Node read) {
  return !only_cancels(module, read) && !only_compares(&module->tree, read);
}

static bool is_name_mentioned_later(Module *module, Node call, Node name, MentionTest counts) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, name, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, name);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Nodes reads = reads_of(module, definitions.items[i]);
    for (uint32_t k = 0; k < reads.count; k++) {
      Node read = reads.items[k];
      if (tree_inside(tree, read, call) || !counts(module, read)) continue;
      if (module_function_of(module, read) != module_function_of(module, call)) return true;
      if (flow_reaches(module, call, read, EDGES_ALL)) return true;
    }
  }
  return false;
}

static bool is_any_mentioned_later(Module *module, Node call, Node argument, MentionTest counts) {
  const Tree *tree = &module->tree;
  argument = without_star(tree, argument);
  if (argument == NODE_NONE) return false;
  argument = viewed(module, argument);
  bool is_display = tree_is(tree, argument, KIND_LIST) || tree_is(tree, argument, KIND_TUPLE) ||
    tree_is(tree, argument, KIND_SET);
  if (!is_display && is_name_mentioned_later(module, call, argument, counts)) return true;
  bool is_complete;
  Nodes items = elements_of(module, argument, &is_complete);
  for (uint32_t i = 0; i < items.count; i++) {
    Node item = without_star(tree, items.items[i]);
    if (item != argument && is_name_mentioned_later(module, call, item, counts)) return true;
  }
  return false;
}

bool is_mentioned_later(Module *module, Node call, Node argument) {
  return is_any_mentioned_later(module, call, argument, counts_always);
}

/* The tasks of a display are made in the same turn of the loop: what a later line cancels are not
   those of the next turn. */
static bool are_made_each_turn(Module *module, Node call, Node argument) {
  const Tree *tree = &module->tree;
  Node loop = loop_around(module, call);
  if (loop == NODE_NONE || !tree_is(tree, argument, KIND_LIST)) return false;
  TREE_EACH_CHILD (tree, argument, item) {
    if (!tree_is(tree, item, KIND_IDENTIFIER)) return false;
    Nodes definitions = definitions_of(module, item);
    for (uint32_t i = 0; i < definitions.count; i++) {
      if (!tree_inside(tree, definitions.items[i], loop) || definitions.items[i] > call)
        return false;
    }
  }
  return true;
}

/* Some callback of the function may look at the tasks. */
static bool attaches_callback(Module *module, Node node) {
  FunctionId function = module_function_of(module, node);
  const Tree *tree = &module->tree;
  Node body = module_function(module, function)->body;
  if (!may_search(module, body)) return true;
  for (Node row = body; row < tree_after(tree, body); row++) {
    if (!tree_is(tree, row, KIND_CALL) || module_function_of(module, row) != function) continue;
    if (str_is(call_method(module, row), "add_done_callback")) return true;
  }
  return false;
}

static Reason argument_answered(Module *module, Node call, Node argument) {
  Reason why = work_reason(work_of(module, argument));
  if (why != NULL) return why;
  if (is_cancelled_before(module, argument) && !are_made_each_turn(module, call, argument))
    return "what is waited for was cancelled just before";
  if (is_any_mentioned_later(module, call, argument, counts_as_look))
    return "the tasks are looked at again after the wait";
  return NULL;
}

static Reason arguments_answered(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Reason why = "it is not known what is waited for";
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  TREE_EACH_CHILD (tree, arguments, child) {
    if (tree_is(tree, child, KIND_KEYWORD_ARGUMENT)) continue;
    why = argument_answered(module, call, without_star(tree, child));
    if (why != NULL) return why;
  }
  return why;
}

static Reason code_around_answers(Module *module, Node call, const Nodes *awaitables) {
  if (in_handler(module, call)) return "this runs in a handler or finally, after a failure";
  if (in_cleanup_function(module, call) || all_cleanup_calls(module, awaitables))
    return "this closes something, where failures have no consequences";
  if (cancels_before(module, call)) return "the function cancels something before: it shuts down";
  if (attaches_callback(module, call)) return "a done callback may look at the tasks";
  return NULL;
}

bool failures_are_lost(Module *module, Node call, const Nodes *awaitables, Reason *why) {
  *why = arguments_answered(module, call);
  if (*why != NULL) return false;
  if (unanswered_count(module, awaitables) == 0)
    return no_fault(why, "what is waited for handles its own errors, or cannot fail");
  *why = code_around_answers(module, call, awaitables);
  return *why == NULL;
}

/* A name of the unpacked pair that some code reads, for more than `task in done` or `if done`. */
static bool is_read(Module *module, Node target) {
  if (target == NODE_NONE || !tree_is(&module->tree, target, KIND_IDENTIFIER)) return true;
  if (runs_in_kernel(module, target)) return true;
  Uses uses = uses_of_definition(module, target);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (uses.items[i].kind != USE_COMPARED && uses.items[i].kind != USE_TESTED) return true;
  }
  return false;
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
