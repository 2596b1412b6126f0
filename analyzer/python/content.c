#include "python/content.h"

#include "python/definition.h"
#include "python/memo.h"
#include "python/name.h"
#include "python/reach.h"
#include "python/use.h"

enum { ITEMS_LIMIT = 256, COLLECTIONS_LIMIT = 256, DEFINITIONS_LIMIT = 16 };

typedef struct {
  Module *module;
  const Tree *tree;
  Memo *memo; /* holds what is pending, seen and found */
  bool is_complete;
  uint32_t steps;
} Search;

static void add_item(Search *search, Node item) {
  if (item == NODE_NONE || search->memo->content_found.count == ITEMS_LIMIT)
    search->is_complete = false;
  else vec_push(search->module->arena, &search->memo->content_found, item);
}

static void ask(Search *search, Node collection, Pick pick) {
  Memo *memo = search->memo;
  if (collection == NODE_NONE) {
    search->is_complete = false;
  } else if (node_set_add(search->module->arena, &memo->content_seen[pick], collection)) {
    vec_push(search->module->arena, &memo->content_pending, (Question){ collection, pick });
  }
}

/* --- displays and calls ----------------------------------------------------------------------- */

static void add_pair(Search *search, Node pair, Pick pick) {
  add_item(search, tree_child(search->tree, pair, pick == PICK_ITEMS ? FIELD_KEY : FIELD_VALUE));
}

static void look_at_display(Search *search, Node display, Pick pick) {
  TREE_EACH_CHILD (search->tree, display, child) {
    if (search->memo->content_found.count == ITEMS_LIMIT) {
      search->is_complete = false;
      return;
    }
    if (is_splat(search->tree, child) || tree_is(search->tree, child, KIND_DICTIONARY_SPLAT))
      ask(search, tree_first(search->tree, child), pick);
    else if (tree_is(search->tree, child, KIND_PAIR)) add_pair(search, child, pick);
    else add_item(search, child);
  }
}

static void look_at_comprehension(Search *search, Node comprehension, Pick pick) {
  Node body = tree_child(search->tree, comprehension, FIELD_BODY);
  if (tree_is(search->tree, body, KIND_PAIR)) add_pair(search, body, pick);
  else add_item(search, body);
}

static const char *const COPIES[] = {
  "list",
  "tuple",
  "set",
  "frozenset",
  "sorted",
  "reversed",
  "iter",
  "dict",
  "collections.OrderedDict",
  "collections.deque",
  "itertools.chain",
  "asyncio.as_completed",
};

static const char *const EMPTY_MAKERS[] = {
  "list",
  "tuple",
  "set",
  "frozenset",
  "dict",
  "collections.OrderedDict",
  "collections.deque",
  "collections.defaultdict",
  "weakref.WeakSet",
  "weakref.WeakValueDictionary",
  "weakref.WeakKeyDictionary",
};

static const char *const COPY_METHODS[] = { "copy", "keys", "union", "difference", "intersection" };

/* What map(f, xs) holds are the results of f, and no expression stands for them unless f is a
   lambda. */
static void look_at_map(Search *search, Node call) {
  Node function = call_positional(search->module, call, 0);
  bool is_lambda = tree_is(search->tree, function, KIND_LAMBDA);
  add_item(search, is_lambda ? tree_child(search->tree, function, FIELD_BODY) : call);
}

static void look_at_method(Search *search, Node call, Pick pick) {
  Node receiver = call_receiver(search->module, call);
  Str method = call_method(search->module, call);
  if (receiver != NODE_NONE && str_is(method, "values")) {
    ask(search, receiver, PICK_VALUES);
  } else if (receiver != NODE_NONE && STR_IN(method, COPY_METHODS)) {
    ask(search, receiver, pick);
    Node other = call_positional(search->module, call, 0);
    if (other != NODE_NONE && str_is(method, "union")) ask(search, other, pick);
  } else {
    search->is_complete = false;
  }
}

static void look_at_call(Search *search, Node call, Pick pick) {
  Module *module = search->module;
  Str name = name_of(module, call_function(module, call));
  uint32_t count = call_positional_count(module, call);
  if (count == 0 && STR_IN(name, EMPTY_MAKERS)) return;
  if (str_is(name, "collections.defaultdict")) {
    if (count > 1) search->is_complete = false;
  } else if (str_is(name, "map")) {
    look_at_map(search, call);
  } else if (str_is(name, "filter")) {
    ask(search, call_positional(module, call, 1), pick);
  } else if (STR_IN(name, COPIES)) {
    for (uint32_t i = 0; i < count && i < COLLECTIONS_LIMIT; i++)
      ask(search, call_positional(module, call, i), pick);
  } else {
    look_at_method(search, call, pick);
  }
}

/* --- names ------------------------------------------------------------------------------------ */

typedef struct {
  const char *method;
  uint32_t argument;
  bool is_collection; /* the argument's elements are added, not the argument */
} Adder;

static const Adder ADDERS[] = {
  { "append", 0, false }, { "add", 0, false },        { "appendleft", 0, false },
  { "insert", 1, false }, { "setdefault", 1, false }, { "extend", 0, true },
  { "update", 0, true },  { "extendleft", 0, true },
};

