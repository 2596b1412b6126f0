/* How functions are used: awaited, or started as tasks. */
#include "python/facts_call.h"

#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/value.h"

enum { SOURCES_MAX = 16 }; /* values of one name */

/* Parts of the names of functions that start what they are given. */
static const char *const STARTER_WORDS[] = {
  "create_task", "createtask",      "add_job",   "add_task",      "start_soon",
  "spawn",       "schedule",        "run_task",  "ensure_future", "background",
  "submit",      "fire_and_forget", "call_soon", "call_later",    "call_at",
};

static bool is_of_library(Module *module, Str name) {
  return library_entry(module, name) != NULL ||
    library_entry(module, str_before_last(name, '.')) != NULL;
}

void facts_add_use(CallScan *scan, Node function, Node at, CallUse use, Str handed_to) {
  FactsBuilder *builder = scan->builder;
  CallFacts call = { .use = use };
  Str callee = facts_callee(builder, function, &call.is_exact);
  if (callee.len == 0 || is_of_library(builder->module, callee)) return;
  if (use == CALL_REFERENCED) {
    Str key = STR_CONCAT(builder->scratch, callee, STR(">"), handed_to);
    if (!map_add(builder->scratch, &scan->referenced, key, 0)) return;
  }
  call.caller = facts_keep(builder, facts_caller(builder, at));
  call.callee = facts_keep(builder, callee);
  call.handed_to = facts_keep(builder, handed_to);
  call.is_fanned_out = facts_is_per_item(builder, at);
  vec_push(builder->scratch, &scan->facts->calls, call);
}

bool facts_is_taken(const CallScan *scan, Node node) {
  uint32_t ignored;
  return node_map_get(&scan->taken, node, &ignored);
}

/* False if its use is recorded already. */
static bool take(CallScan *scan, Node node) {
  if (facts_is_taken(scan, node)) return false;
  node_map_put(scan->builder->scratch, &scan->taken, node, 1);
  return true;
}

static bool is_plain_call(Module *module, Node node) {
  return tree_is(&module->tree, node, KIND_CALL) && call_meaning(module, node) == CALL_OTHER;
}

static void use_call(CallScan *scan, Node call, CallUse use) {
  if (!is_plain_call(scan->builder->module, call) || !take(scan, call)) return;
  facts_add_use(scan, call_function(scan->builder->module, call), call, use, STR_EMPTY);
}

/* The calls that a name, a conditional expression or `a or b` may stand for. */
static void use_sources(CallScan *scan, Node expression, CallUse use) {
  Nodes sources = sources_of(scan->builder->module, expression);
  for (uint32_t i = 0; i < sources.count && i < SOURCES_MAX; i++)
    use_call(scan, sources.items[i], use);
}

static bool has_sources(const Tree *tree, Node expression) {
  return tree_is(tree, expression, KIND_IDENTIFIER) ||
    tree_is(tree, expression, KIND_CONDITIONAL_EXPRESSION) ||
    tree_is(tree, expression, KIND_BOOLEAN_OPERATOR) ||
    tree_is(tree, expression, KIND_NAMED_EXPRESSION);
}

/* --- awaits --- */

/* Nothing of the function runs after it. */
static bool is_in_tail(const Module *module, Node await) {
  const Tree *tree = &module->tree;
  Node statement = tree_parent(tree, await);
  if (tree_is(tree, statement, KIND_RETURN_STATEMENT)) return true;
  if (!tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) return false;
  const Function *function = module_function(module, module_function_of(module, await));
  return tree_parent(tree, statement) == function->body && tree_next(tree, statement) == NODE_NONE;
}

static void use_awaited(CallScan *scan, Node operand, CallUse use) {
  Module *module = scan->builder->module;
  bool is_call = tree_is(&module->tree, operand, KIND_CALL);
  if (is_call && call_meaning(module, operand) == CALL_WAIT_FOR)
    operand = call_argument(module, operand, 0, "fut");
  if (operand == NODE_NONE) return;
  use_call(scan, operand, use);
  if (has_sources(&module->tree, operand)) use_sources(scan, operand, use);
}

