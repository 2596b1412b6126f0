#include "python/cancel_wait.h"

#include "python/asyncio_call.h"
#include "python/cancel_release.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/use.h"
#include "python/value.h"

enum {
  OBJECTS_MAX = 16,
  COMPARED_MAX = 8, /* cancellations before one */
  ROWS_MAX = 20000, /* of the function that are looked at; past them the task counts as handed on */
};

/* Names and attributes under which the task, or a collection that holds it, is known to the
   function. */
typedef struct {
  Node items[OBJECTS_MAX];
  uint32_t count;
} Objects;

/* Methods of a task or of a collection of tasks that wait for nothing. */
static const char *const IDLE_METHODS[] = {
  "cancel",   "done",  "cancelled", "cancelling", "get_name", "set_name",
  "get_coro", "clear", "discard",   "remove",     "pop",      "values",
};

static void add_object(const Module *module, Objects *objects, Node node) {
  bool is_name =
    tree_is(&module->tree, node, KIND_IDENTIFIER) || tree_is(&module->tree, node, KIND_ATTRIBUTE);
  if (is_name && objects->count < OBJECTS_MAX) objects->items[objects->count++] = node;
}

/* `for task in (reader, writer)` */
static void add_items(const Module *module, Objects *objects, Node collection) {
  const Tree *tree = &module->tree;
  bool is_display = tree_is(tree, collection, KIND_TUPLE) || tree_is(tree, collection, KIND_LIST) ||
    tree_is(tree, collection, KIND_SET);
  if (!is_display) return;
  TREE_EACH_CHILD (tree, collection, item) add_object(module, objects, item);
}

/* The tasks that a wait was given are known by their own names, too. */
static void add_waited(Module *module, Objects *objects, Node collection) {
  Value value = value_of(module, collection);
  Wait wait;
  if (value.kind != VALUE_PENDING || value.origin == NODE_NONE) return;
  if (!wait_of(module, value.origin, &wait)) return;
  const Tree *tree = &module->tree;
  for (Node row = wait.collection; row < tree_after(tree, wait.collection); row++)
    add_object(module, objects, row);
}

/* A task group waits for its tasks; the task that runs here cannot wait for itself. */
static bool has_other_owner(Module *module, Node value) {
  if (!tree_is(&module->tree, value, KIND_CALL)) return false;
  return call_meaning(module, value) == CALL_GROUP_TASK ||
    str_is(call_method(module, value), "current_task");
}

/* False if somebody else has the task: it is a parameter, or a variable of the function around. */
static bool find_objects(Module *module, Node receiver, Objects *objects) {
  add_object(module, objects, receiver);
  if (!tree_is(&module->tree, receiver, KIND_IDENTIFIER)) return true;
  Nodes definitions = definitions_of(module, receiver);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node definition = definitions.items[i];
    if (scopes_occurrence(&module->scopes, definition) == OCCURRENCE_PARAMETER) return false;
    Node collection = iterated_collection(module, definition),
         value = defined_value(module, definition);
    if (collection == NODE_NONE && value == NODE_NONE) return false;
    if (value != NODE_NONE && has_other_owner(module, value)) return false;
    Node source = collection != NODE_NONE ? collection_peeled(module, collection) : value;
    if (collection != NODE_NONE && tree_is(&module->tree, source, KIND_CALL)) return false;
    add_object(module, objects, source);
    if (collection != NODE_NONE) add_items(module, objects, source);
    if (collection != NODE_NONE) add_waited(module, objects, source);
  }
  return definitions.count > 0;
}

static bool is_same(const Module *module, Node a, Node b) {
  const Tree *tree = &module->tree;
  if (tree_kind(tree, a) != tree_kind(tree, b)) return false;
  if (tree_is(tree, a, KIND_ATTRIBUTE)) return tree_same(tree, a, b);
  BindingId binding = scopes_binding(&module->scopes, a);
  return binding != BINDING_NONE && binding == scopes_binding(&module->scopes, b);
}

static bool is_mention(const Module *module, const Objects *objects, Node row) {
  bool is_name =
    tree_is(&module->tree, row, KIND_IDENTIFIER) || tree_is(&module->tree, row, KIND_ATTRIBUTE);
  for (uint32_t i = 0; is_name && i < objects->count; i++) {
    if (is_same(module, objects->items[i], row)) return true;
  }
  return false;
}

static bool is_target(const Tree *tree, Node mention) {
  Node parent = tree_parent(tree, mention);
  return tree_is(tree, parent, KIND_ASSIGNMENT) && tree_field(tree, mention) == FIELD_LEFT;
}

/* The mention neither waits for the task nor gives it to anybody. */
static bool is_idle_use(Module *module, const Use *use) {
  switch (use->kind) {
  case USE_METHOD:
    return STR_IN(use->name, IDLE_METHODS);
  case USE_ARGUMENT:
    return call_meaning(module, use->consumer) == CALL_LOG ||
      STR_IN(call_method(module, use->consumer), IDLE_METHODS);
  case USE_DROPPED:
  case USE_TESTED:
  case USE_COMPARED:
  case USE_FORMATTED:
  case USE_CHECKED:
  case USE_OPERATED:
  case USE_DELETED:
    return true;
  default:
    return false;
  }
}

