#include "python/symbol.h"

enum {
  /* Bytes. A qualified name does not grow past this: lambdas can be nested as deeply as a file
     is long. */
  QUALIFIED_LIMIT = 1024,
};

typedef struct {
  Arena *arena;
  const Tree *tree;
  const Scopes *scopes;
  Symbols *symbols;
  ScopeId *naming_scope; /* the scope itself, or the nearest one that appears in qualified names */
} Builder;

static Function *function_at(const Builder *builder, FunctionId id) {
  return &builder->symbols->functions.items[id];
}

/* -- Decorators ------------------------------------------------------------------------------- */

/* `a.b.cached(…)` gives "cached". */
static Str decorator_name(const Tree *tree, Node decorator) {
  Node expression = decorator;
  while (tree_is(tree, expression, KIND_CALL)) {
    expression = tree_child(tree, expression, FIELD_FUNCTION);
  }
  if (tree_is(tree, expression, KIND_ATTRIBUTE)) {
    expression = tree_child(tree, expression, FIELD_ATTRIBUTE);
  }
  return tree_is(tree, expression, KIND_IDENTIFIER) ? tree_text(tree, expression) : STR_EMPTY;
}

static void note_decorator(const Tree *tree, Function *function, Node decorator) {
  static const char *const ACCESSORS[] = { "setter", "getter", "deleter", "reify" };
  Str name = decorator_name(tree, decorator);
  if (str_is(name, "staticmethod") || str_is(name, "abstractstaticmethod")) {
    function->is_static = true;
  }
  if (str_is(name, "classmethod") || str_is(name, "abstractclassmethod")) {
    function->is_class_method = true;
  }
  if (str_ends_with(name, STR("property")) || STR_IN(name, ACCESSORS)) function->is_property = true;
  if (str_is(name, "overload")) function->is_overload = true;
  if (str_starts_with(name, STR("abstract"))) function->is_abstract = true;
}

static void add_decorators(Builder *builder, Function *function) {
  const Tree *tree = builder->tree;
  Node parent = tree_parent(tree, function->node);
  if (!tree_is(tree, parent, KIND_DECORATED_DEFINITION)) return;
  TREE_EACH_CHILD (tree, parent, child) {
    Node expression = tree_is(tree, child, KIND_DECORATOR) ? tree_first(tree, child) : NODE_NONE;
    if (expression == NODE_NONE) continue;
    vec_push(builder->arena, &function->decorators, expression);
    note_decorator(tree, function, expression);
  }
}

/* -- Parameters ------------------------------------------------------------------------------- */

/* Requires: *node is what is declared, maybe behind a star. Moves it to the identifier. */
static ParameterKind unwrap_star(const Tree *tree, Node *node) {
  ParameterKind kind = tree_is(tree, *node, KIND_LIST_SPLAT_PATTERN) ? PARAMETER_STAR
    : tree_is(tree, *node, KIND_DICTIONARY_SPLAT_PATTERN)            ? PARAMETER_STAR_STAR
                                                                     : PARAMETER_PLAIN;
  if (kind != PARAMETER_PLAIN) *node = tree_first(tree, *node);
  return kind;
}

/* identifier is NODE_NONE if the node declares no parameter: a separator, an error. */
static Parameter parameter_of(const Tree *tree, Node node) {
  Node declared = node;
  if (tree_is(tree, node, KIND_TYPED_PARAMETER)) declared = tree_first(tree, node);
  else if (!tree_is(tree, node, KIND_IDENTIFIER)) {
    Node name = tree_child(tree, node, FIELD_NAME);
    if (name != NODE_NONE) declared = name;
  }
  Parameter parameter = {
    .kind = unwrap_star(tree, &declared),
    .annotation = tree_child(tree, node, FIELD_TYPE),
    .default_value = tree_child(tree, node, FIELD_VALUE),
  };
  bool is_name = tree_is(tree, declared, KIND_IDENTIFIER);
  parameter.identifier = is_name ? declared : NODE_NONE;
  parameter.name = is_name ? tree_text(tree, declared) : STR_EMPTY;
  return parameter;
}

static void add_parameters(Builder *builder, Function *function) {
  const Tree *tree = builder->tree;
  Node parameters = tree_child(tree, function->node, FIELD_PARAMETERS);
  if (parameters == NODE_NONE) return;
  bool is_after_star = false;
  TREE_EACH_CHILD (tree, parameters, child) {
    if (tree_is(tree, child, KIND_KEYWORD_SEPARATOR)) is_after_star = true;
    Parameter parameter = parameter_of(tree, child);
    if (parameter.identifier == NODE_NONE) continue;
    if (parameter.kind == PARAMETER_PLAIN && is_after_star) parameter.kind = PARAMETER_KEYWORD;
    if (parameter.kind == PARAMETER_STAR) is_after_star = true;
    vec_push(builder->arena, &function->parameters, parameter);
  }
}

