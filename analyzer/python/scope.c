#include "python/scope.h"

#include "python/role.h"

/* What building needs to know of a scope beside what is kept. */
typedef struct {
  uint32_t depth;          /* scopes around it */
  uint32_t function_depth; /* functions and lambdas around and including it */
  ScopeId walrus;          /* where := binds */
} ScopePlace;

/* An identifier that scopes know. */
typedef struct {
  Node node;
  NameId name;
} Mention;

typedef Vec(Mention) Mentions; /* in source order */

typedef struct {
  Arena *arena;
  const Tree *tree;
  Scopes *scopes;
  Role *roles;
  Vec(ScopePlace) places; /* parallel to the scopes */
  Mentions mentions;
  Mentions declared; /* those of them that are no more than declared */
} Builder;

static Scope *scope_at(const Builder *builder, ScopeId id) {
  return &builder->scopes->scopes.items[id];
}

ScopeId scopes_opened_by(const Scopes *scopes, Node node) {
  ScopeId id = SCOPE_NONE;
  node_map_get(&scopes->opened, node, &id);
  return id;
}

/* -- Pass 1: the role and the scope of every row ---------------------------------------------- */

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
  node_map_put(builder->arena, &builder->scopes->opened, node, id);
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
  switch (kind) {
  case KIND_FUNCTION_DEFINITION:
    open_definition(builder, SCOPE_FUNCTION, node, outer);
    break;
  case KIND_CLASS_DEFINITION:
    open_definition(builder, SCOPE_CLASS, node, outer);
    break;
  case KIND_LAMBDA:
    open_scope(builder, SCOPE_LAMBDA, node, outer);
    break;
  case KIND_LIST_COMPREHENSION:
  case KIND_SET_COMPREHENSION:
  case KIND_DICTIONARY_COMPREHENSION:
  case KIND_GENERATOR_EXPRESSION:
    open_scope(builder, SCOPE_COMPREHENSION, node, outer);
    break;
  case KIND_TYPE_ALIAS_STATEMENT: {
    Node parameters = alias_type_parameters(builder->tree, node);
    if (parameters != NODE_NONE) open_scope(builder, SCOPE_TYPE_PARAMETERS, parameters, outer);
    break;
  }
  case KIND_WILDCARD_IMPORT:
    scope_at(builder, outer)->has_star_import = true;
    break;
  case KIND_YIELD:
    scope_at(builder, outer)->has_yield = true;
    break;
  default:
    break;
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

static void add_mention(Builder *builder, Node node) {
  Map *ids = &builder->scopes->name_ids;
  Str name = tree_text(builder->tree, node);
  Mention mention = { node, map_get_or_add(builder->arena, ids, name, ids->count) };
  vec_push(builder->arena, &builder->mentions, mention);
  bool is_declared = builder->roles[node] == OCCURRENCE_DECLARE;
  if (is_declared) vec_push(builder->arena, &builder->declared, mention);
}

static void open_scopes(Builder *builder) {
  const Tree *tree = builder->tree;
  open_scope(builder, SCOPE_MODULE, 0, SCOPE_NONE);
  for (Node node = 1; node < tree->count; node++) {
    builder->roles[node] = role_of(tree, builder->roles, node);
    builder->scopes->scope_of[node] = scope_for(builder, node);
    builder->scopes->of_node[node] = BINDING_NONE;
    if (!tree_is(tree, node, KIND_IDENTIFIER)) open_scopes_of(builder, node);
    else if (builder->roles[node] != ROLE_IGNORE) add_mention(builder, node);
  }
}

/* -- Pass 2: the bindings of every scope ------------------------------------------------------ */

static BindingId ensure_binding(Builder *builder, ScopeId scope, Mention mention) {
  Scopes *scopes = builder->scopes;
  NodeMap *names = &scope_at(builder, scope)->names;
  BindingId id;
  if (node_map_get(names, mention.name, &id)) return id;
  id = scopes->bindings.count;
  node_map_put(builder->arena, names, mention.name, id);
  Binding binding = { .name = tree_text(builder->tree, mention.node), .scope = scope };
  vec_push(builder->arena, &scopes->bindings, binding);
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
  for (uint32_t i = 0; i < builder->declared.count; i++) {
    Mention mention = builder->declared.items[i];
    NodeMap *names = &scope_at(builder, builder->scopes->scope_of[mention.node])->names;
    if (is_in(builder, mention.node, KIND_GLOBAL_STATEMENT)) {
      BindingId id = ensure_binding(builder, 0, mention);
      node_map_put(builder->arena, names, mention.name, id);
      builder->scopes->bindings.items[id].is_declared_global = true;
    } else if (is_in(builder, mention.node, KIND_NONLOCAL_STATEMENT)) {
      node_map_put(builder->arena, names, mention.name, BINDING_NONE);
    }
  }
}

static void declare_bindings(Builder *builder) {
  for (uint32_t i = 0; i < builder->mentions.count; i++) {
    Mention mention = builder->mentions.items[i];
    if (builder->roles[mention.node] == OCCURRENCE_READ) continue;
    ensure_binding(builder, binding_scope(builder, mention.node), mention);
  }
}

static BindingId find_nonlocal(const Scopes *scopes, ScopeId scope, NameId name) {
  for (ScopeId id = scope; id != SCOPE_NONE && id != 0; id = scopes->scopes.items[id].parent) {
    const Scope *around = &scopes->scopes.items[id];
    BindingId binding = BINDING_NONE;
    if (around->kind == SCOPE_CLASS || !node_map_get(&around->names, name, &binding)) continue;
    if (binding != BINDING_NONE) return binding;
  }
  return BINDING_NONE;
}

static void resolve_nonlocals(Builder *builder) {
  Scopes *scopes = builder->scopes;
  for (uint32_t i = 0; i < builder->declared.count; i++) {
    Mention mention = builder->declared.items[i];
    if (!is_in(builder, mention.node, KIND_NONLOCAL_STATEMENT)) continue;
    Scope *scope = scope_at(builder, scopes->scope_of[mention.node]);
    BindingId id = find_nonlocal(scopes, scope->parent, mention.name);
    if (id == BINDING_NONE) continue;
    node_map_put(builder->arena, &scope->names, mention.name, id);
    scopes->bindings.items[id].is_declared_global = true;
  }
}

/* -- Pass 3: the binding of every identifier -------------------------------------------------- */

typedef struct {
  NameId name;
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
  BindingId *visible; /* per name */
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
    const NodeSlot *slot = &scope->names.slots[i];
    if (slot->key == 0 || slot->value == BINDING_NONE) continue;
    NameId name = slot->key - 1;
    vec_push(arena, &resolver->shadows, (Shadow){ name, resolver->visible[name] });
    resolver->visible[name] = slot->value;
  }
}

