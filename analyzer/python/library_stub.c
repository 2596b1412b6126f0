#include "python/library_stub.h"

#include "python/name.h"

#include <stdlib.h>

enum { OLDEST_MINOR = 8 /* of Python 3, see PythonVersion */ };

/* One stub while it is read. */
typedef struct {
  Catalogue *catalogue;
  Module *module;
  Stub stub;
  bool *is_past; /* per row: only for Python versions that nobody asks about */
} Reader;

Record *catalogue_find(Catalogue *catalogue, Str name) {
  uint32_t index = 0;
  return map_get(&catalogue->record_of, name, &index) ? &catalogue->records.items[index] : NULL;
}

void catalogue_add(Catalogue *catalogue, Record record) {
  Record *earlier = catalogue_find(catalogue, record.name);
  if (!earlier) {
    map_put(catalogue->arena, &catalogue->record_of, record.name, catalogue->records.count);
    vec_push(catalogue->arena, &catalogue->records, record);
  } else if (earlier->kind == LIBRARY_ALIAS && record.kind != LIBRARY_ALIAS) {
    *earlier = record;
  }
}

static Str without_builtins(Str name) {
  Str prefix = STR("builtins.");
  return str_starts_with(name, prefix) ? str_slice(name, prefix.len, name.len) : name;
}

/* The dotted name of an expression; what no scope of the stub binds is a builtin. */
static Str dotted(const Reader *reader, Node expression) {
  Module *module = reader->module;
  const Tree *tree = &module->tree;
  if (expression == NODE_NONE) return STR_EMPTY;
  Str name = name_of(module, expression);
  bool is_unbound = tree_is(tree, expression, KIND_IDENTIFIER) &&
    scopes_binding(&module->scopes, expression) == BINDING_NONE;
  if (name.len == 0 && is_unbound) name = tree_text(tree, expression);
  return str_copy(reader->catalogue->arena, without_builtins(name));
}

static Str member_name(const Reader *reader, Str member) {
  return str_copy(reader->catalogue->arena, name_of_definition(reader->module, member));
}

/* -- Versions --------------------------------------------------------------------------------- */

/* The clause of `if sys.version_info >= (3, minor)` that old versions take, if all of them are
   too old. */
static Node past_clause(const Tree *tree, Node statement) {
  Node condition = tree_child(tree, statement, FIELD_CONDITION);
  if (!tree_is(tree, condition, KIND_COMPARISON_OPERATOR)) return NODE_NONE;
  Node left = tree_first(tree, condition), right = tree_last_child(tree, condition);
  Node minor = tree_is(tree, right, KIND_TUPLE) ? tree_nth(tree, right, 1) : NODE_NONE;
  if (!tree_text_is(tree, left, "sys.version_info") || minor == NODE_NONE) return NODE_NONE;
  if (strtoul(tree_text(tree, minor).data, NULL, 10) > OLDEST_MINOR) return NODE_NONE;
  Node comparison = tree_child(tree, condition, FIELD_OPERATORS);
  bool is_old = tree_text_is(tree, comparison, "<");
  return tree_child(tree, statement, is_old ? FIELD_CONSEQUENCE : FIELD_ALTERNATIVE);
}

static void find_past(Reader *reader) {
  const Tree *tree = &reader->module->tree;
  reader->is_past = arena_array(reader->module->arena, bool, tree->count);
  for (Node node = 1; node < tree->count; node++) {
    if (reader->is_past[tree_parent(tree, node)]) reader->is_past[node] = true;
    Node clause = tree_is(tree, node, KIND_IF_STATEMENT) ? past_clause(tree, node) : NODE_NONE;
    if (clause != NODE_NONE) reader->is_past[clause] = true;
  }
}

/* -- Functions -------------------------------------------------------------------------------- */