static void look_at_adder(Search *search, Node call, Pick pick) {
  Str method = call_method(search->module, call);
  for (size_t i = 0; i < sizeof ADDERS / sizeof *ADDERS; i++) {
    if (!str_is(method, ADDERS[i].method)) continue;
    Node argument = call_positional(search->module, call, ADDERS[i].argument);
    if (ADDERS[i].is_collection) ask(search, argument, pick);
    else add_item(search, argument);
  }
}

static bool is_dictionary(Module *module, Node expression) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, expression, KIND_CALL)) {
    Str name = name_of(module, call_function(module, expression));
    return str_is(name, "dict") || str_ends_with(name, STR("Dict")) ||
      str_ends_with(name, STR("defaultdict"));
  }
  return tree_is(tree, expression, KIND_DICTIONARY) ||
    tree_is(tree, expression, KIND_DICTIONARY_COMPREHENSION);
}

/* `xs[i] = v` puts v into a list, and the key i into what a dictionary iterates over. */
static void look_at_subscript(Search *search, Node subscript, Pick pick, bool is_keyed) {
  const Tree *tree = search->tree;
  Node assignment = tree_parent(tree, subscript);
  if (!tree_is(tree, assignment, KIND_ASSIGNMENT) || tree_field(tree, subscript) != FIELD_LEFT)
    return;
  bool takes_key = pick == PICK_ITEMS && is_keyed;
  add_item(
    search,
    takes_key ? tree_child(tree, subscript, FIELD_SUBSCRIPT) : assigned_value(tree, assignment)
  );
}

/* What one mention of the container adds to it. True if it is handed to somebody who may add to
   it. */
static bool look_at_mention(Search *search, Node mention, Pick pick, bool is_keyed) {
  const Tree *tree = search->tree;
  Node parent = tree_parent(tree, mention);
  switch (tree_kind(tree, parent)) {
  case KIND_ATTRIBUTE: {
    Node call = tree_parent(tree, parent);
    if (tree_is(tree, call, KIND_CALL) && tree_field(tree, parent) == FIELD_FUNCTION)
      look_at_adder(search, call, pick);
    return false;
  }
  case KIND_SUBSCRIPT:
    if (tree_field(tree, mention) == FIELD_VALUE) look_at_subscript(search, parent, pick, is_keyed);
    return false;
  case KIND_AUGMENTED_ASSIGNMENT:
    if (tree_field(tree, mention) == FIELD_LEFT)
      ask(search, tree_child(tree, parent, FIELD_RIGHT), pick);
    return false;
  case KIND_ARGUMENT_LIST: {
    Node call = tree_parent(tree, parent);
    if (!tree_is(tree, call, KIND_CALL)) return false;
    Str name = name_of(search->module, call_function(search->module, call));
    return name.len == 0 ||
      (str_contains(name, STR(".")) && !str_starts_with(name, STR("asyncio.")));
  }
  default:
    return false;
  }
}

static void look_at_mentions(Search *search, Nodes mentions, Pick pick, bool is_keyed) {
  uint32_t before = search->memo->content_found.count;
  bool is_handed_on = false;
  for (uint32_t i = 0; i < mentions.count; i++) {
    if (!effort_spend(search->module, EFFORT_QUESTIONS, MEMO_MENTION_STEPS) || ++search->steps > MEMO_QUERY_STEPS) {
      search->is_complete = false;
      return;
    }
    is_handed_on |= look_at_mention(search, mentions.items[i], pick, is_keyed);
  }
  if (is_handed_on && search->memo->content_found.count == before && before == 0)
    search->is_complete = false;
}

static bool is_augmented(const Module *module, Node definition) {
  return scopes_occurrence(&module->scopes, definition) == OCCURRENCE_AUGMENT;
}

static void look_at_identifier(Search *search, Node identifier, Pick pick) {
  Module *module = search->module;
  BindingId id = scopes_binding(&module->scopes, identifier);
  Nodes definitions = definitions_of(module, identifier);
  if (definitions.count == 0) definitions = definitions_anywhere(module, identifier);
  if (definitions.count == 0 || definitions.count > DEFINITIONS_LIMIT) {
    search->is_complete = false;
    return;
  }
  bool is_keyed = false;
  for (uint32_t i = 0; i < definitions.count; i++) {
    Target target = target_of(module, definitions.items[i]);
    bool is_whole = target.kind == TARGET_VALUE && target.depth == 0 && !target.is_rest;
    if (is_whole) ask(search, target.value, pick);
    if (!is_whole && !is_augmented(module, definitions.items[i])) search->is_complete = false;
    is_keyed |= is_whole && is_dictionary(module, target.value);
  }
  Node first = scopes_get(&module->scopes, id)->occurrences.items[0].node;
  if (node_set_add(module->arena, &search->memo->content_seen[pick], first) || first == identifier)
    look_at_mentions(search, reads_anywhere(module, identifier), pick, is_keyed);
}

