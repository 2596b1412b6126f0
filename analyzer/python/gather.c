#include "python/asyncio_call.h"

#include "python/name.h"
#include "python/target.h"
#include "python/value.h"

enum { AWAITABLES_LIMIT = 512 };

typedef struct {
  Nodes items;
  bool is_complete;
} Awaitables;

static void add_elements(Module *module, Awaitables *awaitables, Node collection) {
  bool is_complete;
  Nodes elements = elements_of(module, collection, &is_complete);
  awaitables->is_complete &= is_complete;
  for (uint32_t i = 0; i < elements.count && awaitables->items.count < AWAITABLES_LIMIT; i++)
    vec_push(module->arena, &awaitables->items, elements.items[i]);
}

/* Wrappers of gather take lists and limits besides: `gather_with_limit(5, *jobs)`,
   `bounded_gather(jobs)`. */
static bool is_collection(Module *module, Node argument) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, argument, KIND_IDENTIFIER) || tree_is(tree, argument, KIND_ATTRIBUTE)) {
    Value value = value_of(module, argument);
    return value.kind == VALUE_COLLECTION || value.kind == VALUE_UNKNOWN;
  }
  return value_is(module, argument, VALUE_COLLECTION);
}

static void add_argument(Module *module, Awaitables *awaitables, Node argument, bool is_wrapper) {
  const Tree *tree = &module->tree;
  if (is_splat(tree, argument)) {
    add_elements(module, awaitables, tree_first(tree, argument));
  } else if (!is_wrapper) {
    vec_push(module->arena, &awaitables->items, argument);
  } else if (is_collection(module, argument)) {
    add_elements(module, awaitables, argument);
  } else if (!value_is(module, argument, VALUE_INSTANCE)) {
    vec_push(module->arena, &awaitables->items, argument);
  }
}

static Awaitables awaitables_of(Module *module, Node call, bool is_wrapper) {
  const Tree *tree = &module->tree;
  Awaitables awaitables = { .is_complete = true };
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (!tree_is(tree, arguments, KIND_ARGUMENT_LIST)) {
    awaitables.is_complete = false;
    return awaitables;
  }
  TREE_EACH_CHILD (tree, arguments, argument) {
    bool is_named = tree_is(tree, argument, KIND_KEYWORD_ARGUMENT);
    if (is_named || tree_is(tree, argument, KIND_DICTIONARY_SPLAT)) continue;
    if (awaitables.items.count >= AWAITABLES_LIMIT) {
      awaitables.is_complete = false;
      break;
    }
    add_argument(module, &awaitables, argument, is_wrapper);
  }
  return awaitables;
}

bool gather_of(Module *module, Node call, Gather *gather) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, call, KIND_CALL) || call_meaning(module, call) != CALL_GATHER) return false;
  bool is_wrapper = !name_is(module, call_function(module, call), "asyncio.gather");
  Node keyword = call_keyword(module, call, "return_exceptions");
  Awaitables awaitables = awaitables_of(module, call, is_wrapper);
  *gather =
    (Gather){ .call = call, .awaitables = awaitables.items, .is_complete = awaitables.is_complete };
  gather->collects_exceptions = tree_is(tree, keyword, KIND_TRUE);
  gather->may_collect = keyword != NODE_NONE && !tree_is(tree, keyword, KIND_FALSE);
  return true;
}

/* What the expression gives if it is an await, or a call that runs a loop until something is
   done. */
static Value value_waited_for(Module *module, Node expression) {
  Value nothing = { .kind = VALUE_UNKNOWN, .origin = NODE_NONE };
  if (expression == NODE_NONE) return nothing;
  bool is_await = tree_is(&module->tree, expression, KIND_AWAIT);
  bool is_run = !is_await && tree_is(&module->tree, expression, KIND_CALL) &&
    call_meaning(module, expression) == CALL_RUN;
  return is_await || is_run ? value_of(module, expression) : nothing;
}

Node awaited_gather(Module *module, Node expression) {
  Value value = value_waited_for(module, expression);
  return value.kind == VALUE_RESULTS ? value.origin : NODE_NONE;
}

static bool stops_early(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node argument = call_keyword(module, call, "return_when");
  if (argument == NODE_NONE) return false;
  Str name = name_of(module, argument);
  if (name.len == 0) name = tree_text(tree, argument);
  return str_contains(name, STR("FIRST_COMPLETED")) || str_contains(name, STR("FIRST_EXCEPTION"));
}

bool wait_of(Module *module, Node call, Wait *wait) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, call, KIND_CALL) || call_meaning(module, call) != CALL_WAIT) return false;
  *wait = (Wait){ .call = call, .is_complete = false };
  wait->collection = call_argument(module, call, 0, "fs");
  if (wait->collection != NODE_NONE) {
    Awaitables awaitables = { .is_complete = true };
    add_elements(module, &awaitables, wait->collection);
    wait->awaitables = awaitables.items;
    wait->is_complete = awaitables.is_complete;
  }
  Node timeout = call_keyword(module, call, "timeout");
  wait->has_timeout = timeout != NODE_NONE && !tree_is(tree, timeout, KIND_NONE_LITERAL);
  wait->is_first_completed = stops_early(module, call);
  return true;
}

Node awaited_wait(Module *module, Node expression, Wait *wait) {
  Value value = value_waited_for(module, expression);
  bool is_wait = value.kind == VALUE_DONE_PENDING && wait_of(module, value.origin, wait);
  return is_wait ? value.origin : NODE_NONE;
}
