#include "python/element.h"

#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/node_map.h"
#include "python/target.h"

enum {
  PATH_MAX_DEPTH = 4,
  HOLDERS_MAX = 200, /* expressions and names that one list is followed through */
  ELEMENTS_MAX = 500,
};

/* Where the elements sit: with positions 1, 0 an item is (…, (element, …)). */
typedef struct {
  uint32_t positions[PATH_MAX_DEPTH];
  uint32_t depth; /* 0: the items are the elements */
} Path;

typedef enum {
  HOLDS_ITEMS,  /* iterating over it gives items */
  HOLDS_VALUES, /* a dictionary: its values are the items */
  HOLDS_ONE,    /* it is one item, a tuple with the element in it */
} Holding;

/* An expression or a name that holds elements. */
typedef struct {
  Node node;
  bool is_definition; /* node is an identifier occurrence that binds */
  Holding holding;
  Path path;
} Holder;

typedef struct {
  Module *module;
  const Tree *tree;
  Elements elements;
  Vec(Holder) holders;
  NodeMap seen;
} Search;

/* Calls that give the same items again. */
static const char *const SAME_ITEMS[] = {
  "list",
  "tuple",
  "set",
  "frozenset",
  "sorted",
  "reversed",
  "iter",
  "collections.deque",
  "itertools.chain",
  "itertools.islice",
  "copy.copy",
  "tqdm.tqdm",
};
/* Calls that use each element as it is. */
static const char *const CONSUMERS[] = { "sum", "max", "min", "itertools.chain.from_iterable" };

static void add_holder(Search *search, Holder holder) {
  if (search->holders.count >= HOLDERS_MAX || holder.node == NODE_NONE) return;
  if (node_map_add(search->module->arena, &search->seen, holder.node)) {
    vec_push(search->module->arena, &search->holders, holder);
  }
}

static void add_element(Search *search, Node node, bool is_name, Node origin) {
  if (search->elements.count >= ELEMENTS_MAX || node == NODE_NONE) return;
  if (!node_map_add(search->module->arena, &search->seen, node)) return;
  vec_push(
    search->module->arena,
    &search->elements,
    (Element){ .node = node, .is_name = is_name, .origin = origin }
  );
}

/* `results[0]` written twice is one element. */
static void add_expression(Search *search, Node node, Node origin) {
  Str text = tree_text(search->tree, node);
  for (uint32_t i = 0; i < search->elements.count; i++) {
    const Element *other = &search->elements.items[i];
    if (!other->is_name && str_equal(tree_text(search->tree, other->node), text)) return;
  }
  add_element(search, node, false, origin);
}

static Path path_inside(Path path) {
  Path inner = { .depth = path.depth - 1 };
  for (uint32_t i = 1; i < path.depth; i++) inner.positions[i - 1] = path.positions[i];
  return inner;
}

static bool path_push(Path *path, uint32_t position) {
  if (path->depth == PATH_MAX_DEPTH) return false;
  for (uint32_t i = path->depth; i > 0; i--) path->positions[i] = path->positions[i - 1];
  path->positions[0] = position;
  path->depth++;
  return true;
}

/* An item arrives at a target: of a loop, or at one place of a pattern. */
static void bind_item(Search *search, Node target, Path path, Node origin) {
  const Tree *tree = search->tree;
  while (path.depth > 0 && is_target_pattern(tree, target)) {
    target = tree_nth(tree, target, path.positions[0]);
    path = path_inside(path);
    if (target == NODE_NONE || is_splat(tree, target)) return;
  }
  if (path.depth > 0) {
    if (!tree_is(tree, target, KIND_IDENTIFIER)) return;
    add_holder(
      search, (Holder){ .node = target, .is_definition = true, .holding = HOLDS_ONE, .path = path }
    );
    return;
  }
  add_element(search, target, tree_is(tree, target, KIND_IDENTIFIER), origin);
}

/* An item stands as an expression: results[0], next(it), results.pop(). */
static void add_item(Search *search, Node expression, Path path) {
  if (path.depth == 0) {
    add_expression(search, expression, expression);
  } else {
    add_holder(search, (Holder){ .node = expression, .holding = HOLDS_ONE, .path = path });
  }
}

static void hold_items(Search *search, Node expression, Path path) {
  add_holder(search, (Holder){ .node = expression, .holding = HOLDS_ITEMS, .path = path });
}

