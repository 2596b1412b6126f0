/* Classes: bases, methods, and what their attributes are. */
#include "python/facts_build.h"

#include "python/annotation.h"
#include "python/definition.h"
#include "python/name.h"

#include <stdlib.h>

/* The parts of one class while they are found. */
typedef struct {
  Map seen; /* names of attributes */
  Vec(AttributeFacts) attributes;
  Names methods;
} ClassBody;

typedef struct {
  FactsBuilder *builder;
  ClassBody *bodies; /* per class */
} Collecting;

static int compare_attributes(const void *a, const void *b) {
  return str_compare(((const AttributeFacts *)a)->name, ((const AttributeFacts *)b)->name);
}

static bool is_new(Collecting *collecting, ClassId class_id, Str name) {
  return map_add(collecting->builder->scratch, &collecting->bodies[class_id].seen, name, 0);
}

static void add_attribute(Collecting *collecting, ClassId class_id, Str name, Str type) {
  if (type.len == 0) return;
  FactsBuilder *builder = collecting->builder;
  AttributeFacts attribute = { facts_keep(builder, name), facts_keep(builder, type) };
  vec_push(builder->scratch, &collecting->bodies[class_id].attributes, attribute);
}

/* `x: T` and `x = value` in the body of a class. */
static void add_class_variable(Collecting *collecting, Node assignment, Node identifier) {
  Module *module = collecting->builder->module;
  BindingId binding = scopes_binding(&module->scopes, identifier);
  if (binding == BINDING_NONE) return;
  ScopeId scope = scopes_get(&module->scopes, binding)->scope;
  ClassId class_id = module->symbols.class_of_scope[scope];
  Node annotation = tree_child(&module->tree, assignment, FIELD_TYPE);
  Node value = tree_child(&module->tree, assignment, FIELD_RIGHT);
  bool tells_type = annotation != NODE_NONE || tree_is(&module->tree, value, KIND_CALL);
  if (class_id == CLASS_NONE || !tells_type) return;
  Str name = tree_text(&module->tree, identifier);
  if (!is_new(collecting, class_id, name)) return;
  Str type = annotation != NODE_NONE ? annotated_class(module, annotation)
                                     : facts_type_of(collecting->builder, value);
  add_attribute(collecting, class_id, name, type);
}

/* The first assignment to `self.x` stands for all of them: its value is what they have in
   common. */
static void add_instance_variable(Collecting *collecting, Node attribute) {
  Module *module = collecting->builder->module;
  const Tree *tree = &module->tree;
  bool is_class;
  ClassId class_id = self_class(module, tree_child(tree, attribute, FIELD_OBJECT), &is_class);
  if (class_id == CLASS_NONE) return;
  Str name = tree_text(tree, tree_child(tree, attribute, FIELD_ATTRIBUTE));
  if (!is_new(collecting, class_id, name)) return;
  add_attribute(collecting, class_id, name, facts_type_of(collecting->builder, attribute));
}

static void collect_attributes(Collecting *collecting) {
  const Tree *tree = &collecting->builder->module->tree;
  const Nodes *assignments = &collecting->builder->assignments;
  for (uint32_t i = 0; i < assignments->count; i++) {
    Node assignment = assignments->items[i], target = tree_child(tree, assignment, FIELD_LEFT);
    if (tree_is(tree, target, KIND_IDENTIFIER)) add_class_variable(collecting, assignment, target);
    if (tree_is(tree, target, KIND_ATTRIBUTE)) add_instance_variable(collecting, target);
  }
}

static void collect_methods(Collecting *collecting) {
  const Module *module = collecting->builder->module;
  Map seen = { 0 };
  for (FunctionId id = 1; id < module->symbols.functions.count; id++) {
    const Function *function = module_function(module, id);
    if (function->class_id == CLASS_NONE || tree_is(&module->tree, function->node, KIND_LAMBDA))
      continue;
    if (!map_add(module->arena, &seen, function->qualified, 0)) continue;
    Str name = facts_keep(collecting->builder, function->name);
    vec_push(collecting->builder->scratch, &collecting->bodies[function->class_id].methods, name);
  }
}

static ClassFacts facts_of_class(FactsBuilder *builder, ClassId id, const ClassBody *body) {
  Module *module = builder->module;
  const Class *class_ = module_class(module, id);
  ClassFacts facts = { .name = facts_keep(builder, class_dotted(module, id)),
                       .path = builder->path };
  for (uint32_t i = 0; i < class_->bases.count; i++) {
    vec_push(
      builder->scratch, &facts.bases, facts_keep(builder, name_of(module, class_->bases.items[i]))
    );
  }
  facts.attributes.items = body->attributes.items;
  facts.attributes.count = body->attributes.count;
  facts.methods.items = body->methods.items;
  facts.methods.count = body->methods.count;
  if (facts.attributes.count > 1) {
    qsort(
      facts.attributes.items,
      facts.attributes.count,
      sizeof(*facts.attributes.items),
      compare_attributes
    );
  }
  facts_seal(builder, &facts.bases);
  facts_seal(builder, &facts.attributes);
  facts_seal(builder, &facts.methods);
  return facts;
}

void facts_add_classes(FactsBuilder *builder, Facts *facts) {
  uint32_t count = builder->module->symbols.classes.count;
  Collecting collecting = { .builder = builder,
                            .bodies = arena_array(builder->scratch, ClassBody, count) };
  collect_attributes(&collecting);
  collect_methods(&collecting);
  for (ClassId id = 0; id < count; id++) {
    vec_push(
      builder->scratch, &facts->classes, facts_of_class(builder, id, &collecting.bodies[id])
    );
  }
  facts_seal(builder, &facts->classes);
}
