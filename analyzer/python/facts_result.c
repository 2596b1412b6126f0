/* What a function returns, and the client sessions that it makes. */
#include "python/facts_build.h"

#include "python/annotation.h"
#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/library.h"
#include "python/name.h"
#include "python/outcome.h"
#include "python/use.h"
#include "python/value.h"

enum {
  RETURNS_MAX = 8,     /* values that are compared */
  EXCEPTIONS_MAX = 64, /* returns and items of tuples among which exceptions are looked for */
};

static const char *const TASKS[] = { "asyncio.Task",
                                     "asyncio.Future",
                                     "concurrent.futures.Future" };
static const char *const COROUTINES[] = {
  "typing.Coroutine",
  "collections.abc.Coroutine",
  "types.CoroutineType",
  "typing_extensions.Coroutine",
};

/* The class that all values share that are returned, None left out. */
static Str returned_type(FactsBuilder *builder, const Nodes *returns) {
  const Tree *tree = &builder->module->tree;
  Str type = STR_EMPTY;
  if (returns->count > RETURNS_MAX) return type;
  for (uint32_t i = 0; i < returns->count; i++) {
    Node value = tree_first(tree, returns->items[i]);
    if (value == NODE_NONE || tree_is(tree, value, KIND_NONE_LITERAL)) continue;
    Str other = facts_type_of(builder, value);
    if (other.len == 0 || (type.len > 0 && !str_equal(type, other))) return STR_EMPTY;
    type = other;
  }
  return type;
}

/* The function whose call is every way out of this one, or empty. */
static Str returned_call(FactsBuilder *builder, const Function *function, const Nodes *returns) {
  Module *module = builder->module;
  const Tree *tree = &module->tree;
  if (function->is_async || function->is_generator) return STR_EMPTY;
  if (returns->count == 0 || returns->count > RETURNS_MAX) return STR_EMPTY;
  Str name = STR_EMPTY;
  for (uint32_t i = 0; i < returns->count; i++) {
    Node value = tree_first(tree, returns->items[i]);
    if (!tree_is(tree, value, KIND_CALL)) return STR_EMPTY;
    Str other = facts_callee(builder, call_function(module, value), NULL);
    if (other.len == 0 || (name.len > 0 && !str_equal(name, other))) return STR_EMPTY;
    name = other;
  }
  bool falls = (outcome_of(module, function->body) & OUTCOME_FALLS) != 0;
  return falls || str_starts_with(name, STR(".")) ? STR_EMPTY : name;
}

/* The coroutine is the caller's own: it is not wrapped in another one, which may answer for its
   errors. */
