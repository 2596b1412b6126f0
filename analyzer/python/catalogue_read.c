#include "python/catalogue.h"

#include "python/annotation.h"
#include "python/decorator.h"
#include "python/name.h"

#include <stdlib.h>

enum { OLDEST_MINOR = 8 /* of Python 3, see PythonVersion */ };

/* One stub or source while it is read. */
typedef struct {
  Catalogue *catalogue;
  Module *module;
  Stub stub;
  bool is_source; /* not a stub: it holds what stubs leave out, and leaves out what they declare */
  bool *is_past;  /* per row: only for Python versions that nobody asks about */
} Reader;

Record *catalogue_find(Catalogue *catalogue, Str name) {
  uint32_t index = 0;
  return map_get(&catalogue->record_of, name, &index) ? &catalogue->records.items[index] : NULL;
}

void catalogue_add(Catalogue *catalogue, Record record) {
  Record *earlier = catalogue_find(catalogue, record.name);
  record.is_external |= catalogue->is_external;
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

/* What decorators make of the function. Those of stubs that nobody knows say something to type
   checkers; those of sources may do anything. */
static Decorator decorated(const Reader *reader, const Function *function) {
  Module *module = reader->module;
  Decorator found = DECORATOR_TRANSPARENT;
  for (uint32_t i = 0; i < function->decorators.count; i++) {
    Node named = function->decorators.items[i];
    if (tree_is(&module->tree, named, KIND_CALL)) {
      named = tree_child(&module->tree, named, FIELD_FUNCTION);
    }
    Decorator decorator = decorator_named(name_of(module, named));
    if (decorator == DECORATOR_UNDECIDED && !reader->is_source) continue;
    if (decorator > found) found = decorator;
  }
  return found;
}

static Node first_parameter(const Function *function) {
  return function->parameters.count == 0 ? NODE_NONE : function->parameters.items[0].identifier;
}

/* `return self`, and nothing else is returned. */
static bool returns_first_parameter(const Module *module, FunctionId id) {
  const Tree *tree = &module->tree;
  const Function *function = module_function(module, id);
  Node first = first_parameter(function);
  if (first == NODE_NONE || function->class_id == CLASS_NONE) return false;
  bool is_found = false;
  for (Node node = function->body; node < tree_after(tree, function->body); node++) {
    if (!tree_is(tree, node, KIND_RETURN_STATEMENT) || module_function_of(module, node) != id) {
      continue;
    }
    Node value = tree_first(tree, node);
    if (!tree_is(tree, value, KIND_IDENTIFIER)) return false;
    if (!tree_same(tree, value, first)) return false;
    is_found = true;
  }
  return is_found;
}

/* `def f(self: T) -> T`. */
static bool is_annotated_as_first(const Module *module, const Function *function) {
  Node own = function->parameters.count == 0 ? NODE_NONE : function->parameters.items[0].annotation;
  if (own == NODE_NONE || function->return_annotation == NODE_NONE) return false;
  const Tree *tree = &module->tree;
  return tree_same(tree, own, function->return_annotation);
}

/* The identifier that an annotation consists of, in quotes or without; empty if it is something
   else. */
static Str annotated_identifier(const Tree *tree, Node annotation) {
  Node node = tree_is(tree, annotation, KIND_TYPE) ? tree_first(tree, annotation) : annotation;
  if (tree_is(tree, node, KIND_IDENTIFIER)) return tree_text(tree, node);
  if (!tree_is(tree, node, KIND_STRING)) return STR_EMPTY;
  TREE_EACH_CHILD (tree, node, child) {
    if (tree_is(tree, child, KIND_STRING_CONTENT)) return tree_text(tree, child);
  }
  return STR_EMPTY;
}

/* A name of the module itself that stands for something else than another name: `X` of
   `X = Base[A]`. */
static Str own_name(const Reader *reader, Node annotation) {
  Module *module = reader->module;
  Str identifier = annotated_identifier(&module->tree, annotation);
  bool is_own = identifier.len > 0 && scopes_lookup(&module->scopes, 0, identifier) != BINDING_NONE;
  return is_own ? member_name(reader, identifier) : STR_EMPTY;
}

/* The dotted name of what a call or, of a coroutine function, awaiting it gives. */
static Str returned_name(const Reader *reader, FunctionId id, Str owner) {
  Module *module = reader->module;
  const Function *function = module_function(module, id);
  Node annotation = function->return_annotation;
  bool is_itself = annotation == NODE_NONE
    ? reader->is_source && returns_first_parameter(module, id)
    : owner.len > 0 && is_annotated_as_first(module, function);
  if (is_itself) return owner;
  Str name = dotted(reader, unsubscripted(&module->tree, annotation));
  if (owner.len > 0 && str_is(str_after_last(name, '.'), "Self")) return owner;
  if (!reader->is_source && name.len > 0) return name;
  Str class_name = annotation == NODE_NONE ? STR_EMPTY : annotated_class(module, annotation);
  if (class_name.len == 0) return name.len > 0 ? name : own_name(reader, annotation);
  return str_copy(reader->catalogue->arena, without_builtins(class_name));
}

/* A source tells by its body what a stub tells by its annotations. */
static LibraryKind
source_kind(const Function *function, Decorator decorator, LibraryKind annotated, Str returned) {
  static const char *const ITERATED[] = { "AsyncIterator", "AsyncGenerator", "AsyncIterable" };
  if (decorator == DECORATOR_COROUTINE) return LIBRARY_COROUTINE;
  if (function->is_async && function->is_generator) return LIBRARY_ASYNC_GENERATOR;
  /* What overrides it may be something else. */
  bool is_open = function->is_stub && function->is_async && !function->is_abstract;
  bool may_iterate = function->is_abstract && STR_IN(str_after_last(returned, '.'), ITERATED);
  return is_open || may_iterate ? LIBRARY_FUNCTION : annotated;
}

static Str owner_of(const Reader *reader, const Function *function) {
  if (function->class_id == CLASS_NONE) return STR_EMPTY;
  return member_name(reader, module_class(reader->module, function->class_id)->qualified);
}

/* A name that stands for nothing known: `T` of `T = TypeVar("T")`. */
static bool is_variable(Module *module, Node annotation) {
  const Tree *tree = &module->tree;
  Node name = tree_is(tree, annotation, KIND_TYPE) ? tree_first(tree, annotation) : annotation;
  return tree_is(tree, name, KIND_IDENTIFIER) && name_of(module, name).len == 0;
}

static void add_function(Reader *reader, FunctionId id) {
  Module *module = reader->module;
  const Function *function = module_function(module, id);
  bool is_lambda = tree_is(&module->tree, function->node, KIND_LAMBDA);
  if (is_lambda || reader->is_past[function->node]) return;
  if (function->parent != FUNCTION_MODULE || function->is_property) return;
  if (reader->is_source && function->is_overload) return;
  Decorator decorator = decorated(reader, function);
  if (decorator == DECORATOR_PROPERTY) return;
  Str owner = owner_of(reader, function);
  Str returned = returned_name(reader, id, owner);
  Record record = {
    .name = member_name(reader, function->qualified),
    .kind = function_kind(function, returned),
    .owner = owner,
  };
  if (reader->is_source) record.kind = source_kind(function, decorator, record.kind, returned);
  bool is_wrapped = record.kind != LIBRARY_FUNCTION && !function->is_async;
  record.target = is_wrapped ? STR_EMPTY : returned;
  bool is_replaced = decorator != DECORATOR_TRANSPARENT && decorator != DECORATOR_COROUTINE;
  bool is_iterated = record.kind == LIBRARY_FUNCTION && function->is_async;
  record.returns_variable = is_variable(module, function->return_annotation);
  if (is_replaced) record.kind = LIBRARY_FUNCTION;
  if (is_replaced || is_iterated || function->is_generator) record.target = STR_EMPTY;
  catalogue_add(reader->catalogue, record);
}

/* -- Classes and other names ------------------------------------------------------------------ */

/* The class A of `Base[A]`, told the name of the base in it; empty if there is none. */
static Str argument_of(const Reader *reader, Node base) {
  Module *module = reader->module;
  const Tree *tree = &module->tree;
  Node generic = tree_parent(tree, base);
  bool is_generic = tree_is(tree, generic, KIND_SUBSCRIPT) && tree_first(tree, generic) == base;
  Node argument = is_generic ? tree_child(tree, generic, FIELD_SUBSCRIPT) : NODE_NONE;
  Str name = argument == NODE_NONE ? STR_EMPTY : annotated_class(module, argument);
  return str_copy(reader->catalogue->arena, name);
}

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
    if (record.argument.len == 0) record.argument = argument_of(reader, class->bases.items[i]);
  }
  catalogue_add(reader->catalogue, record);
}

