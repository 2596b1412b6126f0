/* What names of a file other files may use stand for. */
#include "python/facts_build.h"

#include "python/annotation.h"
#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/name.h"

enum { BINDINGS_MAX = 16 }; /* assignments to one name that are compared */

/* --- imports --- */

static void add_import(FactsBuilder *builder, Facts *facts, Map *seen, Str name) {
  if (name.len == 0 || !map_add(builder->scratch, seen, name, 0)) return;
  vec_push(builder->scratch, &facts->imports, facts_keep(builder, name));
}

/* `from a import b` may read the module a.b. */
static void add_imports_of(FactsBuilder *builder, Facts *facts, Map *seen, Node statement) {
  const Module *module = builder->module;
  const Tree *tree = &module->tree;
  Node from = tree_child(tree, statement, FIELD_MODULE_NAME);
  if (from != NODE_NONE) add_import(builder, facts, seen, name_of_module(module, from));
  TREE_EACH_CHILD (tree, statement, child) {
    if (tree_field(tree, child) == FIELD_NAME)
      add_import(builder, facts, seen, name_of_import(module, child));
  }
}

static void add_star(FactsBuilder *builder, Facts *facts, Node wildcard) {
  Module *module = builder->module;
  Node from = tree_child(&module->tree, tree_parent(&module->tree, wildcard), FIELD_MODULE_NAME);
  Str name = from == NODE_NONE ? STR_EMPTY : name_of_module(module, from);
  if (name.len == 0 || str_equal(name, module->identity.name)) return;
  Str target = facts_keep(builder, str_join(module->arena, name, '.', STR("*")));
  vec_push(
    builder->scratch,
    &facts->aliases,
    (AliasFacts){ .name = facts->identity.name, .target = target }
  );
}

static void add_statements(FactsBuilder *builder, Facts *facts) {
  Map seen = { 0 };
  for (uint32_t i = 0; i < builder->imports.count; i++) {
    Node import = builder->imports.items[i];
    if (tree_is(&builder->module->tree, import, KIND_WILDCARD_IMPORT))
      add_star(builder, facts, import);
    else add_imports_of(builder, facts, &seen, import);
  }
}

/* --- names bound at module and class level --- */

/* The assignment whose only target the occurrence is, or NODE_NONE. */
static Node assignment_of(const Tree *tree, const Occurrence *occurrence) {
  Node assignment = tree_parent(tree, occurrence->node);
  bool is_whole =
    tree_is(tree, assignment, KIND_ASSIGNMENT) && tree_field(tree, occurrence->node) == FIELD_LEFT;
  return is_whole ? assignment : NODE_NONE;
}

static const Occurrence *first_import(const Binding *binding) {
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    if (binding->occurrences.items[i].kind == OCCURRENCE_IMPORT)
      return &binding->occurrences.items[i];
  }
  return NULL;
}

static const Occurrence *only_assignment(const Binding *binding) {
  if (binding->bind_count != 1) return NULL;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    if (occurrence->kind == OCCURRENCE_ASSIGN) return occurrence;
  }
  return NULL;
}

/* What an import or `alias = name` makes the binding stand for, or empty. */
static Str target_of_alias(Module *module, const Binding *binding) {
  const Occurrence *import = first_import(binding);
  if (import != NULL) return name_of(module, import->node);
  const Occurrence *assigned = only_assignment(binding);
  Node assignment = assigned == NULL ? NODE_NONE : assignment_of(&module->tree, assigned);
  return assignment == NODE_NONE
    ? STR_EMPTY
    : name_of(module, tree_child(&module->tree, assignment, FIELD_RIGHT));
}

static Str type_of_assignment(FactsBuilder *builder, Node assignment) {
  const Tree *tree = &builder->module->tree;
  Node annotation = tree_child(tree, assignment, FIELD_TYPE);
  if (annotation != NODE_NONE) return annotated_class(builder->module, annotation);
  Node value = tree_child(tree, assignment, FIELD_RIGHT);
  return value == NODE_NONE ? STR_EMPTY : facts_type_of(builder, value);
}