/* `a, *b, c = results` */
static void unpack_items(Search *search, Node pattern, Path path) {
  uint32_t count = 0;
  TREE_EACH_CHILD (search->tree, pattern, target) {
    if (count++ == TARGET_POSITIONS) break;
    if (!is_splat(search->tree, target)) {
      bind_item(search, target, path, pattern);
      continue;
    }
    Node rest = tree_first(search->tree, target);
    if (!tree_is(search->tree, rest, KIND_IDENTIFIER)) continue;
    add_holder(
      search, (Holder){ .node = rest, .is_definition = true, .holding = HOLDS_ITEMS, .path = path }
    );
  }
}

/* The parameter of this file's function (a lambda, or one known by name) at that position, or
   NODE_NONE. */
static Node parameter_of(Search *search, FunctionId id, uint32_t position, Str keyword) {
  if (id == FUNCTION_NONE) return NODE_NONE;
  const Function *function = module_function(search->module, id);
  bool has_self = function->class_id != CLASS_NONE && !function->is_static;
  uint32_t wanted = position + (has_self ? 1 : 0);
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    const Parameter *parameter = &function->parameters.items[i];
    bool is_meant = keyword.len > 0 ? str_equal(parameter->name, keyword) : i == wanted;
    if (!is_meant) continue;
    bool is_single = parameter->kind == PARAMETER_PLAIN || parameter->kind == PARAMETER_KEYWORD;
    return is_single ? parameter->identifier : NODE_NONE;
  }
  return NODE_NONE;
}

/* The function of this file that the expression names or is. */
static FunctionId function_meant(Search *search, Node expression) {
  if (tree_is(search->tree, expression, KIND_LAMBDA))
    return symbols_function(&search->module->symbols, expression);
  Str name = name_of(search->module, expression);
  return name.len > 0 ? function_named(search->module, name) : FUNCTION_NONE;
}

/* filter(f, results) and map(f, results): each element goes to f. */
static bool hand_to_function(Search *search, Node call, Path path) {
  Node function = call_positional(search->module, call, 0);
  if (function == NODE_NONE || path.depth > 0) return false;
  Node parameter = parameter_of(search, function_meant(search, function), 0, STR_EMPTY);
  if (parameter == NODE_NONE) return false;
  add_element(search, parameter, true, call);
  return true;
}

static void iterate_by_name(Search *search, const Use *use, Path path) {
  Module *module = search->module;
  Node call = use->consumer;
  Node function = call_function(module, call);
  if (NAME_IN(module, function, SAME_ITEMS)) {
    hold_items(search, call, path);
  } else if (name_is(module, function, "enumerate")) {
    if (path_push(&path, 1)) hold_items(search, call, path);
  } else if (name_is(module, function, "zip") || name_is(module, function, "itertools.zip_longest")) {
    if (path_push(&path, use->index)) hold_items(search, call, path);
  } else if (name_is(module, function, "dict")) {
    if (path.depth == 0 || path.positions[0] != 1) return;
    add_holder(
      search, (Holder){ .node = call, .holding = HOLDS_VALUES, .path = path_inside(path) }
    );
  } else if (name_is(module, function, "next")) {
    add_item(search, call, path);
  } else if (name_is(module, function, "map")) {
    hand_to_function(search, call, path);
  } else if (name_is(module, function, "filter")) {
    bool drops_only_empty =
      tree_is(search->tree, call_positional(module, call, 0), KIND_NONE_LITERAL);
    if (drops_only_empty) hold_items(search, call, path);
    if (!drops_only_empty) hand_to_function(search, call, path);
  } else if (NAME_IN(module, function, CONSUMERS) && path.depth == 0) {
    add_element(search, use->value, false, call);
  }
}

static void follow_iteration(Search *search, const Use *use, Path path) {
  const Tree *tree = search->tree;
  switch (tree_kind(tree, use->consumer)) {
  case KIND_FOR_STATEMENT:
  case KIND_FOR_IN_CLAUSE: {
    Node target = tree_child(tree, use->consumer, FIELD_LEFT);
    if (target != NODE_NONE) bind_item(search, target, path, use->consumer);
    break;
  }
  case KIND_CALL:
    iterate_by_name(search, use, path);
    break;
  default:
    break;
  }
}

/* The list goes to a function of the same file, or into another list:
   everything.extend(results). */
static void follow_argument(Search *search, const Use *use, const Holder *holder) {
  Module *module = search->module;
  Node receiver = call_receiver(module, use->consumer);
  if (receiver != NODE_NONE && str_is(call_method(module, use->consumer), "extend")) {
    if (!tree_is(search->tree, receiver, KIND_IDENTIFIER) || holder->holding != HOLDS_ITEMS) return;
    Nodes definitions = definitions_of(module, receiver);
    for (uint32_t i = 0; i < definitions.count; i++) {
      Holder grown = { .node = definitions.items[i], .is_definition = true, .path = holder->path };
      add_holder(search, grown);
    }
    return;
  }
  Callee callee = callee_of(module, use->consumer);
  FunctionId function = callee.name.len > 0 ? function_named(module, callee.name) : FUNCTION_NONE;
  Node parameter = parameter_of(search, function, use->index, use->name);
  Holder inside = {
    .node = parameter, .is_definition = true, .holding = holder->holding, .path = holder->path
  };
  add_holder(search, inside);
}

