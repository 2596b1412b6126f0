#include "python/content.h"
#include "python/definition.h"
#include "python/memo.h"
#include "python/reach.h"
#include "python/use.h"
#include "python/value.h"

enum { SOURCES_LIMIT = 64, STEPS_LIMIT = 500, BINDINGS_LIMIT = 16 };

typedef struct {
  Module *module;
  const Tree *tree;
  Memo *memo; /* holds what is pending, seen and found */
} Hunt;

static void follow(Hunt *hunt, Node expression) {
  Arena *arena = hunt->module->arena;
  if (expression != NODE_NONE && node_set_add(arena, &hunt->memo->source_seen, expression))
    vec_push(arena, &hunt->memo->source_pending, expression);
}

static void follow_all(Hunt *hunt, Nodes expressions) {
  for (uint32_t i = 0; i < expressions.count; i++) follow(hunt, expressions.items[i]);
}

/* What cannot be followed stands for itself. */
static void settle(Hunt *hunt, Node expression) {
  vec_push(hunt->module->arena, &hunt->memo->source_found, expression);
}

static void look_at_contents(Hunt *hunt, Node collection, Pick pick, Node asked) {
  Contents contents = contents_of(hunt->module, collection, pick);
  follow_all(hunt, contents.items);
  if (!contents.is_complete || contents.items.count == 0) settle(hunt, asked);
}

static void look_at_definition(Hunt *hunt, Node definition) {
  Module *module = hunt->module;
  if (scopes_occurrence(&module->scopes, definition) == OCCURRENCE_AUGMENT) return;
  Target target = target_of(module, definition);
  Pick pick;
  if (target.kind == TARGET_VALUE && target.depth == 0 && !target.is_rest) {
    follow(hunt, target.value);
  } else if (target_collection(module, &target, &pick) && target.depth == 0 && !target.is_rest) {
    look_at_contents(hunt, target.value, pick, definition);
  } else {
    settle(hunt, definition);
  }
}

static void look_at_identifier(Hunt *hunt, Node identifier) {
  Module *module = hunt->module;
  BindingId id = scopes_binding(&module->scopes, identifier);
  if (id == BINDING_NONE) {
    settle(hunt, identifier);
  } else if (occurrence_binds(scopes_occurrence(&module->scopes, identifier))) {
    look_at_definition(hunt, identifier);
  } else {
    Nodes definitions = definitions_of(module, identifier);
    if (definitions.count == 0) definitions = definitions_anywhere(module, identifier);
    if (definitions.count == 0 || definitions.count > BINDINGS_LIMIT) settle(hunt, identifier);
    else follow_all(hunt, definitions);
  }
}

static void look_at_attribute(Hunt *hunt, Node attribute) {
  bool is_class;
  ClassId class_id =
    self_class(hunt->module, tree_child(hunt->tree, attribute, FIELD_OBJECT), &is_class);
  Nodes values = { 0 };
  bool is_complete = false;
  if (class_id != CLASS_NONE) {
    Str name = tree_text(hunt->tree, tree_child(hunt->tree, attribute, FIELD_ATTRIBUTE));
    AttributeBindings bindings = attribute_bindings(hunt->module, class_id, name);
    values = bindings.values;
    is_complete = bindings.is_complete;
  }
  if (values.count <= SOURCES_LIMIT) follow_all(hunt, values);
  if (!is_complete || values.count == 0 || values.count > SOURCES_LIMIT) settle(hunt, attribute);
}

static void look_at(Hunt *hunt, Node node) {
  const Tree *tree = hunt->tree;
  switch (tree_kind(tree, node)) {
  case KIND_IDENTIFIER:
    look_at_identifier(hunt, node);
    break;
  case KIND_ATTRIBUTE:
    look_at_attribute(hunt, node);
    break;
  case KIND_SUBSCRIPT:
    look_at_contents(hunt, tree_child(tree, node, FIELD_VALUE), PICK_VALUES, node);
    break;
  case KIND_CONDITIONAL_EXPRESSION:
    follow(hunt, tree_nth(tree, node, 0));
    follow(hunt, tree_nth(tree, node, 2));
    break;
  case KIND_BOOLEAN_OPERATOR:
    if (!tree_text_is(tree, tree_child(tree, node, FIELD_OPERATOR), "and"))
      follow(hunt, tree_child(tree, node, FIELD_LEFT));
    follow(hunt, tree_child(tree, node, FIELD_RIGHT));
    break;
  case KIND_NAMED_EXPRESSION:
    follow(hunt, tree_child(tree, node, FIELD_VALUE));
    break;
  default:
    settle(hunt, node);
    break;
  }
}

static uint32_t find_sources(Module *module, Node expression) {
  Memo *memo = memo_of(module);
  Hunt hunt = { .module = module, .tree = &module->tree, .memo = memo };
  node_set_clear(&memo->source_seen);
  memo->source_pending.count = memo->source_found.count = 0;
  follow(&hunt, expression);
  uint32_t i = 0;
  while (i < memo->source_pending.count && i < STEPS_LIMIT &&
         memo->source_found.count < SOURCES_LIMIT &&
         effort_spend(module, EFFORT_QUESTIONS, MEMO_MENTION_STEPS))
    look_at(&hunt, memo->source_pending.items[i++]);
  if (i < memo->source_pending.count || memo->source_found.count == 0) settle(&hunt, expression);
  sort_nodes(&memo->source_found);
  return memo_keep_copy(module, memo->source_found);
}

Nodes sources_of(Module *module, Node expression) {
  if (expression == NODE_NONE) return (Nodes){ 0 };
  Memo *memo = memo_of(module);
  uint32_t kept;
  if (!node_map_get(&memo->sources, expression, &kept)) {
    kept = find_sources(module, expression);
    node_map_put(module->arena, &memo->sources, expression, kept);
  }
  return memo->lists.items[kept - 1];
}

Node call_behind(Module *module, Node expression) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, expression, KIND_IDENTIFIER)) {
    Nodes sources = sources_of(module, expression);
    expression = sources.count == 1 ? sources.items[0] : NODE_NONE;
  }
  return tree_is(tree, expression, KIND_CALL) ? expression : NODE_NONE;
}
