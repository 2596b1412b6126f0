#include "python/scope.h"

#include "python/role.h"

/* What building needs to know of a scope beside what is kept. */
typedef struct {
  uint32_t depth;          /* scopes around it */
  uint32_t function_depth; /* functions and lambdas around and including it */
  ScopeId walrus;          /* where := binds */
} ScopePlace;

typedef struct {
  Arena *arena;
  const Tree *tree;
  Scopes *scopes;
  Role *roles;
  Vec(ScopePlace) places; /* parallel to the scopes */
  Nodes identifiers;      /* those that scopes know, in source order */
} Builder;

static Scope *scope_at(const Builder *builder, ScopeId id) {
  return &builder->scopes->scopes.items[id];
}

ScopeId scopes_opened_by(const Scopes *scopes, Node node) {
  uint32_t low = 0, high = scopes->scopes.count; // in the order of their nodes
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (scopes->scopes.items[middle].node < node) low = middle + 1;
    else high = middle;
  }
  return low < scopes->scopes.count && scopes->scopes.items[low].node == node ? low : SCOPE_NONE;
}

/* -- Pass 1: the scope of every row ----------------------------------------------------------- */

static ScopeId open_scope(Builder *builder, ScopeKind kind, Node node, ScopeId parent) {
  ScopeId id = builder->scopes->scopes.count;
  ScopePlace place = { .walrus = id };
  if (parent != SCOPE_NONE) {
    const ScopePlace *around = &builder->places.items[parent];
    bool is_function = kind == SCOPE_FUNCTION || kind == SCOPE_LAMBDA;
    place.depth = around->depth + 1;
    place.function_depth = around->function_depth + is_function;
    if (kind == SCOPE_COMPREHENSION) place.walrus = around->walrus;
  }
  vec_push(builder->arena, &builder->places, place);
  vec_push(
    builder->arena,
    &builder->scopes->scopes,
    (Scope){ .kind = kind, .node = node, .parent = parent }
  );
  return id;
}

/* The scope of a definition comes before that of its type parameters, so that scopes stay in the
   order of their nodes, although the latter is around the former. */
static void open_definition(Builder *builder, ScopeKind kind, Node node, ScopeId outer) {
  ScopeId id = open_scope(builder, kind, node, outer);
  Node type_parameters = tree_child(builder->tree, node, FIELD_TYPE_PARAMETERS);
  if (type_parameters == NODE_NONE) return;
  ScopeId around = open_scope(builder, SCOPE_TYPE_PARAMETERS, type_parameters, outer);
  scope_at(builder, id)->parent = around;
  builder->places.items[id].depth++;
}

/* The type parameters of `type A[T] = …`, or NODE_NONE. */
static Node alias_type_parameters(const Tree *tree, Node statement) {
  Node left = tree_child(tree, statement, FIELD_LEFT);
  Node generic = left == NODE_NONE ? NODE_NONE : tree_first(tree, left);
  Node parameters =
    tree_is(tree, generic, KIND_GENERIC_TYPE) ? tree_nth(tree, generic, 1) : NODE_NONE;
  return tree_is(tree, parameters, KIND_TYPE_PARAMETER) ? parameters : NODE_NONE;
}

static void open_scopes_of(Builder *builder, Node node) {
  Kind kind = tree_kind(builder->tree, node);
  ScopeId outer = builder->scopes->scope_of[node];
  if (kind == KIND_FUNCTION_DEFINITION) {
    open_definition(builder, SCOPE_FUNCTION, node, outer);
  } else if (kind == KIND_CLASS_DEFINITION) {
    open_definition(builder, SCOPE_CLASS, node, outer);
  } else if (kind == KIND_LAMBDA) {
    open_scope(builder, SCOPE_LAMBDA, node, outer);
  } else if (kind_is_comprehension(kind)) {
    open_scope(builder, SCOPE_COMPREHENSION, node, outer);
  } else if (kind == KIND_TYPE_ALIAS_STATEMENT) {
    Node parameters = alias_type_parameters(builder->tree, node);
    if (parameters != NODE_NONE) open_scope(builder, SCOPE_TYPE_PARAMETERS, parameters, outer);
  } else if (kind == KIND_WILDCARD_IMPORT) {
    scope_at(builder, outer)->has_star_import = true;
  }
}

static ScopeId scope_in_definition(const Builder *builder, Node definition, Node child) {
  const Scopes *scopes = builder->scopes;
  ScopeId opened = scopes_opened_by(scopes, definition);
  Field field = tree_field(builder->tree, child);
  if (field == FIELD_BODY) return opened;
  if (field == FIELD_NAME) return scopes->scope_of[definition];
  return scopes->scopes.items[opened].parent;
}