static bool takes_parameter(Module *module, Node call) {
  Node coroutine = call_positional(module, call, 0);
  if (!tree_is(&module->tree, coroutine, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, coroutine);
  return definitions.count == 1 &&
    scopes_occurrence(&module->scopes, definitions.items[0]) == OCCURRENCE_PARAMETER;
}

/* `return asyncio.create_task(coro)`, which leaves the task to its caller. */
static bool
returns_task_of_parameter(FactsBuilder *builder, const Function *function, const Nodes *returns) {
  Module *module = builder->module;
  if (function->is_async || function->is_generator || returns->count == 0) return false;
  for (uint32_t i = 0; i < returns->count; i++) {
    Node value = tree_first(&module->tree, returns->items[i]);
    if (!makes_task(module, value) || !takes_parameter(module, value)) return false;
  }
  return (outcome_of(module, function->body) & OUTCOME_FALLS) == 0;
}

static bool is_exception(Module *module, Node value) {
  ValueKind kind = value_of(module, value).kind;
  return kind == VALUE_EXCEPTION || kind == VALUE_RESULT || kind == VALUE_RESULTS;
}

/* `return e`, also as an item of a tuple or list and as one side of a condition. */
static bool returns_exception(Module *module, const Nodes *returns) {
  const Tree *tree = &module->tree;
  uint32_t seen = 0;
  for (uint32_t i = 0; i < returns->count; i++) {
    Node value = tree_first(tree, returns->items[i]);
    if (value == NODE_NONE) continue;
    if (seen++ < EXCEPTIONS_MAX && is_exception(module, value)) return true;
    bool is_group = tree_is(tree, value, KIND_TUPLE) || tree_is(tree, value, KIND_LIST) ||
      tree_is(tree, value, KIND_CONDITIONAL_EXPRESSION);
    if (!is_group) continue;
    TREE_EACH_CHILD (tree, value, item) {
      if (seen++ < EXCEPTIONS_MAX && is_exception(module, item)) return true;
    }
  }
  return false;
}

/* The first parameter's annotation `type[T]`, or NODE_NONE. */
static Node given_class(Module *module, const Function *function) {
  static const char *const heads[] = { "type", "typing.Type" };
  const Tree *tree = &module->tree;
  uint32_t first = function->class_id != CLASS_NONE && !function->is_static ? 1 : 0;
  if (function->is_async || function->parameters.count <= first) return NODE_NONE;
  Node given = function->parameters.items[first].annotation;
  Node generic = tree_is(tree, given, KIND_TYPE) ? tree_first(tree, given) : given;
  bool is_generic =
    tree_is(tree, generic, KIND_GENERIC_TYPE) || tree_is(tree, generic, KIND_SUBSCRIPT);
  return is_generic && NAME_IN(module, tree_first(tree, generic), heads) ? given : NODE_NONE;
}

/* `T`, `Optional[T]` or `T | None`. */
static bool is_or_none(const Tree *tree, Node returned, Str variable) {
  static const char *const others[] = { "Optional", "typing", "typing.Optional", "None" };
  bool has_variable = false;
  EACH_ROW (tree, returned, row) {
    bool is_name = tree_is(tree, row, KIND_IDENTIFIER) || tree_is(tree, row, KIND_NONE_LITERAL);
    if (!is_name) continue;
    Str name = tree_text(tree, row);
    if (str_equal(name, variable)) has_variable = true;
    else if (tree_field(tree, row) != FIELD_ATTRIBUTE && !STR_IN(name, others)) return false;
  }
  return has_variable;
}

static uint32_t what_is_given(Module *module, const Function *function) {
  const Tree *tree = &module->tree;
  Node given = given_class(module, function), returned = function->return_annotation;
  if (given == NODE_NONE || returned == NODE_NONE) return 0;
  if (tree_same(tree, given, returned)) return FACT_RETURNS_CLASS;
  Node variable = tree_after(tree, given) - 1;
  if (!tree_is(tree, variable, KIND_IDENTIFIER)) return 0;
  return is_or_none(tree, returned, tree_text(tree, variable)) ? FACT_RETURNS_INSTANCE : 0;
}

static void add_returned(FactsBuilder *builder, FunctionId id, FunctionFacts *facts) {
  Module *module = builder->module;
  const Function *function = module_function(module, id);
  const Nodes *returns = &builder->bodies[id].returns;
  Node annotation = function->return_annotation;
  Str type =
    annotation == NODE_NONE ? returned_type(builder, returns) : annotated_class(module, annotation);
  if (STR_IN(type, TASKS)) facts->facts |= FACT_RETURNS_TASK;
  facts->facts |= what_is_given(module, function);
  if (returns_exception(module, returns)) facts->facts |= FACT_RETURNS_EXCEPTION;
  if (returns_task_of_parameter(builder, function, returns)) facts->facts |= FACT_MAKES_TASK;
  Str call = returned_call(builder, function, returns);
  const LibraryEntry *entry = call.len > 0 ? library_entry(module, call) : NULL;
  bool is_coroutine =
    (entry != NULL && entry->kind == LIBRARY_COROUTINE) || STR_IN(type, COROUTINES);
  if (is_coroutine && !function->is_async && !function->is_generator)
    facts->facts |= FACT_RETURNS_COROUTINE;
  facts->returns = facts_keep(builder, type);
  if (entry == NULL) facts->returns_call_of = facts_keep(builder, call);
}

/* --- sessions --- */

/* `given or Client()`: only sometimes its own. */
static bool is_fallback(const Tree *tree, Node call) {
  Node parent = tree_parent(tree, call);
  return tree_is(tree, parent, KIND_BOOLEAN_OPERATOR) ||
    tree_is(tree, parent, KIND_CONDITIONAL_EXPRESSION);
}

static bool is_closed(const Uses *uses, Str method) {
  for (uint32_t i = 0; i < uses->count; i++) {
    const Use *use = &uses->items[i];
    if (use->kind == USE_ENTERED || (use->kind == USE_METHOD && str_equal(use->name, method)))
      return true;
  }
  return false;
}

static bool leaves_function(const Uses *uses) {
  return uses_have(uses, USE_STORED) || uses_have(uses, USE_CONTAINED) ||
    uses_have(uses, USE_CAPTURED) || uses_have(uses, USE_YIELDED) || uses_have(uses, USE_ARGUMENT);
}

static uint32_t facts_of_session(Module *module, Node call, const SessionClass *session) {
  Uses uses = uses_of(module, call);
  if (uses_have(&uses, USE_RETURNED)) return FACT_RETURNS_SESSION;
  if (is_closed(&uses, session->close_method)) return FACT_MAKES_SESSION;
  return leaves_function(&uses) ? 0 : FACT_MAKES_SESSION;
}

static void add_sessions(FactsBuilder *builder, FunctionId id, FunctionFacts *facts) {
  Module *module = builder->module;
  const Nodes *calls = &builder->bodies[id].calls;
  for (uint32_t i = 0; i < calls->count; i++) {
    const SessionClass *session = session_class(module, calls->items[i]);
    if (session == NULL || is_fallback(&module->tree, calls->items[i])) continue;
    facts->facts |= facts_of_session(module, calls->items[i], session);
  }
}

void facts_add_results(FactsBuilder *builder, FunctionId id, FunctionFacts *facts) {
  add_returned(builder, id, facts);
  add_sessions(builder, id, facts);
}
