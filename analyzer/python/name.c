#include "python/name.h"

#include "python/caches.h"
#include "python/definition.h"
#include "python/facts.h"
#include "python/library.h"

enum {
  PART_LIMIT = 64,      /* dots in a name that is followed */
  ALIAS_LIMIT = 32,     /* aliases of aliases; also what ends a cycle */
  ASSIGNMENT_LIMIT = 8, /* targets of one a = b = value */
  LENGTH_LIMIT = 512,   /* bytes of a dotted name */
  STAR_LIMIT = 64,      /* star imports, the last ones, that are asked for a name */
};

/* -- Imports ---------------------------------------------------------------------------------- */

/* The identifiers of an attribute chain or dotted name with dots between them, whatever white
   space, brackets and comments stand there in the text. Empty if there is anything else in it. */
static Str spell(Arena *arena, const Tree *tree, Node node) {
  Str name = STR_EMPTY;
  for (Node row = node; row < tree_after(tree, node); row++) {
    if (tree_is(tree, row, KIND_IDENTIFIER)) {
      name = str_join(arena, name, '.', tree_text(tree, row));
    } else if (!tree_is(tree, row, KIND_ATTRIBUTE) && !tree_is(tree, row, KIND_DOTTED_NAME)) {
      return STR_EMPTY;
    }
    if (name.len > LENGTH_LIMIT) return STR_EMPTY;
  }
  return name;
}

Str module_package(const ModuleIdentity *identity, uint32_t dots) {
  Str base = identity->is_package ? identity->name : str_before_last(identity->name, '.');
  for (uint32_t i = 1; i < dots && base.len > 0; i++) base = str_before_last(base, '.');
  return base;
}

static uint32_t count_dots(Str prefix) {
  uint32_t dots = 0;
  for (uint32_t i = 0; i < prefix.len; i++) dots += prefix.data[i] == '.';
  return dots;
}

Str name_of_module(const Module *module, Node module_part) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, module_part, KIND_RELATIVE_IMPORT)) {
    return spell(module->arena, tree, module_part);
  }
  uint32_t dots = 0;
  Str name = STR_EMPTY;
  TREE_EACH_CHILD (tree, module_part, child) {
    if (tree_is(tree, child, KIND_IMPORT_PREFIX)) dots = count_dots(tree_text(tree, child));
    if (tree_is(tree, child, KIND_DOTTED_NAME)) name = spell(module->arena, tree, child);
  }
  Str base = module_package(&module->identity, dots);
  return name.len == 0 ? base : str_join(module->arena, base, '.', name);
}

Str name_of_import(const Module *module, Node part) {
  const Tree *tree = &module->tree;
  Node statement = tree_parent(tree, part);
  Node name = tree_is(tree, part, KIND_ALIASED_IMPORT) ? tree_child(tree, part, FIELD_NAME) : part;
  if (name == NODE_NONE) return STR_EMPTY;
  Str package = STR_EMPTY;
  if (tree_is(tree, statement, KIND_FUTURE_IMPORT_STATEMENT)) {
    package = STR("__future__");
  } else if (tree_is(tree, statement, KIND_IMPORT_FROM_STATEMENT)) {
    Node from = tree_child(tree, statement, FIELD_MODULE_NAME);
    if (from == NODE_NONE) return STR_EMPTY;
    package = name_of_module(module, from);
  }
  return str_join(module->arena, package, '.', spell(module->arena, tree, name));
}

/* What the identifier that an import statement binds stands for: of `import a.b` the package a. */
static Str bound_by_import(const Module *module, Node identifier) {
  const Tree *tree = &module->tree;
  Node part = tree_parent(tree, identifier);
  bool binds_package = tree_is(tree, part, KIND_DOTTED_NAME) &&
    tree_is(tree, tree_parent(tree, part), KIND_IMPORT_STATEMENT);
  return binds_package ? tree_text(tree, identifier) : name_of_import(module, part);
}

/* -- Bindings --------------------------------------------------------------------------------- */