/* The first iterable of a comprehension is evaluated outside. */
static ScopeId scope_in_for_clause(const Builder *builder, Node clause, Node child) {
  const Tree *tree = builder->tree;
  const ScopeId *scope_of = builder->scopes->scope_of;
  Node comprehension = tree_parent(tree, clause);
  if (tree_field(tree, child) != FIELD_RIGHT) return scope_of[clause];
  if (!kind_is_comprehension(tree_kind(tree, comprehension))) return scope_of[clause];
  Node first = tree_first(tree, comprehension);
  while (!tree_is(tree, first, KIND_FOR_IN_CLAUSE)) first = tree_next(tree, first);
  return scope_of[first == clause ? comprehension : clause];
}

/* Names of parameters belong to the function, their annotations to the scope around it, and
   default values further out where the function has type parameters. */
static ScopeId scope_in_parameter(const Builder *builder, Node parameter, Node child) {
  const Scopes *scopes = builder->scopes;
  Field field = tree_field(builder->tree, child);
  if (field != FIELD_TYPE && field != FIELD_VALUE) return scopes->scope_of[parameter];
  ScopeId outer = scopes->scope_of[tree_parent(builder->tree, parameter)];
  const Scope *scope = scope_at(builder, outer);
  return field == FIELD_VALUE && scope->kind == SCOPE_TYPE_PARAMETERS ? scope->parent : outer;
}

static ScopeId scope_for(const Builder *builder, Node node) {
  const Tree *tree = builder->tree;
  Node parent = tree_parent(tree, node);
  ScopeId inherited = builder->scopes->scope_of[parent];
  ScopeId opened = SCOPE_NONE;
  switch (tree_kind(tree, parent)) {
  case KIND_FUNCTION_DEFINITION:
  case KIND_CLASS_DEFINITION:
  case KIND_LAMBDA:
    return scope_in_definition(builder, parent, node);
  case KIND_LIST_COMPREHENSION:
  case KIND_SET_COMPREHENSION:
  case KIND_DICTIONARY_COMPREHENSION:
  case KIND_GENERATOR_EXPRESSION:
    return scopes_opened_by(builder->scopes, parent);
  case KIND_FOR_IN_CLAUSE:
    return scope_in_for_clause(builder, parent, node);
  case KIND_PARAMETERS:
  case KIND_LAMBDA_PARAMETERS:
    opened = scopes_opened_by(builder->scopes, tree_parent(tree, parent));
    break;
  case KIND_DEFAULT_PARAMETER:
  case KIND_TYPED_PARAMETER:
  case KIND_TYPED_DEFAULT_PARAMETER:
    return scope_in_parameter(builder, parent, node);
  case KIND_GENERIC_TYPE:
    opened = scopes_opened_by(builder->scopes, node);
    break;
  case KIND_TYPE_ALIAS_STATEMENT:
    if (tree_field(tree, node) == FIELD_RIGHT) {
      opened = scopes_opened_by(builder->scopes, alias_type_parameters(tree, parent));
    }
    break;
  default:
    break;
  }
  return opened == SCOPE_NONE ? inherited : opened;
}

static void open_scopes(Builder *builder) {
  const Tree *tree = builder->tree;
  open_scope(builder, SCOPE_MODULE, 0, SCOPE_NONE);
  for (Node node = 1; node < tree->count; node++) {
    builder->scopes->scope_of[node] = scope_for(builder, node);
    open_scopes_of(builder, node);
    bool is_name = tree_is(tree, node, KIND_IDENTIFIER) && builder->roles[node] != ROLE_IGNORE;
    if (is_name) vec_push(builder->arena, &builder->identifiers, node);
  }
}

/* -- Pass 2: the bindings of every scope ------------------------------------------------------ */

static BindingId ensure_binding(Builder *builder, ScopeId scope, Str name) {
  Scopes *scopes = builder->scopes;
  BindingId id = scopes->bindings.count;
  Map *names = &scope_at(builder, scope)->names;
  if (map_add(builder->arena, names, name, id)) {
    vec_push(builder->arena, &scopes->bindings, (Binding){ .name = name, .scope = scope });
    return id;
  }
  map_get(names, name, &id);
  return id;
}

static bool is_in(const Builder *builder, Node identifier, Kind statement) {
  return tree_is(builder->tree, tree_parent(builder->tree, identifier), statement);
}

static ScopeId binding_scope(const Builder *builder, Node identifier) {
  ScopeId scope = builder->scopes->scope_of[identifier];
  bool is_walrus = builder->roles[identifier] == OCCURRENCE_WALRUS;
  return is_walrus ? builder->places.items[scope].walrus : scope;
}

/* `global` at once; a `nonlocal` name is only kept from being bound here, since what it means
   may be bound further down in the source. */
