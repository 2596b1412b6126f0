#include "python/unobserved.h"

#include "python/answer.h"
#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/dropped.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/use.h"

enum { NESTING_MAX = 8, NAMES_MAX = 4 };

/* Of a task: they say nothing of its outcome. Of a collection of tasks: they give nothing out. */
static const char *const IDLE_METHODS[] = {
  "cancel",   "done",       "cancelled", "cancelling", "uncancel",    "get_name",
  "set_name", "get_coro",   "clear",     "discard",    "remove",      "add",
  "append",   "appendleft", "insert",    "update",     "print_stack",
};
static const char *const ADDING_METHODS[] = { "add", "append", "appendleft", "insert" };
static const char *const GIVING_METHODS[] = { "pop",    "popleft", "popitem", "get",
                                              "values", "items",   "copy" };
static const char *const ASKING_FUNCTIONS[] = { "len", "bool", "id", "any", "all", "hasattr" };

/* The way of the task through names, attributes and collections. */
typedef struct {
  Module *module;
  Str names[NAMES_MAX]; /* of attributes and of the module's names that are looked at */
  uint32_t name_count;
  Node keeper;
  Str worker; /* dotted name of the function that the task runs */
  /* What counts is who waits for the end or cancels, not who looks at the outcome. */
  bool is_wait_wanted;
  uint32_t depth;
} Trail;

static bool is_watched(Trail *trail, Node expression);

static bool is_any_watched(Trail *trail, const Uses *uses);

/* Other files may look at an attribute that is not private; so may code that asks for it by its
   name. */
static bool is_within_sight(Module *module, Str name) {
  Str text = module->source->text;
  if (!str_starts_with(name, STR("_"))) return false;
  Str quoted = str_format(module->arena, "\"%.*s\"", STR_ARGS(name));
  Str single = str_format(module->arena, "'%.*s'", STR_ARGS(name));
  return !str_contains(text, quoted) && !str_contains(text, single);
}

static bool is_target(const Tree *tree, Node node) {
  Node parent = tree_parent(tree, node);
  return tree_is(tree, parent, KIND_ASSIGNMENT) && tree_field(tree, node) == FIELD_LEFT;
}

/* The task's own coroutine lets go of it. */
static bool is_let_go(Trail *trail, Node target) {
  FunctionId worker = function_named(trail->module, trail->worker);
  return worker != FUNCTION_NONE && module_function_of(trail->module, target) == worker;
}

static bool is_seen(const Trail *trail, Str name) {
  for (uint32_t i = 0; i < trail->name_count; i++) {
    if (str_equal(trail->names[i], name)) return true;
  }
  return false;
}

static bool add_seen(Trail *trail, Str name) {
  if (trail->name_count == NAMES_MAX) return false;
  trail->names[trail->name_count++] = name;
  return true;
}

static bool is_attribute_watched(Trail *trail, Node attribute) {
  Module *module = trail->module;
  const Tree *tree = &module->tree;
  Str name = tree_text(tree, tree_child(tree, attribute, FIELD_ATTRIBUTE));
  if (is_seen(trail, name)) return false;
  if (!is_within_sight(module, name) || !add_seen(trail, name)) return true;
  if (trail->keeper == NODE_NONE) trail->keeper = attribute;
  if (!may_search(module, 0)) return true;
  for (Node row = 0; row < tree->count; row++) {
    if (!tree_is(tree, row, KIND_ATTRIBUTE)) continue;
    if (!str_equal(tree_text(tree, tree_child(tree, row, FIELD_ATTRIBUTE)), name)) continue;
    if (is_target(tree, row) ? is_let_go(trail, row) : is_watched(trail, row)) return true;
  }
  return false;
}

/* What holds the task, if it is an attribute or a local name. */
static bool is_holder_watched(Trail *trail, Node holder) {
  Module *module = trail->module;
  if (tree_is(&module->tree, holder, KIND_ATTRIBUTE)) return is_attribute_watched(trail, holder);
  if (!tree_is(&module->tree, holder, KIND_IDENTIFIER)) return true;
  Nodes definitions = definitions_of(module, holder);
  if (definitions.count == 0) definitions = definitions_anywhere(module, holder);
  for (uint32_t i = 0; i < definitions.count; i++) {
    if (scopes_occurrence(&module->scopes, definitions.items[i]) == OCCURRENCE_PARAMETER)
      return true;
    Uses uses = uses_of_definition(module, definitions.items[i]);
    if (is_any_watched(trail, &uses)) return true;
  }
  return definitions.count == 0;
}

static bool is_target_watched(Trail *trail, Node targets) {
  const Tree *tree = &trail->module->tree;
  for (Node row = targets; row < tree_after(tree, targets); row++) {
    if (tree_is(tree, row, KIND_TUPLE_PATTERN)) continue;
    if (!tree_is(tree, row, KIND_IDENTIFIER)) return true;
    Uses uses = uses_of_definition(trail->module, row);
    if (is_any_watched(trail, &uses)) return true;
  }
  return false;
}

static bool is_iteration_watched(Trail *trail, Node consumer) {
  const Tree *tree = &trail->module->tree;
  if (tree_is(tree, consumer, KIND_CALL)) return is_watched(trail, consumer);
  bool is_loop =
    tree_is(tree, consumer, KIND_FOR_STATEMENT) || tree_is(tree, consumer, KIND_FOR_IN_CLAUSE);
  Node targets = is_loop ? tree_child(tree, consumer, FIELD_LEFT) : NODE_NONE;
  return targets == NODE_NONE || is_target_watched(trail, targets);
}