static void use_entered(CallScan *scan, Node with_statement) {
  const Tree *tree = &scan->builder->module->tree;
  Node clause = tree_first(tree, with_statement);
  if (!tree_is(tree, clause, KIND_WITH_CLAUSE)) return;
  TREE_EACH_CHILD (tree, clause, item) {
    Node expression =
      tree_is(tree, item, KIND_WITH_ITEM) ? with_item_expression(tree, item) : NODE_NONE;
    if (expression != NODE_NONE) use_call(scan, expression, CALL_AWAITED);
  }
}

static void add_await(CallScan *scan, Node await) {
  const Module *module = scan->builder->module;
  const Tree *tree = &module->tree;
  switch (tree_kind(tree, await)) {
  case KIND_AWAIT: {
    Node operand = tree_first(tree, await);
    if (operand != NODE_NONE)
      use_awaited(scan, operand, is_in_tail(module, await) ? CALL_AWAITED_IN_TAIL : CALL_AWAITED);
    break;
  }
  case KIND_WITH_STATEMENT:
    use_entered(scan, await);
    break;
  default: {
    Node items = tree_child(tree, await, FIELD_RIGHT);
    if (items != NODE_NONE) use_call(scan, items, CALL_AWAITED);
  }
  }
}

/* --- task makers --- */

static bool is_partial(Module *module, Node call) {
  return name_is(module, call_function(module, call), "functools.partial");
}

/* A function by its name: f in start_soon(f, x). */
static void start_reference(CallScan *scan, Node function, Node starter) {
  if (take(scan, function)) facts_add_use(scan, function, starter, CALL_STARTED, STR_EMPTY);
}

/* What a task maker gets: a call, a function that it will call, or a name for one of these. */
static void start(CallScan *scan, Node work, Node starter, bool may_be_function) {
  Module *module = scan->builder->module;
  const Tree *tree = &module->tree;
  if (tree_is(tree, work, KIND_LAMBDA)) work = tree_child(tree, work, FIELD_BODY);
  if (work == NODE_NONE) return;
  if (tree_is(tree, work, KIND_CALL) && is_partial(module, work)) {
    Node function = call_positional(module, work, 0);
    if (function != NODE_NONE) start_reference(scan, function, starter);
    return;
  }
  use_call(scan, work, CALL_STARTED);
  bool is_attribute = tree_is(tree, work, KIND_ATTRIBUTE);
  bool is_named =
    is_attribute || (tree_is(tree, work, KIND_IDENTIFIER) && name_of(module, work).len > 0);
  if (is_named && may_be_function) {
    start_reference(scan, work, starter);
  } else if (has_sources(tree, work)) {
    use_sources(scan, work, CALL_STARTED);
  }
}

/* `*map(f, items)`: f once per item, which no expression of the file says. */
static void start_mapped(CallScan *scan, Node collection) {
  Module *module = scan->builder->module;
  if (tree_is(&module->tree, collection, KIND_LIST_SPLAT))
    collection = tree_first(&module->tree, collection);
  if (!tree_is(&module->tree, collection, KIND_CALL)) return;
  if (!name_is(module, call_function(module, collection), "map")) return;
  Node function = call_positional(module, collection, 0);
  if (function == NODE_NONE || !take(scan, function)) return;
  uint32_t before = scan->facts->calls.count;
  facts_add_use(scan, function, collection, CALL_STARTED, STR_EMPTY);
  if (scan->facts->calls.count > before) vec_last(&scan->facts->calls).is_fanned_out = true;
}

static void start_all(CallScan *scan, const Nodes *awaitables, Node starter) {
  for (uint32_t i = 0; i < awaitables->count; i++)
    start(scan, awaitables->items[i], starter, false);
}

static void start_gathered(CallScan *scan, Node call) {
  Module *module = scan->builder->module;
  Gather gather;
  if (gather_of(module, call, &gather)) start_all(scan, &gather.awaitables, call);
  Node arguments = tree_child(&module->tree, call, FIELD_ARGUMENTS);
  if (!tree_is(&module->tree, arguments, KIND_ARGUMENT_LIST)) return;
  TREE_EACH_CHILD (&module->tree, arguments, argument) start_mapped(scan, argument);
}