static void declare_redirects(Builder *builder) {
  for (uint32_t i = 0; i < builder->identifiers.count; i++) {
    Node node = builder->identifiers.items[i];
    if (builder->roles[node] != OCCURRENCE_DECLARE) continue;
    Str name = tree_text(builder->tree, node);
    Map *names = &scope_at(builder, builder->scopes->scope_of[node])->names;
    if (is_in(builder, node, KIND_GLOBAL_STATEMENT)) {
      BindingId id = ensure_binding(builder, 0, name);
      map_put(builder->arena, names, name, id);
      builder->scopes->bindings.items[id].is_declared_global = true;
    } else if (is_in(builder, node, KIND_NONLOCAL_STATEMENT)) {
      map_put(builder->arena, names, name, BINDING_NONE);
    }
  }
}

static void declare_bindings(Builder *builder) {
  for (uint32_t i = 0; i < builder->identifiers.count; i++) {
    Node node = builder->identifiers.items[i];
    if (builder->roles[node] == OCCURRENCE_READ) continue;
    ensure_binding(builder, binding_scope(builder, node), tree_text(builder->tree, node));
  }
}

static BindingId find_nonlocal(const Scopes *scopes, ScopeId scope, Str name) {
  for (ScopeId id = scope; id != SCOPE_NONE && id != 0; id = scopes->scopes.items[id].parent) {
    const Scope *around = &scopes->scopes.items[id];
    BindingId binding = BINDING_NONE;
    if (around->kind == SCOPE_CLASS || !map_get(&around->names, name, &binding)) continue;
    if (binding != BINDING_NONE) return binding;
  }
  return BINDING_NONE;
}

static void resolve_nonlocals(Builder *builder) {
  Scopes *scopes = builder->scopes;
  for (uint32_t i = 0; i < builder->identifiers.count; i++) {
    Node node = builder->identifiers.items[i];
    if (!is_in(builder, node, KIND_NONLOCAL_STATEMENT)) continue;
    Scope *scope = scope_at(builder, scopes->scope_of[node]);
    Str name = tree_text(builder->tree, node);
    BindingId id = find_nonlocal(scopes, scope->parent, name);
    if (id == BINDING_NONE) continue;
    map_put(builder->arena, &scope->names, name, id);
    scopes->bindings.items[id].is_declared_global = true;
  }
}

/* -- Pass 3: the binding of every identifier -------------------------------------------------- */

typedef struct {
  Str name;
  BindingId hidden; /* what the name meant outside */
} Shadow;

typedef struct {
  ScopeId scope;
  uint32_t first_shadow;
} Frame;

/* The names that can be seen at one place of the walk. Kept up to date from scope to scope, so
   that a look-up takes one step however deep the scopes are nested. Class scopes are left out:
   only what stands directly in them sees their names. */
typedef struct {
  Builder *builder;
  Map visible;
  Vec(Shadow) shadows;
  Vec(Frame) frames;
  Vec(ScopeId) path;
} Resolver;

static void enter_scope(Resolver *resolver, ScopeId id) {
  Arena *arena = resolver->builder->arena;
  const Scope *scope = scope_at(resolver->builder, id);
  vec_push(arena, &resolver->frames, (Frame){ id, resolver->shadows.count });
  if (scope->kind == SCOPE_CLASS) return;
  for (uint32_t i = 0; i < scope->names.capacity; i++) {
    const MapSlot *slot = &scope->names.slots[i];
    if (slot->hash == 0 || slot->value == BINDING_NONE) continue;
    Shadow shadow = { slot->key, BINDING_NONE };
    map_get(&resolver->visible, slot->key, &shadow.hidden);
    vec_push(arena, &resolver->shadows, shadow);
    map_put(arena, &resolver->visible, slot->key, slot->value);
  }
}

static void leave_scope(Resolver *resolver) {
  Frame frame = vec_last(&resolver->frames);
  resolver->frames.count--;
  while (resolver->shadows.count > frame.first_shadow) {
    Shadow shadow = vec_last(&resolver->shadows);
    resolver->shadows.count--;
    map_put(resolver->builder->arena, &resolver->visible, shadow.name, shadow.hidden);
  }
}

static void move_to(Resolver *resolver, ScopeId target) {
  Builder *builder = resolver->builder;
  const ScopePlace *places = builder->places.items;
  ScopeId common = target;
  resolver->path.count = 0;
  while (places[common].depth > places[vec_last(&resolver->frames).scope].depth) {
    vec_push(builder->arena, &resolver->path, common);
    common = scope_at(builder, common)->parent;
  }
  while (vec_last(&resolver->frames).scope != common) {
    bool is_level = places[vec_last(&resolver->frames).scope].depth == places[common].depth;
    leave_scope(resolver);
    if (!is_level) continue;
    vec_push(builder->arena, &resolver->path, common);
    common = scope_at(builder, common)->parent;
  }
  while (resolver->path.count > 0) {
    ScopeId next = vec_last(&resolver->path);
    resolver->path.count--;
    enter_scope(resolver, next);
  }
}