static void leave_scope(Resolver *resolver) {
  Frame frame = vec_last(&resolver->frames);
  resolver->frames.count--;
  while (resolver->shadows.count > frame.first_shadow) {
    Shadow shadow = vec_last(&resolver->shadows);
    resolver->shadows.count--;
    resolver->visible[shadow.name] = shadow.hidden;
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
static BindingId find_direct(const Builder *builder, ScopeId id, NameId name) {
  const Scope *scope = scope_at(builder, id);
  BindingId binding = BINDING_NONE;
  if (node_map_get(&scope->names, name, &binding) && binding != BINDING_NONE) return binding;
  if (scope->kind != SCOPE_TYPE_PARAMETERS) return BINDING_NONE;
  const Scope *around = scope_at(builder, scope->parent);
  if (around->kind == SCOPE_CLASS) node_map_get(&around->names, name, &binding);
  return binding;
}

static BindingId resolve(Resolver *resolver, Mention mention) {
  Builder *builder = resolver->builder;
  BindingId binding = BINDING_NONE;
  if (builder->roles[mention.node] != OCCURRENCE_READ) {
    const Scope *binding_in = scope_at(builder, binding_scope(builder, mention.node));
    node_map_get(&binding_in->names, mention.name, &binding);
    return binding;
  }
  ScopeId scope = builder->scopes->scope_of[mention.node];
  ScopeKind kind = scope_at(builder, scope)->kind;
  if (kind == SCOPE_CLASS || kind == SCOPE_TYPE_PARAMETERS)
    binding = find_direct(builder, scope, mention.name);
  if (binding != BINDING_NONE) return binding;
  move_to(resolver, scope);
  return resolver->visible[mention.name];
}

static void resolve_all(Builder *builder) {
  Scopes *scopes = builder->scopes;
  Resolver resolver = { .builder = builder };
  resolver.visible = arena_array(builder->arena, BindingId, scopes->name_ids.count);
  for (NameId name = 0; name < scopes->name_ids.count; name++)
    resolver.visible[name] = BINDING_NONE;
  enter_scope(&resolver, 0);
  for (uint32_t i = 0; i < builder->mentions.count; i++) {
    Mention mention = builder->mentions.items[i];
    scopes->of_node[mention.node] = resolve(&resolver, mention);
  }
}

/* -- Pass 4: the occurrences of every binding ------------------------------------------------- */

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

/* Counted first: there are many short lists. */
static void list_occurrences(Builder *builder) {
  const Mentions *mentions = &builder->mentions;
  const BindingId *of_node = builder->scopes->of_node;
  Binding *bindings = builder->scopes->bindings.items;
  for (uint32_t i = 0; i < mentions->count; i++) {
    BindingId id = of_node[mentions->items[i].node];
    if (id != BINDING_NONE) bindings[id].occurrences.capacity++;
  }
  Occurrence *room = arena_array(builder->arena, Occurrence, mentions->count);
  for (BindingId id = 0; id < builder->scopes->bindings.count; id++) {
    bindings[id].occurrences.items = room;
    room += bindings[id].occurrences.capacity;
  }
  for (uint32_t i = 0; i < mentions->count; i++) {
    BindingId id = of_node[mentions->items[i].node];
    if (id != BINDING_NONE) add_occurrence(builder, id, mentions->items[i].node);
  }
}

Scopes scopes_build(Arena *arena, const Tree *tree) {
  Scopes scopes = {
    .tree = tree,
    .of_node = arena_array(arena, BindingId, tree->count),
    .scope_of = arena_array(arena, ScopeId, tree->count),
  };
  scopes.of_node[0] = BINDING_NONE;
  Builder builder = { .arena = arena, .tree = tree, .scopes = &scopes };
  builder.roles = arena_array(arena, Role, tree->count);
  scopes.role_of = builder.roles;
  open_scopes(&builder);
  declare_redirects(&builder);
  declare_bindings(&builder);
  resolve_nonlocals(&builder);
  resolve_all(&builder);
  list_occurrences(&builder);
  return scopes;
}

/* -- Questions -------------------------------------------------------------------------------- */

BindingId scopes_find_own(const Scopes *scopes, ScopeId scope, Str name) {
  NameId name_id;
  BindingId binding = BINDING_NONE;
  if (map_get(&scopes->name_ids, name, &name_id))
    node_map_get(&scopes->scopes.items[scope].names, name_id, &binding);
  return binding;
}

BindingId scopes_lookup(const Scopes *scopes, ScopeId scope, Str name) {
  NameId name_id;
  if (!map_get(&scopes->name_ids, name, &name_id)) return BINDING_NONE;
  bool sees_class = true;
  for (ScopeId id = scope; id != SCOPE_NONE; id = scopes->scopes.items[id].parent) {
    const Scope *around = &scopes->scopes.items[id];
    BindingId binding = BINDING_NONE;
    bool is_visible = around->kind != SCOPE_CLASS || sees_class;
    if (is_visible && node_map_get(&around->names, name_id, &binding) && binding != BINDING_NONE) {
      return binding;
    }
    sees_class = id == scope && around->kind == SCOPE_TYPE_PARAMETERS;
  }
  return BINDING_NONE;
}