/* `Future[T]` gives Future. */
static Node unsubscripted(const Tree *tree, Node type) {
  Node node = tree_is(tree, type, KIND_TYPE) ? tree_first(tree, type) : type;
  while (tree_is(tree, node, KIND_SUBSCRIPT) || tree_is(tree, node, KIND_GENERIC_TYPE)) {
    node = tree_first(tree, node);
  }
  return node;
}

static LibraryKind function_kind(const Function *function, Str returned) {
  static const char *const NEVER[] = {
    "typing.NoReturn", "typing.Never", "typing_extensions.NoReturn", "typing_extensions.Never"
  };
  static const char *const COROUTINES[] = { "typing.Coroutine",
                                            "collections.abc.Coroutine",
                                            "types.CoroutineType" };
  static const char *const ASYNC_GENERATORS[] = { "typing.AsyncGenerator",
                                                  "collections.abc.AsyncGenerator",
                                                  "types.AsyncGeneratorType" };
  if (function->is_async || STR_IN(returned, COROUTINES)) return LIBRARY_COROUTINE;
  if (STR_IN(returned, ASYNC_GENERATORS)) return LIBRARY_ASYNC_GENERATOR;
  return STR_IN(returned, NEVER) ? LIBRARY_NEVER_RETURNS : LIBRARY_FUNCTION;
}

static void add_function(Reader *reader, const Function *function) {
  const Module *module = reader->module;
  bool is_lambda = tree_is(&module->tree, function->node, KIND_LAMBDA);
  if (is_lambda || reader->is_past[function->node]) return;
  if (function->parent != FUNCTION_MODULE || function->is_property) return;
  Node type = unsubscripted(&module->tree, function->return_annotation);
  Str returned = dotted(reader, type);
  Record record = {
    .name = member_name(reader, function->qualified),
    .kind = function_kind(function, returned),
    .owner = STR_EMPTY,
  };
  if (function->class_id != CLASS_NONE) {
    Str qualified = module_class(module, function->class_id)->qualified;
    record.owner = member_name(reader, qualified);
  }
  bool is_itself = str_is(str_after_last(returned, '.'), "Self") && record.owner.len > 0;
  bool is_wrapped = record.kind != LIBRARY_FUNCTION && !function->is_async;
  record.target = is_itself ? record.owner : is_wrapped ? STR_EMPTY : returned;
  catalogue_add(reader->catalogue, record);
}

/* -- Classes and other names ------------------------------------------------------------------ */

static void add_class(Reader *reader, const Class *class) {
  Arena *arena = reader->catalogue->arena;
  if (class->function != FUNCTION_MODULE || reader->is_past[class->node]) return;
  Record record = {
    .name = member_name(reader, class->qualified),
    .kind = LIBRARY_CLASS,
    .target = STR_EMPTY,
    .owner = STR_EMPTY,
  };
  for (uint32_t i = 0; i < class->bases.count; i++) {
    Str base = dotted(reader, class->bases.items[i]);
    if (base.len > 0) vec_push(arena, &record.bases, base);
  }
  catalogue_add(reader->catalogue, record);
}

static void add_alias(const Reader *reader, Str name, Str target) {
  Record record = {
    .name = member_name(reader, name),
    .kind = LIBRARY_ALIAS,
    .target = target,
    .owner = STR_EMPTY,
  };
  if (target.len > 0 && !str_equal(record.name, target)) catalogue_add(reader->catalogue, record);
}

/* An object that is called like a function: `exit: _sitebuiltins.Quitter`. */
static void add_callable(const Reader *reader, const Binding *binding, Node node) {
  const Tree *tree = &reader->module->tree;
  Node type = tree_child(tree, tree_parent(tree, node), FIELD_TYPE);
  Str class_name = dotted(reader, unsubscripted(tree, type));
  if (class_name.len == 0) return;
  Str call = str_join(reader->catalogue->arena, class_name, '.', STR("__call__"));
  add_alias(reader, binding->name, call);
}