static void follow_method(Search *search, const Use *use, const Holder *holder) {
  bool is_dictionary = holder->holding == HOLDS_VALUES;
  if (str_is(use->name, "copy")) {
    add_holder(
      search, (Holder){ .node = use->consumer, .holding = holder->holding, .path = holder->path }
    );
  } else if (str_is(use->name, "pop") || (is_dictionary && str_is(use->name, "get"))) {
    add_item(search, use->consumer, holder->path);
  } else if (is_dictionary && str_is(use->name, "values")) {
    hold_items(search, use->consumer, holder->path);
  } else if (is_dictionary && str_is(use->name, "items")) {
    Path path = holder->path;
    if (path_push(&path, 1)) hold_items(search, use->consumer, path);
  }
}

static void follow_subscript(Search *search, const Use *use, const Holder *holder) {
  Node index = tree_child(search->tree, use->consumer, FIELD_SUBSCRIPT);
  if (tree_is(search->tree, index, KIND_SLICE)) {
    hold_items(search, use->consumer, holder->path);
  } else {
    add_item(search, use->consumer, holder->path);
  }
}

/* `results + more`, `everything += results` */
static void follow_operation(Search *search, const Use *use, const Holder *holder) {
  const Tree *tree = search->tree;
  Node operator= tree_child(tree, use->consumer, FIELD_OPERATOR);
  if (tree_is(tree, use->consumer, KIND_BINARY_OPERATOR) && tree_text_is(tree, operator, "+")) {
    hold_items(search, use->consumer, holder->path);
  }
  if (!tree_is(tree, use->consumer, KIND_AUGMENTED_ASSIGNMENT)) return;
  Node target = tree_child(tree, use->consumer, FIELD_LEFT);
  if (!tree_is(tree, target, KIND_IDENTIFIER) || tree_inside(tree, use->value, target)) return;
  add_holder(search, (Holder){ .node = target, .is_definition = true, .path = holder->path });
}

static void follow_items(Search *search, const Use *use, const Holder *holder) {
  bool is_dictionary = holder->holding == HOLDS_VALUES;
  switch (use->kind) {
  case USE_ITERATED:
    if (!is_dictionary) follow_iteration(search, use, holder->path);
    break;
  case USE_UNPACKED:
    if (!is_dictionary) unpack_items(search, use->consumer, holder->path);
    break;
  case USE_SUBSCRIPTED:
    follow_subscript(search, use, holder);
    break;
  case USE_METHOD:
    follow_method(search, use, holder);
    break;
  case USE_ARGUMENT:
    follow_argument(search, use, holder);
    break;
  case USE_OPERATED:
    follow_operation(search, use, holder);
    break;
  case USE_CONTAINED:
    if (is_splat(search->tree, tree_parent(search->tree, use->value)))
      hold_items(search, use->consumer, holder->path);
    break;
  default:
    break;
  }
}

/* `pair[1]`, `name, result = pair` */
static void follow_one(Search *search, const Use *use, const Holder *holder) {
  const Tree *tree = search->tree;
  uint32_t position = holder->path.positions[0];
  if (use->kind == USE_UNPACKED) {
    bind_item(search, use->consumer, holder->path, use->consumer);
  } else if (use->kind == USE_SUBSCRIPTED) {
    Node index = tree_child(tree, use->consumer, FIELD_SUBSCRIPT);
    Str wanted = str_format(search->module->arena, "%u", (unsigned)position);
    if (!tree_is(tree, index, KIND_INTEGER) || !str_equal(tree_text(tree, index), wanted)) return;
    add_item(search, use->consumer, path_inside(holder->path));
  }
}

static void follow(Search *search, Holder holder) {
  Uses uses = holder.is_definition ? uses_of_definition(search->module, holder.node)
                                   : uses_of(search->module, holder.node);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (holder.holding == HOLDS_ONE) {
      follow_one(search, &uses.items[i], &holder);
    } else {
      follow_items(search, &uses.items[i], &holder);
    }
  }
}

Elements elements_from(Module *module, Node expression) {
  Search search = { .module = module, .tree = &module->tree };
  add_holder(&search, (Holder){ .node = expression });
  for (uint32_t i = 0; i < search.holders.count; i++) follow(&search, search.holders.items[i]);
  return search.elements;
}