/* What a scope sees beside what its functions see: a class body its own names, the type
   parameters of a method those of the class. */
static BindingId find_direct(const Builder *builder, ScopeId id, Str name) {
  const Scope *scope = scope_at(builder, id);
  BindingId binding = BINDING_NONE;
  if (map_get(&scope->names, name, &binding) && binding != BINDING_NONE) return binding;
  if (scope->kind != SCOPE_TYPE_PARAMETERS) return BINDING_NONE;
  const Scope *around = scope_at(builder, scope->parent);
  if (around->kind == SCOPE_CLASS) map_get(&around->names, name, &binding);
  return binding;
}

static BindingId resolve(Resolver *resolver, Node identifier) {
  Builder *builder = resolver->builder;
  Str name = tree_text(builder->tree, identifier);
  if (builder->roles[identifier] != OCCURRENCE_READ) {
    BindingId bound = BINDING_NONE;
    map_get(&scope_at(builder, binding_scope(builder, identifier))->names, name, &bound);
    return bound;
  }
  ScopeId scope = builder->scopes->scope_of[identifier];
  ScopeKind kind = scope_at(builder, scope)->kind;
  BindingId binding = BINDING_NONE;
  if (kind == SCOPE_CLASS || kind == SCOPE_TYPE_PARAMETERS)
    binding = find_direct(builder, scope, name);
  if (binding != BINDING_NONE) return binding;
  move_to(resolver, scope);
  map_get(&resolver->visible, name, &binding);
  return binding;
}

static void add_occurrence(Builder *builder, BindingId id, Node node) {
  Binding *binding = &builder->scopes->bindings.items[id];
  const ScopePlace *places = builder->places.items;
  Occurrence occurrence = {
    .node = node,
    .kind = (OccurrenceKind)builder->roles[node],
    .scope = builder->scopes->scope_of[node],
  };
  vec_push(builder->arena, &binding->occurrences, occurrence);
  if (occurrence_binds(occurrence.kind)) binding->bind_count++;
  if (places[occurrence.scope].function_depth > places[binding->scope].function_depth) {
    binding->is_captured = true;
  }
}

static void resolve_all(Builder *builder) {
  Resolver resolver = { .builder = builder };
  enter_scope(&resolver, 0);
  for (uint32_t i = 0; i < builder->identifiers.count; i++) {
    Node node = builder->identifiers.items[i];
    BindingId id = resolve(&resolver, node);
    builder->scopes->of_node[node] = id;
    if (id != BINDING_NONE) add_occurrence(builder, id, node);
  }
}

Scopes scopes_build(Arena *arena, const Tree *tree) {
  Scopes scopes = {
    .tree = tree,
    .of_node = arena_array(arena, BindingId, tree->count),
    .scope_of = arena_array(arena, ScopeId, tree->count),
  };
  for (Node node = 0; node < tree->count; node++) scopes.of_node[node] = BINDING_NONE;
  Builder builder = { .arena = arena, .tree = tree, .scopes = &scopes };
  builder.roles = roles_build(arena, tree);
  open_scopes(&builder);
  declare_redirects(&builder);
  declare_bindings(&builder);
  resolve_nonlocals(&builder);
  resolve_all(&builder);
  return scopes;
}

/* -- Questions -------------------------------------------------------------------------------- */

BindingId scopes_lookup(const Scopes *scopes, ScopeId scope, Str name) {
  bool sees_class = true;
  for (ScopeId id = scope; id != SCOPE_NONE; id = scopes->scopes.items[id].parent) {
    const Scope *around = &scopes->scopes.items[id];
    BindingId binding = BINDING_NONE;
    bool is_visible = around->kind != SCOPE_CLASS || sees_class;
    if (is_visible && map_get(&around->names, name, &binding) && binding != BINDING_NONE) {
      return binding;
    }
    sees_class = id == scope && around->kind == SCOPE_TYPE_PARAMETERS;
  }
  return BINDING_NONE;
}

OccurrenceKind scopes_occurrence(const Scopes *scopes, Node identifier) {
  const Occurrences *occurrences = &scopes_get(scopes, scopes->of_node[identifier])->occurrences;
  uint32_t low = 0, high = occurrences->count - 1;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (occurrences->items[middle].node < identifier) low = middle + 1;
    else high = middle;
  }
  return occurrences->items[low].kind;
}
