#include "python/facts.h"

#include "python/asyncio_call.h"
#include "python/facts_build.h"
#include "python/library.h"
#include "python/name.h"
#include "python/value.h"

#include <string.h>

/* Blocks and expressions around a node. Python itself gives up at far fewer. */
enum { NESTING_MAX = 1000 };

/* Values whose class goes by a name of its own, whatever made them. */
static const struct {
  ValueKind kind;
  const char *name;
} TYPES[] = {
  { VALUE_TASK, "asyncio.Task" },
  { VALUE_DONE_TASK, "asyncio.Task" },
  { VALUE_FUTURE, "asyncio.Future" },
  { VALUE_GATHER, "asyncio.Future" },
  { VALUE_THREAD_FUTURE, "concurrent.futures.Future" },
  { VALUE_TASK_GROUP, "asyncio.TaskGroup" },
  { VALUE_LOOP, "asyncio.AbstractEventLoop" },
};

Str facts_keep(FactsBuilder *builder, Str str) {
  if (str.len == 0) return STR_EMPTY;
  uint32_t next = builder->strings.count;
  uint32_t index = map_get_or_add(builder->scratch, &builder->kept, str, next);
  if (index == next) vec_push(builder->scratch, &builder->strings, str_copy(builder->arena, str));
  return builder->strings.items[index];
}

void *facts_seal_items(FactsBuilder *builder, const void *items, size_t bytes) {
  if (bytes == 0) return NULL;
  return memcpy(arena_take(builder->arena, bytes), items, bytes);
}

Str facts_type_of(FactsBuilder *builder, Node expression) {
  Value value = value_of(builder->module, expression);
  for (size_t i = 0; i < sizeof(TYPES) / sizeof(*TYPES); i++) {
    if (TYPES[i].kind == value.kind) return str_from(TYPES[i].name);
  }
  bool is_instance = value.kind == VALUE_INSTANCE || value.kind == VALUE_SESSION;
  /* Nobody asks for numbers and strings, and there are many. */
  return is_instance && str_contains(value.name, STR(".")) ? value.name : STR_EMPTY;
}

Node facts_statement(const FactsBuilder *builder, Node node) {
  const Tree *tree = &builder->module->tree;
  for (uint32_t i = 0; i < NESTING_MAX && node != NODE_NONE; i++) {
    Node parent = tree_parent(tree, node);
    if (tree_is(tree, parent, KIND_BLOCK) || tree_is(tree, parent, KIND_MODULE)) return node;
    node = parent;
  }
  return NODE_NONE;
}

/* --- who is called --- */

static FunctionId def_around(const Module *module, Node node) {
  FunctionId id = module_function_of(module, node);
  while (id != FUNCTION_MODULE &&
         tree_is(&module->tree, module_function(module, id)->node, KIND_LAMBDA)) {
    id = module_function(module, id)->parent;
  }
  return id;
}

Str facts_caller(FactsBuilder *builder, Node node) {
  const Module *module = builder->module;
  FunctionId id = def_around(module, node);
  return id == FUNCTION_MODULE ? STR_EMPTY
                               : name_of_definition(module, module_function(module, id)->qualified);
}

/* What super() stands for where the class has one base; several are followed only once the
   project is known. */
static Str class_of_super(Module *module, Node node) {
  FunctionId id = def_around(module, node);
  while (id != FUNCTION_MODULE && module_function(module, id)->class_id == CLASS_NONE) {
    id = module_function(module, id)->parent;
  }
  if (id == FUNCTION_MODULE) return STR_EMPTY;
  const Nodes *bases = &module_class(module, module_function(module, id)->class_id)->bases;
  return bases->count == 1 ? name_of(module, bases->items[0]) : STR_EMPTY;
}

static Str callee_of_method(FactsBuilder *builder, Node function, bool *is_exact) {
  Module *module = builder->module;
  const Tree *tree = &module->tree;
  Node object = tree_child(tree, function, FIELD_OBJECT);
  Str method = tree_text(tree, tree_child(tree, function, FIELD_ATTRIBUTE));
  bool is_super =
    tree_is(tree, object, KIND_CALL) && name_is(module, call_function(module, object), "super");
  Str class_name = is_super ? class_of_super(module, function) : class_of(module, object);
  *is_exact = is_super;
  return STR_CONCAT(module->arena, class_name, STR("."), method);
}

/* What a star import may bring goes by the name that it has in this file. */
static Str callee_through_star(Module *module, Node identifier) {
  bool is_free = scopes_binding(&module->scopes, identifier) == BINDING_NONE;
  if (!is_free || !module->scopes.scopes.items[0].has_star_import) return STR_EMPTY;
  return str_join(module->arena, module->identity.name, '.', tree_text(&module->tree, identifier));
}

Str facts_callee(FactsBuilder *builder, Node function, bool *is_exact) {
  Module *module = builder->module;
  bool ignored;
  if (is_exact == NULL) is_exact = &ignored;
  *is_exact = true;
  Str name = name_of(module, function);
  if (name.len > 0) return str_contains(name, STR(".")) ? name : STR_EMPTY;
  switch (tree_kind(&module->tree, function)) {
  case KIND_IDENTIFIER:
    return callee_through_star(module, function);
  case KIND_ATTRIBUTE:
    return callee_of_method(builder, function, is_exact);
  default:
    return STR_EMPTY;
  }
}