/* -- Stubs ------------------------------------------------------------------------------------ */

static bool is_not_implemented(const Tree *tree, Node raise) {
  Node raised = tree_first(tree, raise);
  if (tree_is(tree, raised, KIND_CALL)) raised = tree_child(tree, raised, FIELD_FUNCTION);
  return tree_is(tree, raised, KIND_IDENTIFIER) &&
    tree_text_is(tree, raised, "NotImplementedError");
}

static bool is_stub_statement(const Tree *tree, Node statement) {
  if (tree_is(tree, statement, KIND_PASS_STATEMENT)) return true;
  if (tree_is(tree, statement, KIND_RAISE_STATEMENT)) return is_not_implemented(tree, statement);
  if (!tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) return false;
  Node expression = tree_first(tree, statement);
  return tree_is(tree, expression, KIND_ELLIPSIS) || tree_is(tree, expression, KIND_STRING) ||
    tree_is(tree, expression, KIND_CONCATENATED_STRING);
}

static bool is_stub_body(const Tree *tree, Node body) {
  if (!tree_is(tree, body, KIND_BLOCK) || tree_first(tree, body) == NODE_NONE) return false;
  TREE_EACH_CHILD (tree, body, statement) {
    if (!is_stub_statement(tree, statement)) return false;
  }
  return true;
}

/* -- Functions and classes -------------------------------------------------------------------- */

/* The name of a definition in that scope. */
static Str qualify(const Builder *builder, ScopeId scope, Str name) {
  scope = builder->naming_scope[scope];
  if (scope == 0) return name;
  bool is_class = builder->symbols->class_of_scope[scope] != CLASS_NONE;
  Str outer = is_class
    ? builder->symbols->classes.items[builder->symbols->class_of_scope[scope]].qualified
    : function_at(builder, builder->symbols->function_of_scope[scope])->qualified;
  if (outer.len + name.len > QUALIFIED_LIMIT) return name;
  return STR_CONCAT(builder->arena, outer, is_class ? STR(".") : STR(".<locals>."), name);
}

static Str name_of_node(const Tree *tree, Node definition) {
  Node name = tree_child(tree, definition, FIELD_NAME);
  return name == NODE_NONE ? STR_EMPTY : tree_text(tree, name);
}

static void add_module(Builder *builder) {
  vec_push(
    builder->arena,
    &builder->symbols->functions,
    (Function){
      .name = STR("<module>"),
      .qualified = STR("<module>"),
      .parent = FUNCTION_NONE,
      .class_id = CLASS_NONE,
      .return_annotation = NODE_NONE,
    }
  );
}

static void add_function(Builder *builder, ScopeId scope) {
  const Tree *tree = builder->tree;
  Node node = builder->scopes->scopes.items[scope].node;
  ScopeId outer = builder->scopes->scope_of[node];
  bool is_lambda = tree_is(tree, node, KIND_LAMBDA);
  Function function = {
    .node = node,
    .body = tree_child(tree, node, FIELD_BODY),
    .name = is_lambda ? STR("<lambda>") : name_of_node(tree, node),
    .parent = builder->symbols->function_of_scope[outer],
    .class_id = is_lambda ? CLASS_NONE : builder->symbols->class_of_scope[outer],
    .return_annotation = tree_child(tree, node, FIELD_RETURN_TYPE),
    .is_async = tree_is_async(tree, node),
  };
  function.qualified = qualify(builder, outer, function.name);
  function.is_stub = is_stub_body(tree, function.body);
  add_decorators(builder, &function);
  add_parameters(builder, &function);
  FunctionId id = builder->symbols->functions.count;
  builder->symbols->function_of_scope[scope] = id;
  vec_push(builder->arena, &builder->symbols->functions, function);
}

static void add_bases(Builder *builder, Class *class) {
  const Tree *tree = builder->tree;
  Node arguments = tree_child(tree, class->node, FIELD_SUPERCLASSES);
  if (arguments == NODE_NONE) return;
  TREE_EACH_CHILD (tree, arguments, argument) {
    Node base = argument;
    if (tree_is(tree, base, KIND_KEYWORD_ARGUMENT)) continue;
    if (tree_is(tree, base, KIND_DICTIONARY_SPLAT)) continue;
    while (tree_is(tree, base, KIND_SUBSCRIPT)) base = tree_child(tree, base, FIELD_VALUE);
    vec_push(builder->arena, &class->bases, base);
  }
}

