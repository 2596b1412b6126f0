#include "python/definition.h"

#include "python/memo.h"
#include "python/name.h"
#include "python/target.h"

enum { BASES_LIMIT = 16 };

Str class_dotted(const Module *module, ClassId class_id) {
  return name_of_definition(module, module_class(module, class_id)->qualified);
}

static void fill_names(Module *module, Memo *memo) {
  const Symbols *symbols = &module->symbols;
  memo->has_definition_names = true;
  for (ClassId id = 0; id < symbols->classes.count; id++)
    map_put(module->arena, &memo->definition_names, class_dotted(module, id), id * 2);
  for (FunctionId id = 1; id < symbols->functions.count; id++) {
    Str name = name_of_definition(module, symbols->functions.items[id].qualified);
    map_put(module->arena, &memo->definition_names, name, id * 2 + 1);
  }
}

static bool find_definition(Module *module, Str name, uint32_t *found) {
  Memo *memo = memo_of(module);
  if (!memo->has_definition_names) fill_names(module, memo);
  return map_get(&memo->definition_names, name, found);
}

ClassId class_named(Module *module, Str name) {
  uint32_t found;
  return find_definition(module, name, &found) && found % 2 == 0 ? found / 2 : CLASS_NONE;
}

FunctionId function_named(Module *module, Str name) {
  uint32_t found;
  return find_definition(module, name, &found) && found % 2 == 1 ? found / 2 : FUNCTION_NONE;
}

const LibraryEntry *library_entry(Module *module, Str name) {
  Memo *memo = memo_of(module);
  uint32_t next = memo->library_items.count;
  uint32_t kept = map_get_or_add(module->arena, &memo->library_entries, name, next);
  if (kept == next)
    vec_push(module->arena, &memo->library_items, library_find(module->library, name));
  return memo->library_items.items[kept];
}

ClassId self_class(const Module *module, Node identifier, bool *is_class) {
  *is_class = false;
  if (!tree_is(&module->tree, identifier, KIND_IDENTIFIER)) return CLASS_NONE;
  BindingId id = scopes_binding(&module->scopes, identifier);
  if (id == BINDING_NONE) return CLASS_NONE;
  const Binding *binding = scopes_get(&module->scopes, id);
  const Scope *scope = &module->scopes.scopes.items[binding->scope];
  if (scope->kind != SCOPE_FUNCTION || binding->bind_count != 1) return CLASS_NONE;
  const Function *function =
    module_function(module, module->symbols.function_of_scope[binding->scope]);
  if (function->class_id == CLASS_NONE || function->is_static || function->parameters.count == 0)
    return CLASS_NONE;
  if (!str_equal(function->parameters.items[0].name, binding->name)) return CLASS_NONE;
  *is_class = function->is_class_method || str_is(function->name, "__new__") ||
    str_is(function->name, "__init_subclass__");
  return function->class_id;
}

ClassId enclosing_class(const Module *module, Node node) {
  for (FunctionId id = module_function_of(module, node);
       id != FUNCTION_NONE && id != FUNCTION_MODULE;
       id = module_function(module, id)->parent) {
    if (module_function(module, id)->class_id != CLASS_NONE)
      return module_function(module, id)->class_id;
  }
  return CLASS_NONE;
}

Str enclosing_class_name(const Module *module, Node node) {
  ClassId id = enclosing_class(module, node);
  if (id == CLASS_NONE) {
    /* The annotations of a method belong to the class around it. */
    Node definition = tree_ancestor(&module->tree, node, KIND_CLASS_DEFINITION);
    if (definition != NODE_NONE) id = symbols_class(&module->symbols, definition);
  }
  return id == CLASS_NONE ? STR_EMPTY : class_dotted(module, id);
}

/* --- attributes of self ----------------------------------------------------------------------- */

static void add_attribute(Module *module, Map *attributes, Node attribute) {
  Memo *memo = memo_of(module);
  const Tree *tree = &module->tree;
  Str name = tree_text(tree, tree_child(tree, attribute, FIELD_ATTRIBUTE));
  uint32_t next = memo->lists.count;
  uint32_t kept = map_get_or_add(module->arena, attributes, name, next);
  if (kept == next) memo_keep(module, (Nodes){ 0 });
  vec_push(module->arena, &memo->lists.items[kept], attribute);
}

/* What is read and written of `self`, the first parameter of each method. */
static void fill_attributes(Module *module, Memo *memo) {
  const Tree *tree = &module->tree;
  memo->attributes = arena_array(module->arena, Map, module->symbols.classes.count);
  for (FunctionId id = 0; id < module->symbols.functions.count; id++) {
    const Function *function = module_function(module, id);
    if (function->class_id == CLASS_NONE || function->parameters.count == 0) continue;
    Node self = function->parameters.items[0].identifier;
    bool is_class;
    if (self_class(module, self, &is_class) != function->class_id) continue;
    const Binding *binding = scopes_get(&module->scopes, scopes_binding(&module->scopes, self));
    for (uint32_t i = 0; i < binding->occurrences.count; i++) {
      Node object = binding->occurrences.items[i].node, attribute = tree_parent(tree, object);
      if (tree_is(tree, attribute, KIND_ATTRIBUTE) && tree_field(tree, object) == FIELD_OBJECT)
        add_attribute(module, &memo->attributes[function->class_id], attribute);
    }
  }
}