Str name_of_definition(const Module *module, Str qualified) {
  return str_join(module->arena, module->identity.name, '.', qualified);
}

static Str definition_name(const Module *module, const Occurrence *occurrence) {
  Node definition = tree_parent(&module->tree, occurrence->node);
  if (occurrence->kind == OCCURRENCE_CLASS) {
    ClassId id = symbols_class(&module->symbols, definition);
    return name_of_definition(module, module_class(module, id)->qualified);
  }
  FunctionId id = symbols_function(&module->symbols, definition);
  return name_of_definition(module, module_function(module, id)->qualified);
}

/* The right side if the identifier is the whole target of an assignment, else NODE_NONE. */
static Node assigned_value(const Tree *tree, Node identifier) {
  Node value = tree_parent(tree, identifier);
  if (tree_field(tree, identifier) != FIELD_LEFT) return NODE_NONE;
  for (uint32_t i = 0; i < ASSIGNMENT_LIMIT && tree_is(tree, value, KIND_ASSIGNMENT); i++) {
    value = tree_child(tree, value, FIELD_RIGHT);
  }
  return value;
}

static bool is_none(const Tree *tree, const Occurrence *occurrence) {
  return occurrence->kind == OCCURRENCE_ASSIGN &&
    tree_is(tree, assigned_value(tree, occurrence->node), KIND_NONE_LITERAL);
}

/* True if an `if` or `try` of the occurrence's own scope decides whether it happens. */
static bool is_conditional(const Module *module, const Occurrence *occurrence) {
  const Tree *tree = &module->tree;
  Node end = module->scopes.scopes.items[occurrence->scope].node;
  Node node = occurrence->node;
  while (node != end && node != NODE_NONE) {
    if (tree_is(tree, node, KIND_IF_STATEMENT) || tree_is(tree, node, KIND_TRY_STATEMENT)) {
      return true;
    }
    node = tree_parent(tree, node);
  }
  return false;
}

/* The first import counts, if what else binds the name is a fallback for it. */
static NameLink link_of_import(const Module *module, const Binding *binding, uint32_t first) {
  const Occurrence *import = &binding->occurrences.items[first];
  NameLink nothing = { STR_EMPTY, NODE_NONE, true };
  NameLink link = { bound_by_import(module, import->node), NODE_NONE, true };
  bool is_certain = !is_conditional(module, import);
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *other = &binding->occurrences.items[i];
    if (i == first || !occurrence_binds(other->kind) || is_none(&module->tree, other)) continue;
    bool is_import = other->kind == OCCURRENCE_IMPORT;
    if (is_import && str_equal(bound_by_import(module, other->node), link.name)) continue;
    if (is_certain && !is_conditional(module, other)) return nothing;
  }
  return link;
}

static NameLink link_of_binding(const Module *module, const Binding *binding) {
  NameLink nothing = { STR_EMPTY, NODE_NONE, true };
  uint32_t imports = 0, definitions = 0, assignments = 0;
  uint32_t first_import = 0, first_definition = 0, last_assignment = 0;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    OccurrenceKind kind = binding->occurrences.items[i].kind;
    if (!occurrence_binds(kind)) continue;
    if (kind == OCCURRENCE_IMPORT) {
      if (imports++ == 0) first_import = i;
    } else if (kind == OCCURRENCE_FUNCTION || kind == OCCURRENCE_CLASS) {
      if (definitions++ == 0) first_definition = i;
    } else if (kind == OCCURRENCE_ASSIGN) {
      assignments++;
      last_assignment = i;
    } else {
      return nothing;
    }
  }
  if (imports > 0) return link_of_import(module, binding, first_import);
  if (assignments == 0 && definitions > 0) {
    const Occurrence *definition = &binding->occurrences.items[first_definition];
    return (NameLink){ definition_name(module, definition), NODE_NONE, true };
  }
  if (assignments != 1 || definitions > 0) return nothing;
  Node assigned = binding->occurrences.items[last_assignment].node;
  return (NameLink){ STR_EMPTY, assigned_value(&module->tree, assigned), true };
}