/* --- collecting --- */

static Body *body_around(FactsBuilder *builder, Node node) {
  return &builder->bodies[module_function_of(builder->module, node)];
}

/* Where the row is kept for those who ask for its kind; NULL: nowhere. */
static Nodes *list_for(FactsBuilder *builder, Node node) {
  const Tree *tree = &builder->module->tree;
  switch (tree_kind(tree, node)) {
  case KIND_AWAIT:
    return &body_around(builder, node)->awaits;
  case KIND_FOR_STATEMENT:
  case KIND_WITH_STATEMENT:
  case KIND_FOR_IN_CLAUSE:
    return tree_is_async(tree, node) ? &body_around(builder, node)->awaits : NULL;
  case KIND_CALL:
    return &body_around(builder, node)->calls;
  case KIND_RETURN_STATEMENT:
    return &body_around(builder, node)->returns;
  case KIND_RAISE_STATEMENT:
    return &body_around(builder, node)->raises;
  case KIND_ASSIGNMENT:
    return &builder->assignments;
  case KIND_IMPORT_STATEMENT:
  case KIND_IMPORT_FROM_STATEMENT:
  case KIND_WILDCARD_IMPORT:
    return &builder->imports;
  default:
    return NULL;
  }
}

/* Nobody asks what is handed on where only the functions are looked at. */
static void sort_rows(FactsBuilder *builder, bool has_all_else) {
  const Module *module = builder->module;
  builder->bodies = arena_array(builder->scratch, Body, module->symbols.functions.count);
  for (Node node = 0; node < module->tree.count; node++) {
    Nodes *list = list_for(builder, node);
    if (list != NULL) vec_push(builder->scratch, list, node);
    if (has_all_else && facts_is_handed_on(&module->tree, node))
      vec_push(builder->scratch, &builder->handed_on, node);
  }
}

/* asyncio's own eager factory keeps nothing. */
static bool is_task_factory_set_by(Module *module, Node call) {
  if (!str_is(call_method(module, call), "set_task_factory")) return false;
  Node factory = call_positional(module, call, 0);
  if (factory == NODE_NONE || tree_is(&module->tree, factory, KIND_NONE_LITERAL)) return false;
  return !str_starts_with(name_of(module, factory), STR("asyncio."));
}

static bool sets_task_factory(const FactsBuilder *builder) {
  Module *module = builder->module;
  for (FunctionId id = 0; id < module->symbols.functions.count; id++) {
    const Nodes *calls = &builder->bodies[id].calls;
    for (uint32_t i = 0; i < calls->count; i++) {
      if (is_task_factory_set_by(module, calls->items[i])) return true;
    }
  }
  return false;
}

static void add_all_else(FactsBuilder *builder, Facts *facts) {
  facts_add_calls(builder, facts);
  facts_add_habits(builder, facts);
  facts_add_subprocess(builder, facts);
  facts_add_version(builder, facts);
  facts_add_deadlines(builder, facts);
}

static void add_names(FactsBuilder *builder, Facts *facts) {
  facts->sets_task_factory = !builder->module->identity.is_test && sets_task_factory(builder);
  facts_add_names(builder, facts);
  facts_add_classes(builder, facts);
}

static Facts collect(Module *module, Arena *arena, bool has_functions, bool has_all_else) {
  FactsBuilder builder = { .module = module, .arena = arena, .scratch = module->arena };
  Facts facts = { .identity = module->identity };
  facts.identity.name = facts_keep(&builder, module->identity.name);
  facts.path = builder.path = facts_keep(&builder, module->source->path);
  sort_rows(&builder, has_all_else);
  if (has_all_else) add_names(&builder, &facts);
  if (has_functions) facts_add_functions(&builder, &facts);
  if (has_all_else) add_all_else(&builder, &facts);
  return facts;
}

Facts facts_collect_part(Module *module, FactsPart part, Arena *arena) {
  return collect(module, arena, part == FACTS_OF_FUNCTIONS, part == FACTS_OF_ALL_ELSE);
}

Facts facts_join(const Facts parts[FACTS_PARTS]) {
  Facts facts = parts[FACTS_OF_ALL_ELSE];
  facts.functions = parts[FACTS_OF_FUNCTIONS].functions;
  return facts;
}

Facts facts_collect(Module *module, Arena *arena) {
  if (!module_is_long(&module->tree)) return collect(module, arena, true, true);
  Module *other = module_again(module->arena, module);
  Facts parts[FACTS_PARTS];
  parts[FACTS_OF_FUNCTIONS] = facts_collect_part(module, FACTS_OF_FUNCTIONS, arena);
  parts[FACTS_OF_ALL_ELSE] = facts_collect_part(other, FACTS_OF_ALL_ELSE, arena);
  return facts_join(parts);
}