static void add_class(Builder *builder, ScopeId scope) {
  Node node = builder->scopes->scopes.items[scope].node;
  ScopeId outer = builder->scopes->scope_of[node];
  Class class = {
    .node = node,
    .name = name_of_node(builder->tree, node),
    .parent_class = builder->symbols->class_of_scope[outer],
    .function = builder->symbols->function_of_scope[outer],
  };
  class.qualified = qualify(builder, outer, class.name);
  add_bases(builder, &class);
  builder->symbols->class_of_scope[scope] = builder->symbols->classes.count;
  builder->symbols->function_of_scope[scope] = class.function;
  vec_push(builder->arena, &builder->symbols->classes, class);
}

/* In the order of the scopes, which is that of the source. The scope that type parameters open
   stands behind the scope it is around, and is evaluated by the same function as its own
   surroundings. */
static void add_definitions(Builder *builder) {
  const Scopes *scopes = builder->scopes;
  add_module(builder);
  for (ScopeId id = 0; id < scopes->scopes.count; id++)
    builder->symbols->class_of_scope[id] = CLASS_NONE;
  for (ScopeId id = 1; id < scopes->scopes.count; id++) {
    const Scope *scope = &scopes->scopes.items[id];
    builder->naming_scope[id] = id;
    if (scope->kind == SCOPE_FUNCTION || scope->kind == SCOPE_LAMBDA) {
      add_function(builder, id);
    } else if (scope->kind == SCOPE_CLASS) {
      add_class(builder, id);
    } else {
      builder->symbols->function_of_scope[id] = builder->symbols->function_of_scope[scope->parent];
      builder->naming_scope[id] = builder->naming_scope[scope->parent];
    }
  }
}

/* A later definition takes the place of an earlier one, but an overload says nothing about the
   method, and a setter does not take the place of the property. */
static void add_methods(Builder *builder) {
  static const char *const SETTERS[] = { "setter", "deleter" };
  Symbols *symbols = builder->symbols;
  for (FunctionId id = 1; id < symbols->functions.count; id++) {
    const Function *function = function_at(builder, id);
    bool is_method = function->class_id != CLASS_NONE && !function->is_overload;
    for (uint32_t i = 0; i < function->decorators.count; i++) {
      Str name = decorator_name(builder->tree, function->decorators.items[i]);
      if (STR_IN(name, SETTERS)) is_method = false;
    }
    if (!is_method) continue;
    map_put(
      builder->arena, &symbols->classes.items[function->class_id].methods, function->name, id
    );
  }
}

static void find_generators(Builder *builder) {
  const Scopes *scopes = builder->scopes;
  for (ScopeId id = 0; id < scopes->scopes.count; id++) {
    FunctionId function = builder->symbols->function_of_scope[id];
    if (scopes->scopes.items[id].has_yield) function_at(builder, function)->is_generator = true;
  }
}

Symbols symbols_build(Arena *arena, const Scopes *scopes) {
  uint32_t scope_count = scopes->scopes.count;
  Symbols symbols = {
    .function_of_scope = arena_array(arena, FunctionId, scope_count),
    .class_of_scope = arena_array(arena, ClassId, scope_count),
  };
  Builder builder = {
    .arena = arena,
    .tree = scopes->tree,
    .scopes = scopes,
    .symbols = &symbols,
    .naming_scope = arena_array(arena, ScopeId, scope_count),
  };
  add_definitions(&builder);
  add_methods(&builder);
  find_generators(&builder);
  return symbols;
}

/* -- Questions -------------------------------------------------------------------------------- */

FunctionId symbols_function(const Symbols *symbols, Node definition) {
  uint32_t low = 0, high = symbols->functions.count; // in the order of their nodes
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (symbols->functions.items[middle].node < definition) low = middle + 1;
    else high = middle;
  }
  bool is_found =
    low < symbols->functions.count && symbols->functions.items[low].node == definition;
  return is_found ? low : FUNCTION_NONE;
}

ClassId symbols_class(const Symbols *symbols, Node definition) {
  uint32_t low = 0, high = symbols->classes.count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (symbols->classes.items[middle].node < definition) low = middle + 1;
    else high = middle;
  }
  bool is_found = low < symbols->classes.count && symbols->classes.items[low].node == definition;
  return is_found ? low : CLASS_NONE;
}

FunctionId symbols_method(const Symbols *symbols, ClassId class_id, Str name) {
  FunctionId id = FUNCTION_NONE;
  map_get(&symbols->classes.items[class_id].methods, name, &id);
  return id;
}
