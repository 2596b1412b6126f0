#include "python/target.h"

#include "python/name.h"
#include "python/use.h"

uint32_t position_in_parent(const Tree *tree, Node node) {
  uint32_t position = 0;
  TREE_EACH_CHILD (tree, tree_parent(tree, node), child) {
    if (child == node || position == TARGET_POSITIONS) break;
    position++;
  }
  return position;
}

static bool has_splat(const Tree *tree, Node display) {
  TREE_EACH_CHILD (tree, display, child) {
    if (is_splat(tree, child)) return true;
  }
  return false;
}

Node paired_item(const Tree *tree, Node display, uint32_t position, uint32_t count) {
  if (!is_sequence_display(tree, display) || count > TARGET_POSITIONS) return NODE_NONE;
  if (tree_child_count(tree, display) != count || has_splat(tree, display)) return NODE_NONE;
  return tree_nth(tree, display, position);
}

Node assigned_value(const Tree *tree, Node assignment) {
  Node value = tree_child(tree, assignment, FIELD_RIGHT);
  while (tree_is(tree, value, KIND_ASSIGNMENT)) value = tree_child(tree, value, FIELD_RIGHT);
  return value;
}

bool is_call_of(Module *module, Node expression, const char *dotted) {
  return tree_is(&module->tree, expression, KIND_CALL) &&
    name_is(module, call_function(module, expression), dotted);
}

static Target targeted(const Tree *tree, Node at) {
  Target target = { .value = NODE_NONE };
  Node parent = tree_parent(tree, at);
  switch (parent == NODE_NONE ? KIND_NONE : tree_kind(tree, parent)) {
  case KIND_ASSIGNMENT:
    if (tree_field(tree, at) != FIELD_LEFT) break;
    target.value = assigned_value(tree, parent);
    target.kind = TARGET_VALUE;
    break;
  case KIND_NAMED_EXPRESSION:
    target.value = tree_child(tree, parent, FIELD_VALUE);
    target.kind = TARGET_VALUE;
    break;
  case KIND_FOR_STATEMENT:
  case KIND_FOR_IN_CLAUSE:
    target.value = tree_child(tree, parent, FIELD_RIGHT);
    target.kind = TARGET_ELEMENT;
    break;
  case KIND_AS_PATTERN_TARGET: {
    Node pattern = tree_parent(tree, parent);
    if (!tree_is(tree, tree_parent(tree, pattern), KIND_WITH_ITEM)) break;
    target.value = tree_first(tree, pattern);
    target.kind = TARGET_ENTERED;
    break;
  }
  default:
    break;
  }
  if (target.value == NODE_NONE) target.kind = TARGET_OTHER;
  return target;
}

/* `a, b = f(), g()`: the part is a value of its own. */
static void pair_with_display(const Tree *tree, Target *target, Node pattern) {
  if (target->kind != TARGET_VALUE || target->depth != 1 || target->is_rest) return;
  if (has_splat(tree, pattern)) return;
  Node item = paired_item(tree, target->value, target->path[0], tree_child_count(tree, pattern));
  if (item == NODE_NONE) return;
  target->value = item;
  target->depth = 0;
}

Target target_of(const Module *module, Node identifier) {
  const Tree *tree = &module->tree;
  uint32_t inner[TARGET_DEPTH];
  uint32_t depth = 0;
  Node at = identifier, pattern = NODE_NONE;
  bool is_rest = false;
  for (Node parent = tree_parent(tree, at); parent != NODE_NONE; parent = tree_parent(tree, at)) {
    if (is_splat(tree, parent)) {
      is_rest = true;
    } else if (is_target_pattern(tree, parent)) {
      uint32_t position = position_in_parent(tree, at);
      if (depth == TARGET_DEPTH || position == TARGET_POSITIONS)
        return (Target){ .value = NODE_NONE };
      inner[depth++] = position;
      pattern = parent;
    } else {
      break;
    }
    at = parent;
  }
  Target target = targeted(tree, at);
  target.is_rest = is_rest;
  target.depth = depth;
  for (uint32_t i = 0; i < depth; i++) target.path[i] = inner[depth - 1 - i];
  if (depth == 1) pair_with_display(tree, &target, pattern);
  return target;
}