static bool is_idle(Module *module, Node mention) {
  if (is_target(&module->tree, mention)) return true;
  bool is_name = tree_is(&module->tree, mention, KIND_IDENTIFIER);
  if (is_name && occurrence_binds(scopes_occurrence(&module->scopes, mention))) return true;
  Uses uses = uses_of(module, mention);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (!is_idle_use(module, &uses.items[i])) return false;
  }
  return true;
}

/* A collection that is looped over again counts as handed on: its elements may be waited for there.
   */
static bool is_handed_on_later(Module *module, const Objects *objects, Node call) {
  const Tree *tree = &module->tree;
  Node body = module_function(module, module_function_of(module, call))->body;
  for (Node row = tree_after(tree, call); row < tree_after(tree, body); row++) {
    if (row - call > ROWS_MAX) return true;
    if (is_mention(module, objects, row) && !is_idle(module, row)) return true;
  }
  return false;
}

/* Another function of the class may wait for the attribute's task, as long as this one leaves it
   there. */
static bool is_awaited_elsewhere(Module *module, Node attribute, Node call) {
  const Tree *tree = &module->tree;
  bool is_class;
  ClassId class_id = self_class(module, tree_child(tree, attribute, FIELD_OBJECT), &is_class);
  if (class_id == CLASS_NONE) return true;
  FunctionId here = module_function_of(module, call);
  Nodes occurrences = attribute_occurrences(
    module, class_id, tree_text(tree, tree_child(tree, attribute, FIELD_ATTRIBUTE))
  );
  bool is_used = false, is_replaced = false;
  for (uint32_t i = 0; i < occurrences.count; i++) {
    Node other = occurrences.items[i];
    if (module_function_of(module, other) == here) {
      is_replaced |= other > call && is_target(tree, other);
    } else {
      is_used |= !is_idle(module, other);
    }
  }
  return is_used && !is_replaced;
}

/* The task was stored or given away before, by the name that it is cancelled by. */
static bool is_shared(Module *module, Node receiver) {
  if (!tree_is(&module->tree, receiver, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, receiver);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Uses uses = uses_of_definition(module, definitions.items[i]);
    for (uint32_t k = 0; k < uses.count; k++) {
      const Use *use = &uses.items[k];
      bool is_waited_for =
        use->kind == USE_ARGUMENT && call_meaning(module, use->consumer) != CALL_OTHER;
      bool is_callback = use->kind == USE_METHOD;
      if (!is_waited_for && !is_callback && !is_idle_use(module, use) && use->kind != USE_AWAITED &&
          use->kind != USE_CONTAINED && use->kind != USE_ITERATED) {
        return true;
      }
    }
  }
  return false;
}

/* Why others can see to the task that is known under these names; fills in the names. */
static Reason seen_to(Module *module, Node call, Objects *objects) {
  Node receiver = call_receiver(module, call);
  if (!find_objects(module, receiver, objects))
    return "others have the task as well: a caller, a function around this one, or a task group";
  if (is_shared(module, receiver)) return "the task was stored or given away before";
  if (is_handed_on_later(module, objects, call))
    return "the task is awaited, or given to somebody, later in this function";
  for (uint32_t i = 0; i < objects->count; i++) {
    bool is_attribute = tree_is(&module->tree, objects->items[i], KIND_ATTRIBUTE);
    if (is_attribute && is_awaited_elsewhere(module, objects->items[i], call))
      return "another method may wait for the task, which stays in its attribute";
  }
  return objects->count > 0 ? NULL : "it is not clear which task this is";
}

static Reason not_left(Module *module, Node call, LeftTask *left) {
  Objects objects = { .count = 0 };
  Reason why = seen_to(module, call, &objects);
  if (why != NULL) return why;
  Nodes coroutines = cancelled_coroutines(module, call_receiver(module, call));
  NextRelease next = next_release(module, call, &coroutines);
  *left = (LeftTask){ next.release, next.used };
  if (next.release != NODE_NONE) return NULL;
  if (only_wait(module, &coroutines)) return "the task only waits for something, and ends at once";
  return next.awaits ? "the code awaits something else next, which gives the task its turn" : NULL;
}

static bool is_candidate(Module *module, Node call, Reason *why) {
  const Tree *tree = &module->tree;
  if (call_meaning(module, call) != CALL_CANCEL) return false;
  if (!module_in_coroutine(module, call))
    return no_fault(why, "this is not the body of an async def, and cannot wait");
  if (!tree_is(tree, tree_parent(tree, call), KIND_EXPRESSION_STATEMENT))
    return no_fault(why, "somebody looks at what cancel() gives back");
  return value_is(module, call_receiver(module, call), VALUE_TASK) ||
    no_fault(why, "it is not certain that this is a task");
}

/* One clean-up that cancels several tasks is one fault. */
static bool is_first(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node body = module_function(module, module_function_of(module, call))->body;
  uint32_t compared = 0;
  EACH_ROW (tree, body, row) {
    if (row >= call || compared == COMPARED_MAX) break;
    if (!tree_is(tree, row, KIND_CALL) || !is_candidate(module, row, &(Reason){ NULL })) continue;
    compared++;
    LeftTask left;
    if (not_left(module, row, &left) == NULL) return false;
  }
  return true;
}

bool leaves_cancelled_task(Module *module, Node call, LeftTask *left, Reason *why) {
  if (!is_candidate(module, call, why)) return false;
  *why = not_left(module, call, left);
  if (*why != NULL) return false;
  return is_first(module, call) || no_fault(why, "one finding tells of all tasks of this clean-up");
}