/* -- Names without a binding ------------------------------------------------------------------ */

static bool is_known(Module *module, Str name) {
  if (library_entry(module, name)) return true;
  const Project *project = module->project;
  if (!project) return false;
  return !str_equal(project_canonical(project, name), name) || project_function(project, name) ||
    project_class(project, name) || project_instance_type(project, name).len > 0;
}

static bool has_star_import(const Scopes *scopes) {
  for (ScopeId id = 0; id < scopes->scopes.count; id++) {
    if (scopes->scopes.items[id].has_star_import) return true;
  }
  return false;
}

static void collect_star_modules(Module *module) {
  const Tree *tree = &module->tree;
  if (!has_star_import(&module->scopes)) return;
  for (Node node = 0; node < tree->count; node++) {
    if (!tree_is(tree, node, KIND_WILDCARD_IMPORT)) continue;
    Node from = tree_child(tree, tree_parent(tree, node), FIELD_MODULE_NAME);
    if (from == NODE_NONE) continue;
    vec_push(module->arena, &module->caches->star_modules, name_of_module(module, from));
  }
}

/* A star import hides a builtin, a later one an earlier. */
static Str unbound_name(Module *module, Str identifier) {
  uint32_t count = module->caches->star_modules.count;
  for (uint32_t i = count; i > 0 && count - i < STAR_LIMIT; i--) {
    Str package = module->caches->star_modules.items[i - 1];
    Str name = str_join(module->arena, package, '.', identifier);
    if (is_known(module, name)) return name;
  }
  return library_entry(module, identifier) ? identifier : STR_EMPTY;
}

/* -- Expressions ------------------------------------------------------------------------------ */

static void fill_caches(Module *module) {
  ModuleCaches *caches = module->caches;
  if (caches->names) return;
  caches->names = arena_array(module->arena, uint32_t, module->tree.count);
  vec_push(module->arena, &caches->name_items, STR_EMPTY);
  caches->links = arena_array(module->arena, NameLink, module->scopes.bindings.count);
  collect_star_modules(module);
}

/* The parts of a dotted name behind its first, last one first. */
typedef struct {
  Node items[PART_LIMIT];
  uint32_t count;
} Parts;

/* Moves to the first identifier of the expression; NODE_NONE if it has none or is too long. */
static Node split(const Tree *tree, Node expression, Parts *parts) {
  Node node = expression;
  if (tree_is(tree, node, KIND_TYPE)) node = tree_first(tree, node);
  if (tree_is(tree, node, KIND_DOTTED_NAME)) {
    Node first = tree_first(tree, node);
    uint32_t count = tree_child_count(tree, node);
    if (parts->count + count > PART_LIMIT) return NODE_NONE;
    for (uint32_t i = count - 1; i > 0; i--) parts->items[parts->count++] = tree_nth(tree, node, i);
    node = first;
  }
  while (tree_is(tree, node, KIND_ATTRIBUTE)) {
    if (parts->count == PART_LIMIT) return NODE_NONE;
    parts->items[parts->count++] = tree_child(tree, node, FIELD_ATTRIBUTE);
    node = tree_child(tree, node, FIELD_OBJECT);
  }
  return tree_is(tree, node, KIND_IDENTIFIER) ? node : NODE_NONE;
}

static Str join_parts(Module *module, Str name, const Parts *parts) {
  name = library_public_name(module->library, name);
  for (uint32_t i = parts->count; i > 0 && name.len > 0; i--) {
    Node part = parts->items[i - 1];
    if (part == NODE_NONE || name.len > LENGTH_LIMIT) return STR_EMPTY;
    name = str_join(module->arena, name, '.', tree_text(&module->tree, part));
    name = library_public_name(module->library, name);
  }
  return name;
}