static void drop_first(Target *target) {
  for (uint32_t i = 1; i < target->depth; i++) target->path[i - 1] = target->path[i];
  target->depth--;
}

static Node single_source(Module *module, Node expression) {
  if (!tree_is(&module->tree, expression, KIND_IDENTIFIER)) return expression;
  Nodes definitions = definitions_of(module, expression);
  if (definitions.count != 1) return NODE_NONE;
  return defined_value(module, definitions.items[0]);
}

static const char *const SAME_ELEMENTS[] = { "list",   "tuple",    "set", "frozenset",
                                             "sorted", "reversed", "iter" };

/* `.items()`: of dict(zip(a, b)) each side has its own collection, of others it is the values. */
static bool look_through_items(Module *module, Target *target, Pick *pick, Node receiver) {
  if (target->depth == 0 || target->path[0] > 1) return false;
  Node made = single_source(module, receiver);
  if (is_call_of(module, made, "dict")) {
    Node pairs = call_positional(module, made, 0);
    if (is_call_of(module, pairs, "zip")) {
      target->value = pairs;
      *pick = PICK_ITEMS;
      return true;
    }
  }
  *pick = target->path[0] == 0 ? PICK_ITEMS : PICK_VALUES;
  target->value = receiver;
  drop_first(target);
  return true;
}

typedef enum { LOOKED_DONE, LOOKED_ON, LOOKED_ELSEWHERE } Looked;

static Looked look_through_method(Module *module, Target *target, Pick *pick, Node call) {
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE || call_positional_count(module, call) != 0) return LOOKED_DONE;
  Str method = call_method(module, call);
  if (str_is(method, "items")) {
    if (!look_through_items(module, target, pick, receiver)) return LOOKED_ELSEWHERE;
    return target->value == receiver ? LOOKED_DONE : LOOKED_ON;
  }
  if (str_is(method, "values")) *pick = PICK_VALUES;
  if (!str_is(method, "values") && !str_is(method, "keys") && !str_is(method, "copy"))
    return LOOKED_DONE;
  target->value = receiver;
  return str_is(method, "copy") ? LOOKED_ON : LOOKED_DONE;
}

static Looked look_through_call(Module *module, Target *target, Pick *pick, Node call) {
  Str name = name_of(module, call_function(module, call));
  if (name.len == 0) return look_through_method(module, target, pick, call);
  if (STR_IN(name, SAME_ELEMENTS)) {
    target->value = call_positional(module, call, 0);
    return target->value == NODE_NONE ? LOOKED_ELSEWHERE : LOOKED_ON;
  }
  bool is_enumerate = str_is(name, "enumerate");
  if (!is_enumerate && !str_is(name, "zip")) return look_through_method(module, target, pick, call);
  if (target->depth == 0 || (is_enumerate && target->path[0] != 1)) return LOOKED_ELSEWHERE;
  target->value = call_positional(module, call, is_enumerate ? 0 : target->path[0]);
  drop_first(target);
  return target->value == NODE_NONE ? LOOKED_ELSEWHERE : LOOKED_ON;
}

bool target_collection(Module *module, Target *target, Pick *pick) {
  *pick = PICK_ITEMS;
  if (target->kind != TARGET_ELEMENT) return false;
  for (uint32_t i = 0; i < 16; i++) {
    if (!tree_is(&module->tree, target->value, KIND_CALL)) return true;
    Looked looked = look_through_call(module, target, pick, target->value);
    if (looked != LOOKED_ON) return looked == LOOKED_DONE;
  }
  return true;
}