Nodes attribute_occurrences(Module *module, ClassId class_id, Str name) {
  Memo *memo = memo_of(module);
  if (memo->attributes == NULL) fill_attributes(module, memo);
  uint32_t kept;
  bool is_found = map_get(&memo->attributes[class_id], name, &kept);
  return is_found ? memo->lists.items[kept] : (Nodes){ 0 };
}

/* The class and its bases in this file, nearest first. */
static uint32_t family_of(Module *module, ClassId class_id, ClassId family[BASES_LIMIT]) {
  uint32_t count = 0;
  family[count++] = class_id;
  for (uint32_t i = 0; i < count; i++) {
    const Class *class = module_class(module, family[i]);
    for (uint32_t b = 0; b < class->bases.count && count < BASES_LIMIT; b++) {
      ClassId base = class_named(module, name_of(module, class->bases.items[b]));
      bool is_new = base != CLASS_NONE;
      for (uint32_t k = 0; k < count && is_new; k++) is_new = family[k] != base;
      if (is_new) family[count++] = base;
    }
  }
  return count;
}

/* The binding of `name` in the body of the class, or NULL. */
static const Binding *body_binding(const Module *module, ClassId class_id, Str name) {
  ScopeId scope = scopes_opened_by(&module->scopes, module_class(module, class_id)->node);
  if (scope == SCOPE_NONE) return NULL;
  BindingId id = scopes_find_own(&module->scopes, scope, name);
  return id == BINDING_NONE ? NULL : scopes_get(&module->scopes, id);
}

/* The part of a pattern that something binds: `a, self.x = pair`, but not the display
   `[self.x]`. */
static bool is_bound_otherwise(const Tree *tree, Node target) {
  Node at = target, parent = tree_parent(tree, at);
  while (is_target_pattern(tree, parent) || is_splat(tree, parent)) {
    at = parent;
    parent = tree_parent(tree, at);
  }
  switch (tree_kind(tree, parent)) {
  case KIND_ASSIGNMENT:
  case KIND_FOR_STATEMENT:
  case KIND_FOR_IN_CLAUSE:
    return tree_field(tree, at) == FIELD_LEFT;
  case KIND_AS_PATTERN_TARGET:
    return true;
  default:
    return false;
  }
}

/* What an assignment, or a target in another kind of binding, tells about an attribute. */
static void look_at_target(Module *module, AttributeBindings *found, Node target) {
  const Tree *tree = &module->tree;
  Node parent = tree_parent(tree, target);
  if (tree_is(tree, parent, KIND_ASSIGNMENT) && tree_field(tree, target) == FIELD_LEFT) {
    Node annotation = tree_child(tree, parent, FIELD_TYPE);
    if (annotation != NODE_NONE && found->annotation == NODE_NONE) found->annotation = annotation;
    Node value = assigned_value(tree, parent);
    if (value != NODE_NONE) vec_push(module->arena, &found->values, value);
    return;
  }
  if (is_bound_otherwise(tree, target)) found->is_complete = false;
}

static void look_at_class(Module *module, AttributeBindings *found, ClassId class_id, Str name) {
  Nodes occurrences = attribute_occurrences(module, class_id, name);
  for (uint32_t i = 0; i < occurrences.count; i++)
    look_at_target(module, found, occurrences.items[i]);
  const Binding *binding = body_binding(module, class_id, name);
  if (binding == NULL) return;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    Occurrence occurrence = binding->occurrences.items[i];
    bool is_target = occurrence.kind == OCCURRENCE_ASSIGN || occurrence.kind == OCCURRENCE_DECLARE;
    if (is_target) look_at_target(module, found, occurrence.node);
    if (!is_target && occurrence_binds(occurrence.kind)) found->is_complete = false;
  }
}

static AttributeBindings find_bindings(Module *module, ClassId class_id, Str name) {
  AttributeBindings found = { .is_complete = true, .annotation = NODE_NONE };
  ClassId family[BASES_LIMIT];
  uint32_t count = family_of(module, class_id, family);
  for (uint32_t i = 0; i < count; i++) look_at_class(module, &found, family[i], name);
  return found;
}

AttributeBindings attribute_bindings(Module *module, ClassId class_id, Str name) {
  Memo *memo = memo_of(module);
  if (memo->attribute_bindings == NULL)
    memo->attribute_bindings = arena_array(module->arena, Map, module->symbols.classes.count);
  uint32_t next = memo->binding_items.count;
  uint32_t kept = map_get_or_add(module->arena, &memo->attribute_bindings[class_id], name, next);
  if (kept == next) {
    AttributeBindings found = find_bindings(module, class_id, name);
    vec_push(module->arena, &memo->binding_items, found);
  }
  return memo->binding_items.items[kept];
}