static Str resolve(Module *module, Node expression) {
  Parts parts = { .count = 0 };
  Node node = expression;
  for (uint32_t i = 0; i < ALIAS_LIMIT; i++) {
    Node first = split(&module->tree, node, &parts);
    if (first == NODE_NONE) return STR_EMPTY;
    BindingId id = scopes_binding(&module->scopes, first);
    if (id == BINDING_NONE) {
      return join_parts(module, unbound_name(module, tree_text(&module->tree, first)), &parts);
    }
    NameLink *link = &module->caches->links[id];
    if (!link->is_known) *link = link_of_binding(module, scopes_get(&module->scopes, id));
    if (link->name.len > 0) return join_parts(module, link->name, &parts);
    if (link->alias == NODE_NONE) return STR_EMPTY;
    node = link->alias;
  }
  return STR_EMPTY;
}

static bool can_have_name(Kind kind) {
  return kind == KIND_IDENTIFIER || kind == KIND_ATTRIBUTE || kind == KIND_DOTTED_NAME ||
    kind == KIND_TYPE;
}

/* Which of name_items it is, counted from 1. */
static uint32_t keep_name(Module *module, Str name) {
  ModuleCaches *caches = module->caches;
  if (name.len == 0) return 1;
  vec_push(module->arena, &caches->name_items, name);
  return caches->name_items.count;
}

Str name_of(Module *module, Node expression) {
  if (expression == NODE_NONE || !can_have_name(tree_kind(&module->tree, expression)))
    return STR_EMPTY;
  fill_caches(module);
  uint32_t *kept = &module->caches->names[expression];
  if (*kept == 0) *kept = keep_name(module, resolve(module, expression));
  return module->caches->name_items.items[*kept - 1];
}

bool name_is(Module *module, Node expression, const char *dotted) {
  return str_is(name_of(module, expression), dotted);
}

bool name_in(Module *module, Node expression, const char *const *names, uint32_t count) {
  Str name = name_of(module, expression);
  return name.len > 0 && str_in(name, names, count);
}

Str name_spelled(const Module *module, Node expression) {
  const Tree *tree = &module->tree;
  bool is_name = tree_is(tree, expression, KIND_IDENTIFIER);
  bool is_chain =
    tree_is(tree, expression, KIND_ATTRIBUTE) || tree_is(tree, expression, KIND_DOTTED_NAME);
  if (is_name) return tree_text(tree, expression);
  return is_chain ? spell(module->arena, tree, expression) : STR_EMPTY;
}

/* -- Patterns --------------------------------------------------------------------------------- */

bool name_fits(Str name, Str pattern) {
  uint32_t at = 0, in = 0;
  uint32_t star = UINT32_MAX,
           retry = 0; // the last * seen, and where its run would end if it took one more
  while (at < name.len) {
    if (in < pattern.len && pattern.data[in] == '*') {
      star = in++;
      retry = at;
    } else if (in < pattern.len && pattern.data[in] == name.data[at]) {
      in++;
      at++;
    } else if (star != UINT32_MAX) {
      in = star + 1;
      at = ++retry;
    } else {
      return false;
    }
  }
  while (in < pattern.len && pattern.data[in] == '*') in++;
  return in == pattern.len;
}

bool name_fits_any(Str name, Patterns patterns) {
  for (uint32_t i = 0; i < patterns.count; i++) {
    if (name_fits(name, patterns.items[i])) return true;
  }
  return false;
}

static bool resolved_fits(const Module *module, Str name, Patterns patterns) {
  if (name.len == 0) return false;
  return name_fits_any(name, patterns) ||
    name_fits_any(project_canonical(module->project, name), patterns);
}

bool callee_fits(Module *module, Node callee, Patterns patterns) {
  if (patterns.count == 0 || callee == NODE_NONE) return false;
  if (resolved_fits(module, name_of(module, callee), patterns)) return true;
  if (name_fits_any(name_spelled(module, callee), patterns)) return true;
  if (!tree_is(&module->tree, callee, KIND_ATTRIBUTE)) return false;
  Str method = tree_text(&module->tree, tree_child(&module->tree, callee, FIELD_ATTRIBUTE));
  return name_fits_any(str_format(module->arena, ".%.*s", STR_ARGS(method)), patterns);
}
