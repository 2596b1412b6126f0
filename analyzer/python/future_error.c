#include "python/future_error.h"

#include "python/asyncio_call.h"
#include "python/awaits.h"
#include "python/iterate.h"
#include "python/value.h"

typedef enum { OWNER_UNKNOWN, OWNER_ASYNCIO, OWNER_THREAD } Owner;

static Owner owner_of_value(Module *module, Node expression) {
  switch (value_of(module, expression).kind) {
  case VALUE_TASK:
  case VALUE_FUTURE:
  case VALUE_GATHER:
  case VALUE_DONE_TASK:
    return OWNER_ASYNCIO;
  case VALUE_THREAD_FUTURE:
    return OWNER_THREAD;
  default:
    return OWNER_UNKNOWN;
  }
}

/* The constant key of `record["task"]` and `record.get("task")`. */
static Node record_key(Module *module, Node expression) {
  const Tree *tree = &module->tree;
  Node key = NODE_NONE;
  if (tree_is(tree, expression, KIND_SUBSCRIPT)) {
    key = tree_child(tree, expression, FIELD_SUBSCRIPT);
  } else if (tree_is(tree, expression, KIND_CALL) && str_is(call_method(module, expression), "get")) {
    key = call_positional(module, expression, 0);
  }
  return tree_is(tree, key, KIND_STRING) ? key : NODE_NONE;
}

/* What the file stores under that key, in whatever record. */
static Owner owner_in_records(Module *module, Node key) {
  const Tree *tree = &module->tree;
  Str text = tree_text(tree, key);
  Owner owner = OWNER_UNKNOWN;
  if (!may_search(module, 0)) return owner;
  for (Node row = 0; row < tree->count; row++) {
    if (!tree_is(tree, row, KIND_ASSIGNMENT)) continue;
    Node target = tree_child(tree, row, FIELD_LEFT), value = tree_child(tree, row, FIELD_RIGHT);
    if (!tree_is(tree, target, KIND_SUBSCRIPT) || value == NODE_NONE) continue;
    Node stored = record_key(module, target);
    if (stored == NODE_NONE || !str_equal(tree_text(tree, stored), text)) continue;
    if (tree_is(tree, value, KIND_NONE_LITERAL)) continue;
    Owner other = owner_of_value(module, value);
    if (other == OWNER_UNKNOWN || (owner != OWNER_UNKNOWN && owner != other)) return OWNER_UNKNOWN;
    owner = other;
  }
  return owner;
}

static Owner owner_of(Module *module, Node future) {
  Owner owner = owner_of_value(module, future);
  if (owner != OWNER_UNKNOWN || !tree_is(&module->tree, future, KIND_IDENTIFIER)) return owner;
  Nodes sources = sources_of(module, future);
  for (uint32_t i = 0; i < sources.count; i++) {
    if (tree_is(&module->tree, sources.items[i], KIND_NONE_LITERAL)) continue;
    Node key = record_key(module, sources.items[i]);
    Owner other = key == NODE_NONE ? OWNER_UNKNOWN : owner_in_records(module, key);
    if (other == OWNER_UNKNOWN || (owner != OWNER_UNKNOWN && owner != other)) return OWNER_UNKNOWN;
    owner = other;
  }
  return owner;
}

static void add_first(Node *place, Node node) {
  if (*place == NODE_NONE) *place = node;
}

static void add_call(Module *module, Node call, FutureErrors *errors) {
  if (call_meaning(module, call) == CALL_RUN) {
    add_first(&errors->asyncio, call);
    return;
  }
  bool is_result = str_is(call_method(module, call), "result");
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE || (!is_result && !str_is(call_method(module, call), "exception")))
    return;
  switch (owner_of(module, receiver)) {
  case OWNER_ASYNCIO:
    add_first(&errors->asyncio, call);
    return;
  case OWNER_THREAD:
    add_first(&errors->thread, call);
    if (call_argument(module, call, 0, "timeout") != NODE_NONE) add_first(&errors->waiting, call);
    return;
  case OWNER_UNKNOWN:
    errors->unknown = true;
  }
}

FutureErrors future_errors_in(Module *module, Node try_statement) {
  FutureErrors errors = { .asyncio = NODE_NONE, .thread = NODE_NONE, .waiting = NODE_NONE };
  Node body = try_body(module, try_statement);
  if (body == NODE_NONE) return errors;
  Nodes awaits = awaits_in(module, body);
  if (awaits.count > 0) errors.asyncio = awaits.items[0];
  EACH_ROW (&module->tree, body, row) {
    if (tree_is(&module->tree, row, KIND_CALL)) add_call(module, row, &errors);
  }
  return errors;
}