static bool is_none(const Tree *tree, Node assignment) {
  return tree_child(tree, assignment, FIELD_TYPE) == NODE_NONE &&
    tree_is(tree, tree_child(tree, assignment, FIELD_RIGHT), KIND_NONE_LITERAL);
}

/* The class that all values of a variable share, None left out. */
static Str type_of_variable(FactsBuilder *builder, const Binding *binding) {
  const Tree *tree = &builder->module->tree;
  Str type = STR_EMPTY;
  if (binding->bind_count > BINDINGS_MAX) return type;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    bool is_annotation = occurrence->kind == OCCURRENCE_DECLARE;
    if (!occurrence_binds(occurrence->kind) && !is_annotation) continue;
    Node assignment = assignment_of(tree, occurrence);
    if (is_annotation && assignment == NODE_NONE) continue; /* global x */
    if (assignment == NODE_NONE) return STR_EMPTY;
    if (is_none(tree, assignment)) continue;
    Str other = type_of_assignment(builder, assignment);
    if (other.len == 0 || (type.len > 0 && !str_equal(type, other))) return STR_EMPTY;
    type = other;
  }
  return type;
}

/* True if a name that is bound in the scope can be read from outside: that of the module, or of a
   class. */
static bool is_open(const Module *module, ScopeId id) {
  if (id == 0) return module->identity.name.len > 0;
  return module->symbols.class_of_scope[id] != CLASS_NONE;
}

static Str name_of_binding(const Module *module, const Binding *binding) {
  ClassId class_id = module->symbols.class_of_scope[binding->scope];
  Str around = binding->scope == 0 ? module->identity.name : class_dotted(module, class_id);
  return str_join(module->arena, around, '.', binding->name);
}

/* `Impl = chosen(Base, …)`, where the function may give back a class derived from the one that it
   is given. */
static void add_chosen_class(FactsBuilder *builder, Facts *facts, const Binding *binding) {
  Module *module = builder->module;
  const Occurrence *assigned = only_assignment(binding);
  Node assignment = assigned == NULL ? NODE_NONE : assignment_of(&module->tree, assigned);
  if (assignment == NODE_NONE) return;
  Node call = tree_child(&module->tree, assignment, FIELD_RIGHT);
  if (!tree_is(&module->tree, call, KIND_CALL)) return;
  Node base = call_positional(module, call, 0);
  Str target = base == NODE_NONE ? STR_EMPTY : name_of(module, base);
  Str through = name_of(module, call_function(module, call));
  if (!str_contains(through, STR(".")) || !is_class_name(module, target)) return;
  AliasFacts alias = { facts_keep(builder, name_of_binding(module, binding)),
                       facts_keep(builder, target),
                       facts_keep(builder, through) };
  vec_push(builder->scratch, &facts->aliases, alias);
}

static void add_binding(FactsBuilder *builder, Facts *facts, const Binding *binding) {
  Module *module = builder->module;
  if (!is_open(module, binding->scope)) return;
  Str target = target_of_alias(module, binding);
  if (target.len > 0) {
    Str name = name_of_binding(module, binding);
    if (str_equal(target, name)) return;
    AliasFacts alias = { .name = facts_keep(builder, name), .target = facts_keep(builder, target) };
    vec_push(builder->scratch, &facts->aliases, alias);
    return;
  }
  add_chosen_class(builder, facts, binding);
  Str type = binding->scope == 0 ? type_of_variable(builder, binding) : STR_EMPTY;
  if (type.len == 0) return;
  InstanceFacts instance = { facts_keep(builder, name_of_binding(module, binding)),
                             facts_keep(builder, type) };
  vec_push(builder->scratch, &facts->instances, instance);
}

void facts_add_names(FactsBuilder *builder, Facts *facts) {
  const Scopes *scopes = &builder->module->scopes;
  add_statements(builder, facts);
  for (BindingId id = 0; id < scopes->bindings.count; id++)
    add_binding(builder, facts, &scopes->bindings.items[id]);
  facts_seal(builder, &facts->imports);
  facts_seal(builder, &facts->aliases);
  facts_seal(builder, &facts->instances);
}