/* A name of the module: other files see it unless it is private, but who waits for tasks does it
   near where they are made. */
static bool is_global_watched(Trail *trail, Node definition) {
  Module *module = trail->module;
  Str name = tree_text(&module->tree, definition);
  if (!trail->is_wait_wanted && !str_starts_with(name, STR("_"))) return true;
  if (is_seen(trail, name)) return false;
  if (!add_seen(trail, name)) return true;
  Nodes reads = reads_of(module, definition);
  for (uint32_t i = 0; i < reads.count; i++) {
    if (is_watched(trail, reads.items[i])) return true;
  }
  return false;
}

static bool is_storing_watched(Trail *trail, Node target) {
  const Tree *tree = &trail->module->tree;
  switch (tree_kind(tree, target)) {
  case KIND_SUBSCRIPT:
    return is_holder_watched(trail, tree_child(tree, target, FIELD_VALUE));
  case KIND_ATTRIBUTE:
    return is_attribute_watched(trail, target);
  case KIND_IDENTIFIER:
    return is_global_watched(trail, target);
  default:
    return true;
  }
}

static bool is_argument_watched(Trail *trail, const Use *use) {
  Module *module = trail->module;
  Node call = use->consumer;
  if (call_meaning(module, call) == CALL_LOG || NAME_IN(module, call_function(module, call), ASKING_FUNCTIONS))
    return false;
  Str method = call_method(module, call);
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE) return true;
  if (STR_IN(method, ADDING_METHODS)) return is_holder_watched(trail, receiver);
  return !STR_IN(method, IDLE_METHODS);
}

static bool is_method_watched(Trail *trail, const Use *use) {
  if (STR_IN(use->name, GIVING_METHODS)) return is_watched(trail, use->consumer);
  if (!trail->is_wait_wanted) return !STR_IN(use->name, IDLE_METHODS);
  if (str_is(use->name, "cancel")) return true;
  return !STR_IN(use->name, IDLE_METHODS) && !str_is(use->name, "add_done_callback");
}

static bool is_use_watched(Trail *trail, const Use *use) {
  switch (use->kind) {
  case USE_DROPPED:
  case USE_TESTED:
  case USE_COMPARED:
  case USE_CHECKED:
  case USE_FORMATTED:
  case USE_DELETED:
  case USE_OPERATED:
    return false;
  case USE_METHOD:
    return is_method_watched(trail, use);
  case USE_ATTRIBUTE: /* add_done_callback(tasks.discard) */
    return !STR_IN(use->name, IDLE_METHODS);
  case USE_STORED:
    return is_storing_watched(trail, use->consumer);
  case USE_ARGUMENT:
    return is_argument_watched(trail, use);
  case USE_ITERATED:
    return is_iteration_watched(trail, use->consumer);
  case USE_CAPTURED:
  case USE_CONTAINED:
  case USE_SUBSCRIPTED:
    return is_watched(trail, use->consumer);
  default:
    return true;
  }
}

static bool is_any_watched(Trail *trail, const Uses *uses) {
  if (trail->depth >= NESTING_MAX) return true;
  trail->depth++;
  bool found = false;
  for (uint32_t i = 0; i < uses->count && !found; i++)
    found = is_use_watched(trail, &uses->items[i]);
  trail->depth--;
  return found;
}

static bool is_watched(Trail *trail, Node expression) {
  Uses uses = uses_of(trail->module, expression);
  return is_any_watched(trail, &uses);
}

/* Every task of the loop is looked at somewhere. */
static bool takes_all(const Module *module) {
  return str_contains(module->source->text, STR("all_tasks"));
}

bool is_unobserved_task(Module *module, Node call, UnobservedTask *task, Reason *why) {
  if (!makes_task(module, call)) return false;
  Node work = call_positional(module, call, 0);
  if (!tree_is(&module->tree, work, KIND_CALL)) return false;
  if (module->identity.is_test)
    return no_fault(why, "what a test starts, its assertions look at in other ways");
  Callee callee = callee_of(module, work);
  if (callee.function == NULL || callee.is_ambiguous)
    return no_fault(why, "the coroutine is not known, and may answer for its own errors");
  if (answers_for_itself(module, work))
    return no_fault(why, "the coroutine answers for its own errors, or cannot fail");
  Reason dropped;
  if (is_dropped_task(module, call, &dropped))
    return no_fault(why, "nothing keeps the task: see dangling-task");
  Trail trail = { .module = module, .keeper = NODE_NONE, .worker = callee.function->name };
  if (is_watched(&trail, call))
    return no_fault(why, "other code gets the task, its outcome or a callback, or lets go of it");
  if (takes_all(module)) return no_fault(why, "the file asks for all tasks of the loop");
  *task = (UnobservedTask){ work, trail.keeper };
  return true;
}

bool is_left_alone(Module *module, Node call, Reason *why) {
  if (!makes_task(module, call)) return false;
  Trail trail = { .module = module, .keeper = NODE_NONE, .is_wait_wanted = true };
  if (is_watched(&trail, call)) return no_fault(why, "other code awaits, gets or cancels the task");
  if (takes_all(module)) return no_fault(why, "the file asks for all tasks of the loop");
  return true;
}