static void look_at_attribute(Search *search, Node attribute, Pick pick) {
  Module *module = search->module;
  search->is_complete = false;
  bool is_class;
  ClassId class_id =
    self_class(module, tree_child(search->tree, attribute, FIELD_OBJECT), &is_class);
  if (class_id == CLASS_NONE) return;
  Str name = tree_text(search->tree, tree_child(search->tree, attribute, FIELD_ATTRIBUTE));
  Nodes values = attribute_bindings(module, class_id, name).values;
  bool is_keyed = false;
  for (uint32_t i = 0; i < values.count && i < DEFINITIONS_LIMIT; i++) {
    ask(search, values.items[i], pick);
    is_keyed |= is_dictionary(module, values.items[i]);
  }
  look_at_mentions(search, attribute_occurrences(module, class_id, name), pick, is_keyed);
}

/* --- the search ------------------------------------------------------------------------------- */

static void look_at_subscripted(Search *search, Node subscript, Pick pick) {
  Node index = tree_child(search->tree, subscript, FIELD_SUBSCRIPT);
  if (tree_is(search->tree, index, KIND_SLICE))
    ask(search, tree_child(search->tree, subscript, FIELD_VALUE), pick);
  else search->is_complete = false;
}

static void look_at_operator(Search *search, Node node, Pick pick) {
  const Tree *tree = search->tree;
  Node operator= tree_child(tree, node, FIELD_OPERATOR);
  ask(search, tree_child(tree, node, FIELD_LEFT), pick);
  static const char *const joins[] = { "+", "|", "or" };
  if (STR_IN(tree_text(tree, operator), joins))
    ask(search, tree_child(tree, node, FIELD_RIGHT), pick);
}

static void look_at(Search *search, Node node, Pick pick) {
  const Tree *tree = search->tree;
  switch (tree_kind(tree, node)) {
  case KIND_LIST:
  case KIND_TUPLE:
  case KIND_SET:
  case KIND_DICTIONARY:
    look_at_display(search, node, pick);
    break;
  case KIND_LIST_COMPREHENSION:
  case KIND_SET_COMPREHENSION:
  case KIND_DICTIONARY_COMPREHENSION:
  case KIND_GENERATOR_EXPRESSION:
    look_at_comprehension(search, node, pick);
    break;
  case KIND_CALL:
    look_at_call(search, node, pick);
    break;
  case KIND_IDENTIFIER:
    look_at_identifier(search, node, pick);
    break;
  case KIND_ATTRIBUTE:
    look_at_attribute(search, node, pick);
    break;
  case KIND_SUBSCRIPT:
    look_at_subscripted(search, node, pick);
    break;
  case KIND_BINARY_OPERATOR:
  case KIND_BOOLEAN_OPERATOR:
    look_at_operator(search, node, pick);
    break;
  case KIND_CONDITIONAL_EXPRESSION:
    ask(search, tree_nth(tree, node, 0), pick);
    ask(search, tree_nth(tree, node, 2), pick);
    break;
  case KIND_NAMED_EXPRESSION:
    ask(search, tree_child(tree, node, FIELD_VALUE), pick);
    break;
  case KIND_LIST_SPLAT:
    ask(search, tree_first(tree, node), pick);
    break;
  case KIND_NONE_LITERAL:
    break;
  default:
    search->is_complete = false;
    break;
  }
}

static Contents search_contents(Module *module, Node collection, Pick pick) {
  Memo *memo = memo_of(module);
  Search search = { .module = module, .tree = &module->tree, .memo = memo, .is_complete = true };
  node_set_clear(&memo->content_seen[PICK_ITEMS]);
  node_set_clear(&memo->content_seen[PICK_VALUES]);
  memo->content_pending.count = memo->content_found.count = 0;
  ask(&search, collection, pick);
  for (uint32_t i = 0; i < memo->content_pending.count; i++) {
    if (i == COLLECTIONS_LIMIT || !effort_spend(module, EFFORT_QUESTIONS, MEMO_MENTION_STEPS)) {
      search.is_complete = false;
      break;
    }
    Question question = memo->content_pending.items[i];
    look_at(&search, question.collection, question.pick);
  }
  sort_nodes(&memo->content_found);
  uint32_t kept = memo_keep_copy(module, memo->content_found);
  return (Contents){ .items = memo->lists.items[kept - 1], .is_complete = search.is_complete };
}

Contents contents_of(Module *module, Node collection, Pick pick) {
  if (collection == NODE_NONE) return (Contents){ .is_complete = false };
  Memo *memo = memo_of(module);
  uint32_t kept;
  if (!node_map_get(&memo->contents[pick], collection, &kept)) {
    Contents contents = search_contents(module, collection, pick);
    kept = memo->content_items.count;
    vec_push(module->arena, &memo->content_items, contents);
    node_map_put(module->arena, &memo->contents[pick], collection, kept);
  }
  return memo->content_items.items[kept];
}

Nodes elements_of(Module *module, Node collection, bool *is_complete) {
  Contents contents = contents_of(module, collection, PICK_ITEMS);
  *is_complete = contents.is_complete;
  return contents.items;
}