/* `import x as x` is a stub's way to say that x is meant for others. */
static bool is_reexport(const Tree *tree, Node identifier) {
  Node parent = tree_parent(tree, identifier);
  if (!tree_is(tree, parent, KIND_ALIASED_IMPORT)) return false;
  Str name = tree_text(tree, tree_child(tree, parent, FIELD_NAME));
  return str_equal(str_after_last(name, '.'), tree_text(tree, identifier));
}

static bool is_exported(const Stub *stub, Str name) {
  for (uint32_t i = 0; stub->has_all && i < stub->exports.count; i++) {
    if (str_equal(stub->exports.items[i], name)) return true;
  }
  return false;
}

static void add_name(Reader *reader, const Binding *binding) {
  const Tree *tree = &reader->module->tree;
  Arena *arena = reader->catalogue->arena;
  Stub *stub = &reader->stub;
  bool is_meant_for_others = false;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    bool is_import = occurrence->kind == OCCURRENCE_IMPORT;
    bool is_visible =
      !is_import || is_reexport(tree, occurrence->node) || is_exported(stub, binding->name);
    if (!is_visible || occurrence->kind == OCCURRENCE_READ) continue;
    if (reader->is_past[occurrence->node]) continue;
    is_meant_for_others = true;
    if (occurrence->kind == OCCURRENCE_DECLARE) {
      add_callable(reader, binding, occurrence->node);
    } else if (is_import || occurrence->kind == OCCURRENCE_ASSIGN) {
      add_alias(reader, binding->name, dotted(reader, occurrence->node));
    }
  }
  bool is_private = str_starts_with(binding->name, STR("_"));
  if (!stub->has_all && is_meant_for_others && !is_private) {
    vec_push(arena, &stub->exports, str_copy(arena, binding->name));
  }
}

/* Every string in an assignment to __all__, whatever its form. */
static void read_all(Reader *reader) {
  const Module *module = reader->module;
  const Tree *tree = &module->tree;
  Arena *arena = reader->catalogue->arena;
  BindingId id = scopes_lookup(&module->scopes, 0, STR("__all__"));
  if (id == BINDING_NONE) return;
  const Occurrences *occurrences = &scopes_get(&module->scopes, id)->occurrences;
  reader->stub.has_all = true;
  for (uint32_t i = 0; i < occurrences->count; i++) {
    Node statement = tree_statement(tree, occurrences->items[i].node);
    for (Node node = statement; node < tree_after(tree, statement); node++) {
      if (!tree_is(tree, node, KIND_STRING_CONTENT) || reader->is_past[node]) continue;
      vec_push(arena, &reader->stub.exports, str_copy(arena, tree_text(tree, node)));
    }
  }
}

static void read_star_imports(Reader *reader) {
  const Tree *tree = &reader->module->tree;
  Arena *arena = reader->catalogue->arena;
  for (Node node = 0; node < tree->count; node++) {
    if (!tree_is(tree, node, KIND_WILDCARD_IMPORT) || reader->is_past[node]) continue;
    Node from = tree_child(tree, tree_parent(tree, node), FIELD_MODULE_NAME);
    Str name = str_copy(arena, name_of_module(reader->module, from));
    vec_push(arena, &reader->stub.star_modules, name);
  }
}

void catalogue_read(Catalogue *catalogue, Module *module) {
  Reader reader = { .catalogue = catalogue, .module = module };
  reader.stub.module = str_copy(catalogue->arena, module->identity.name);
  find_past(&reader);
  for (ClassId id = 0; id < module->symbols.classes.count; id++) {
    add_class(&reader, module_class(module, id));
  }
  for (FunctionId id = 1; id < module->symbols.functions.count; id++) {
    add_function(&reader, module_function(module, id));
  }
  read_all(&reader);
  read_star_imports(&reader);
  for (BindingId id = 0; id < module->scopes.bindings.count; id++) {
    const Binding *binding = scopes_get(&module->scopes, id);
    if (binding->scope == 0) add_name(&reader, binding);
  }
  vec_push(catalogue->arena, &catalogue->stubs, reader.stub);
}
