#include "python/needless_release.h"

#include "python/awaits.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/swallow.h"
#include "python/uncancelled.h"
#include "python/use.h"
#include "python/value.h"

/* Words in the names of functions that bring their object up. */
static const char *const OPENING_WORDS[] = {
  "start",    "startup", "connect",     "reconnect", "open",        "reopen",     "enter",
  "aenter",   "init",    "setup",       "launch",    "spawn",       "boot",       "create",
  "activate", "begin",   "login",       "listen",    "serve",       "prepare",    "handshake",
  "load",     "acquire", "instantiate", "restart",   "initialize",  "initialise", "reactivate",
  "sequence", "session", "establish",   "attach",    "sessionless",
};
static const char *const COMPLETING[] = { "set_result", "set_exception", "cancel" };

/* --- nothing is held yet ---------------------------------------------------------------------- */

/* `Parts()` of a class that has no __init__: a record of things to come. */
static bool makes_empty_record(Module *module, Node value) {
  if (!tree_is(&module->tree, value, KIND_CALL) || call_positional_count(module, value) > 0)
    return false;
  Value made = value_of(module, value);
  const ClassFacts *facts =
    made.kind == VALUE_INSTANCE ? project_class(module->project, made.name) : NULL;
  if (facts == NULL || facts->bases.count > 0) return false;
  for (uint32_t i = 0; i < facts->methods.count; i++) {
    if (str_is(facts->methods.items[i], "__init__")) return false;
  }
  return true;
}

/* The name is bound for the try, and before it holds nothing that would have to be released. */
static bool starts_empty(Module *module, const Binding *binding, Node body) {
  bool is_bound = false;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    if (!occurrence_binds(occurrence->kind)) continue;
    if (occurrence->node >= tree_after(&module->tree, body)) continue;
    is_bound = true;
    if (tree_inside(&module->tree, occurrence->node, body)) continue;
    Node value = defined_value(module, occurrence->node);
    if (value == NODE_NONE) return false;
    if (!tree_is(&module->tree, value, KIND_NONE_LITERAL) && !makes_empty_record(module, value))
      return false;
  }
  return is_bound;
}

/* Control can come from the first statement to the second one, which stands behind it. */
static bool leads_to(Module *module, Node first, Node second) {
  const Tree *tree = &module->tree;
  Node block = tree_parent(tree, tree_statement(tree, first));
  if (block == NODE_NONE || tree_inside(tree, second, block)) return true;
  return (outcome_of(module, block) & (OUTCOME_FALLS | OUTCOME_CONTINUES)) != 0;
}

/* At the suspension the name may hold something already: it is mentioned on a way that leads there.
   The name that the awaited value itself goes to does not count. */
static bool is_held_at(Module *module, const Binding *binding, Node body, Node suspension) {
  const Tree *tree = &module->tree;
  Node loop = loop_around(module, suspension);
  bool is_in_loop = loop != NODE_NONE && tree_inside(tree, loop, body);
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    Node node = binding->occurrences.items[i].node;
    if (!tree_inside(tree, node, body)) continue;
    if (is_in_loop && tree_inside(tree, node, loop)) return true;
    Node statement = tree_statement(tree, node);
    if (statement == NODE_NONE) return true;
    if (tree_inside(tree, suspension, statement) && node < suspension) {
      if (!tree_is(tree, tree_first(tree, statement), KIND_ASSIGNMENT) && !tree_is(tree, statement, KIND_ASSIGNMENT))
        return true;
      continue;
    }
    if (node < suspension && leads_to(module, node, suspension)) return true;
  }
  return false;
}

/* `link = None` before the try, and only the awaits that make it behind: a cancellation finds
   nothing to close. */
static bool is_unheld(Module *module, Node body, const Release *release) {
  if (!tree_is(&module->tree, release->receiver, KIND_IDENTIFIER)) return false;
  BindingId id = scopes_binding(&module->scopes, release->receiver);
  if (id == BINDING_NONE) return false;
  const Binding *binding = scopes_get(&module->scopes, id);
  if (binding->is_captured || binding->is_declared_global || !starts_empty(module, binding, body))
    return false;
  Nodes suspensions = suspensions_in(module, body);
  for (uint32_t i = 0; i < suspensions.count; i++) {
    if (is_held_at(module, binding, body, suspensions.items[i])) return false;
  }
  return suspensions.count > 0;
}

/* --- others see to it ------------------------------------------------------------------------- */

/* A thread goes on when the task that waits for it is cancelled: releasing what it works on would
   be the fault. */
static bool only_waits_for_threads(Module *module, Node body) {
  const Tree *tree = &module->tree;
  Nodes suspensions = suspensions_in(module, body);
  for (uint32_t i = 0; i < suspensions.count; i++) {
    Node call = tree_is(tree, suspensions.items[i], KIND_AWAIT)
      ? tree_first(tree, suspensions.items[i])
      : NODE_NONE;
    if (!tree_is(tree, call, KIND_CALL)) return false;
    CallMeaning meaning = call_meaning(module, call);
    if (meaning != CALL_TO_THREAD && meaning != CALL_RUN_IN_EXECUTOR) return false;
  }
  return suspensions.count > 0;
}