static void add_alias(const Reader *reader, Str name, Str target, bool is_own_use) {
  Record record = {
    .name = member_name(reader, name),
    .kind = LIBRARY_ALIAS,
    .target = target,
    .owner = STR_EMPTY,
    .is_own_use = is_own_use,
  };
  if (target.len > 0 && !str_equal(record.name, target)) catalogue_add(reader->catalogue, record);
}

static bool is_same_package(Str a, Str b) {
  return str_equal(str_next(&a, '.'), str_next(&b, '.'));
}

/* `X = Base[A]`, of a library's own base, is as good as `class X(Base[A])`. */
static bool add_generic(const Reader *reader, Str name, Node identifier) {
  const Tree *tree = &reader->module->tree;
  Node assignment = tree_parent(tree, identifier);
  Node value = tree_is(tree, assignment, KIND_ASSIGNMENT)
    ? tree_child(tree, assignment, FIELD_RIGHT)
    : NODE_NONE;
  if (!reader->catalogue->is_external || !tree_is(tree, value, KIND_SUBSCRIPT)) return false;
  Record record = {
    .name = member_name(reader, name),
    .kind = LIBRARY_CLASS,
    .target = STR_EMPTY,
    .owner = STR_EMPTY,
    .argument = argument_of(reader, tree_first(tree, value)),
  };
  Str base = dotted(reader, tree_first(tree, value));
  if (record.argument.len == 0 || !is_same_package(base, record.name)) return false;
  vec_push(reader->catalogue->arena, &record.bases, base);
  catalogue_add(reader->catalogue, record);
  return true;
}