static void start_elements(CallScan *scan, Node collection, Node starter) {
  if (collection == NODE_NONE) return;
  bool is_complete;
  Nodes elements = elements_of(scan->builder->module, collection, &is_complete);
  start_all(scan, &elements, starter);
  start_mapped(scan, collection);
}

static Node argument_value(const Tree *tree, Node argument) {
  return tree_is(tree, argument, KIND_KEYWORD_ARGUMENT) ? tree_child(tree, argument, FIELD_VALUE)
                                                        : argument;
}

/* The first argument, whatever the keyword is called. */
static void start_first(CallScan *scan, Node call) {
  const Tree *tree = &scan->builder->module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  Node first =
    tree_is(tree, arguments, KIND_ARGUMENT_LIST) ? tree_first(tree, arguments) : arguments;
  if (first != NODE_NONE) first = argument_value(tree, first);
  if (first != NODE_NONE) start(scan, first, call, true);
}

static bool has_starter_word(Arena *scratch, Str name) {
  Str lower = str_lower(scratch, name);
  for (size_t i = 0; i < sizeof(STARTER_WORDS) / sizeof(*STARTER_WORDS); i++) {
    if (str_contains(lower, str_from(STARTER_WORDS[i]))) return true;
  }
  return false;
}

/* Few names are called again and again. */
static bool is_starter_name(CallScan *scan, Str name) {
  Arena *scratch = scan->builder->scratch;
  uint32_t is_starter;
  if (!map_get(&scan->starters, name, &is_starter)) {
    is_starter = has_starter_word(scratch, name);
    map_put(scratch, &scan->starters, name, is_starter);
  }
  return is_starter != 0;
}

/* Starters of the project and of frameworks, by their name: which argument is the work is not
   known. */
static void start_by_name(CallScan *scan, Node call) {
  Module *module = scan->builder->module;
  const Tree *tree = &module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (!tree_is(tree, arguments, KIND_ARGUMENT_LIST)) return;
  if (!is_starter_name(scan, call_method(module, call))) return;
  TREE_EACH_CHILD (tree, arguments, argument) {
    Node value = argument_value(tree, argument);
    if (value != NODE_NONE) start(scan, value, call, true);
  }
}

static void add_starter(CallScan *scan, Node call) {
  Module *module = scan->builder->module;
  switch (call_meaning(module, call)) {
  case CALL_GATHER:
    start_gathered(scan, call);
    break;
  case CALL_WAIT:
    start_elements(scan, call_argument(module, call, 0, "fs"), call);
    break;
  case CALL_AS_COMPLETED:
    start_elements(scan, call_argument(module, call, 0, "fs"), call);
    break;
  case CALL_CREATE_TASK:
  case CALL_ENSURE_FUTURE:
  case CALL_GROUP_TASK:
  case CALL_THREADSAFE:
  case CALL_SHIELD:
  case CALL_RUN:
    start_first(scan, call);
    break;
  case CALL_WAIT_FOR: /* the argument is awaited if the call is */
    if (!tree_is(&module->tree, tree_parent(&module->tree, call), KIND_AWAIT))
      start_first(scan, call);
    break;
  case CALL_OTHER:
    start_by_name(scan, call);
    break;
  default:
    break;
  }
}

void facts_add_calls(FactsBuilder *builder, Facts *facts) {
  CallScan scan = { .builder = builder, .facts = facts };
  uint32_t count = builder->module->symbols.functions.count;
  for (FunctionId id = 0; id < count; id++) {
    const Nodes *awaits = &builder->bodies[id].awaits;
    for (uint32_t i = 0; i < awaits->count; i++) add_await(&scan, awaits->items[i]);
  }
  for (FunctionId id = 0; id < count; id++) {
    const Nodes *calls = &builder->bodies[id].calls;
    for (uint32_t i = 0; i < calls->count; i++) add_starter(&scan, calls->items[i]);
  }
  facts_add_references(&scan);
  facts_seal(builder, &facts->calls);
}