static bool is_stored_in_attribute(Module *module, Node value) {
  Uses uses = uses_of(module, value);
  for (uint32_t i = 0; i < uses.count; i++) {
    const Use *use = &uses.items[i];
    if (use->kind == USE_STORED && tree_is(&module->tree, use->consumer, KIND_ATTRIBUTE))
      return true;
  }
  return false;
}

static bool is_read_in(Module *module, Node definition, Node block) {
  Nodes reads = reads_of(module, definition);
  for (uint32_t i = 0; i < reads.count; i++) {
    if (tree_inside(&module->tree, reads.items[i], block)) return true;
  }
  return false;
}

/* A future made here that nobody waits for yet: it holds nothing. */
static bool cancels_plain_future(Module *module, Node body, const Release *release) {
  const Tree *tree = &module->tree;
  bool is_cancel = str_is(call_method(module, release->call), "cancel") &&
    tree_is(tree, release->receiver, KIND_IDENTIFIER) &&
    value_is(module, release->receiver, VALUE_FUTURE);
  if (!is_cancel) return false;
  Nodes definitions = definitions_of(module, release->receiver);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node value = defined_value(module, definitions.items[i]);
    if (is_read_in(module, definitions.items[i], body)) return false;
    if (!tree_is(tree, value, KIND_CALL) || is_stored_in_attribute(module, value)) return false;
  }
  return definitions.count > 0;
}

/* `self.ready.set_exception(…)` while `close` completes self.ready as well. */
static bool is_completed_by_closing(Module *module, const Release *release) {
  const Tree *tree = &module->tree;
  if (!release->is_future || !tree_is(tree, release->receiver, KIND_ATTRIBUTE)) return false;
  ClassId class_id = enclosing_class(module, release->call);
  if (class_id == CLASS_NONE) return false;
  Node home = module_class(module, class_id)->node;
  if (!may_search(module, home)) return false;
  Str future = tree_text(tree, release->receiver);
  if (!str_starts_with(future, STR("self."))) return false;
  for (Node node = home; node < tree_after(tree, home); node++) {
    if (!tree_is(tree, node, KIND_CALL) || !STR_IN(call_method(module, node), COMPLETING)) continue;
    Node receiver = call_receiver(module, node);
    if (receiver == NODE_NONE || !str_equal(tree_text(tree, receiver), future)) continue;
    if (in_cleanup_function(module, node)) return true;
  }
  return false;
}

/* Called for everything it holds: without arguments, or with some words about why. */
static bool names_nothing(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node list = tree_child(tree, call, FIELD_ARGUMENTS);
  if (list == NODE_NONE) return true;
  TREE_EACH_CHILD (tree, list, argument) {
    bool is_keyword = tree_is(tree, argument, KIND_KEYWORD_ARGUMENT);
    Node value = is_keyword ? tree_child(tree, argument, FIELD_VALUE) : NODE_NONE;
    if (!tree_is(tree, value, KIND_STRING)) return false;
  }
  return true;
}

/* `await self.close()` in a function that neither brings the object up nor closes it, nor tries
   again: what to do about a failure, and no end of what the try began. What closes at once, without
   an await, is a thing in the hand: half-read it is of no more use after a cancellation than after
   an error. */
static bool is_failure_policy(Module *module, Node clause, const Release *release) {
  const Tree *tree = &module->tree;
  bool is_own = tree_is(tree, release->receiver, KIND_IDENTIFIER) &&
    tree_text_is(tree, release->receiver, "self") &&
    release->receiver == call_receiver(module, release->call);
  bool is_awaited = tree_is(tree, tree_parent(tree, release->call), KIND_AWAIT);
  if (!is_own || !is_awaited || in_cleanup_function(module, clause) || loop_around(module, clause) != NODE_NONE)
    return false;
  if (!names_nothing(module, release->call)) return false;
  Str name = module_function(module, module_function_of(module, release->call))->name;
  return !HAS_WORD(module, name, OPENING_WORDS);
}

/* A function nested in this one that is called clean-up, and releases nothing. */
static bool only_sounds_like_release(Module *module, const Release *release) {
  Node function = call_function(module, release->call);
  if (!tree_is(&module->tree, function, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_anywhere(module, function);
  if (definitions.count != 1) return false;
  FunctionId id =
    symbols_function(&module->symbols, tree_parent(&module->tree, definitions.items[0]));
  if (id == FUNCTION_NONE || module_function(module, id)->parent == FUNCTION_MODULE) return false;
  return releases_in(module, module_function(module, id)->body).count == 0;
}

Reason needless_release(Module *module, Node clause, const Release *release) {
  Node body = guarded_block(module, clause);
  if (cancels_plain_future(module, body, release))
    return "nobody waits for the future yet, and it holds nothing";
  if (is_failure_policy(module, clause, release))
    return "the object closes itself because of a failure in its work: a cancellation is none";
  if (is_completed_by_closing(module, release))
    return "closing the object completes the future for those who wait";
  if (only_sounds_like_release(module, release)) return "the function called here releases nothing";
  if (only_waits_for_threads(module, body))
    return "only threads work in this try: they go on when the task is cancelled";
  if (is_unheld(module, body, release))
    return "nothing is held yet where a cancellation can arrive";
  if (is_never_cancelled(module, module_function_of(module, clause)))
    return "the function runs behind shield only, and nothing cancels it";
  return NULL;
}