/* An object that is called like a function: `exit: _sitebuiltins.Quitter`. */
static void add_callable(const Reader *reader, const Binding *binding, Node node) {
  const Tree *tree = &reader->module->tree;
  Node type = tree_child(tree, tree_parent(tree, node), FIELD_TYPE);
  Str class_name = dotted(reader, unsubscripted(tree, type));
  if (class_name.len == 0) return;
  Str call = str_join(reader->catalogue->arena, class_name, '.', STR("__call__"));
  add_alias(reader, binding->name, call, false);
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
    bool is_meant =
      !is_import || is_reexport(tree, occurrence->node) || is_exported(stub, binding->name);
    bool is_own_use = !is_meant && !stub->is_package;
    if ((!is_meant && !reader->is_source) || occurrence->kind == OCCURRENCE_READ) continue;
    if (reader->is_past[occurrence->node]) continue;
    is_meant_for_others = true;
    if (occurrence->kind == OCCURRENCE_DECLARE) {
      add_callable(reader, binding, occurrence->node);
    } else if (is_import || (occurrence->kind == OCCURRENCE_ASSIGN &&
                             !add_generic(reader, binding->name, occurrence->node))) {
      add_alias(reader, binding->name, dotted(reader, occurrence->node), is_own_use);
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

static void add_stub(Catalogue *catalogue, Stub stub) {
  map_put(catalogue->arena, &catalogue->stub_of, stub.module, catalogue->stubs.count);
  vec_push(catalogue->arena, &catalogue->stubs, stub);
}

void catalogue_read(Catalogue *catalogue, Module *module) {
  Reader reader = { .catalogue = catalogue, .module = module };
  reader.is_source = !str_ends_with(module->source->path, STR(".pyi"));
  reader.stub.module = str_copy(catalogue->arena, module->identity.name);
  reader.stub.is_package = module->identity.is_package;
  reader.stub.first_record = catalogue->records.count;
  find_past(&reader);
  for (ClassId id = 0; id < module->symbols.classes.count; id++) {
    add_class(&reader, module_class(module, id));
  }
  for (FunctionId id = 1; id < module->symbols.functions.count; id++) {
    add_function(&reader, id);
  }
  read_all(&reader);
  read_star_imports(&reader);
  for (BindingId id = 0; id < module->scopes.bindings.count; id++) {
    const Binding *binding = scopes_get(&module->scopes, id);
    if (binding->scope == 0) add_name(&reader, binding);
  }
  reader.stub.end_record = catalogue->records.count;
  add_stub(catalogue, reader.stub);
}

void catalogue_add_all(Catalogue *catalogue, const Catalogue *other) {
  for (uint32_t i = 0; i < other->stubs.count; i++) {
    Stub stub = other->stubs.items[i];
    uint32_t end = stub.end_record, first = stub.first_record;
    stub.first_record = catalogue->records.count;
    for (uint32_t k = first; k < end; k++) catalogue_add(catalogue, other->records.items[k]);
    stub.end_record = catalogue->records.count;
    add_stub(catalogue, stub);
  }
}
