/* Uses of functions that are neither awaits nor starts: stored, passed on, registered. */
#include "python/facts_call.h"

#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/library.h"
#include "python/name.h"

/* Where a value goes. */
typedef enum {
  PLACE_OTHER, /* a statement, an operand, a type: nobody gets it */
  PLACE_ARGUMENT,
  PLACE_KEPT, /* returned, yielded, an element of a display, the value of an attribute or default */
  PLACE_NAMED, /* x = …: what becomes of it is said by the uses of the name */
} Place;

static Place place_of_assigned(const Tree *tree, Node assignment, Node value) {
  if (tree_field(tree, value) != FIELD_RIGHT) return PLACE_OTHER;
  return tree_is(tree, tree_child(tree, assignment, FIELD_LEFT), KIND_IDENTIFIER) ? PLACE_NAMED
                                                                                  : PLACE_KEPT;
}

static Place place_of(const Tree *tree, Node value) {
  Node parent = tree_parent(tree, value);
  if (parent == NODE_NONE) return PLACE_OTHER;
  switch (tree_kind(tree, parent)) {
  case KIND_ARGUMENT_LIST:
    return PLACE_ARGUMENT;
  case KIND_KEYWORD_ARGUMENT:
    return tree_field(tree, value) == FIELD_VALUE ? PLACE_ARGUMENT : PLACE_OTHER;
  case KIND_ASSIGNMENT:
    return place_of_assigned(tree, parent, value);
  case KIND_PAIR:
  case KIND_DEFAULT_PARAMETER:
  case KIND_TYPED_DEFAULT_PARAMETER:
    return tree_field(tree, value) == FIELD_VALUE ? PLACE_KEPT : PLACE_OTHER;
  case KIND_RETURN_STATEMENT:
  case KIND_YIELD:
  case KIND_LIST:
  case KIND_TUPLE:
  case KIND_SET:
  case KIND_CONDITIONAL_EXPRESSION:
  case KIND_BOOLEAN_OPERATOR:
    return PLACE_KEPT;
  case KIND_LAMBDA:
  case KIND_LIST_COMPREHENSION:
  case KIND_SET_COMPREHENSION:
  case KIND_GENERATOR_EXPRESSION:
    return tree_field(tree, value) == FIELD_BODY ? PLACE_KEPT : PLACE_OTHER;
  default:
    return PLACE_OTHER;
  }
}

bool facts_is_handed_on(const Tree *tree, Node node) {
  Kind kind = tree_kind(tree, node);
  bool is_asked = kind == KIND_IDENTIFIER || kind == KIND_ATTRIBUTE || kind == KIND_CALL;
  return is_asked && place_of(tree, node) != PLACE_OTHER;
}

/* Classes and constants are written in capitals, functions hardly ever. */
static bool looks_like_function(Str dotted) {
  Str last = str_after_last(dotted, '.');
  while (str_starts_with(last, STR("_"))) last = str_slice(last, 1, last.len);
  return last.len > 0 && (last.data[0] < 'A' || last.data[0] > 'Z');
}

/* The function that gets the value as an argument. False if it only looks at it: print,
   isinstance, logging. */
static bool find_recipient(FactsBuilder *builder, Node value, Str *recipient) {
  Module *module = builder->module;
  const Tree *tree = &module->tree;
  Node list = tree_parent(tree, value);
  if (tree_is(tree, list, KIND_KEYWORD_ARGUMENT)) list = tree_parent(tree, list);
  Node call = tree_parent(tree, list);
  *recipient = STR_EMPTY;
  if (!tree_is(tree, call, KIND_CALL)) return false;
  CallMeaning meaning = call_meaning(module, call);
  if (meaning == CALL_LOG || meaning == CALL_ISINSTANCE) return false;
  Node function = call_function(module, call);
  Str name = name_of(module, function);
  if (name.len > 0 && !str_contains(name, STR("."))) return false;
  name = facts_callee(builder, function, NULL);
  if (!str_starts_with(name, STR("."))) *recipient = name;
  return true;
}

static bool is_own_coroutine(Module *module, Str name) {
  FunctionId id = function_named(module, name);
  return id != FUNCTION_NONE && module_function(module, id)->is_async;
}

/* --- calls --- */

/* A call that nobody awaits here. Of a function of another file it is not known whether it makes
   a coroutine: those that are passed on are recorded to be on the safe side. */
static void add_call(CallScan *scan, Node call) {
  FactsBuilder *builder = scan->builder;
  Module *module = builder->module;
  if (facts_is_taken(scan, call) || call_meaning(module, call) != CALL_OTHER) return;
  Place place = place_of(&module->tree, call);
  Node function = call_function(module, call);
  Str name = facts_callee(builder, function, NULL);
  if (str_starts_with(name, STR(".")) || !looks_like_function(name)) return;
  bool is_own = function_named(module, name) != FUNCTION_NONE;
  if (is_own ? !is_own_coroutine(module, name) : place == PLACE_NAMED) return;
  Str recipient = STR_EMPTY;
  if (place == PLACE_ARGUMENT && !find_recipient(builder, call, &recipient)) return;
  facts_add_use(scan, function, call, CALL_REFERENCED, recipient);
}

/* --- names --- */

/* `self.x` of a class without bases that has no method x. */
static bool is_data(Module *module, Node node) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, node, KIND_ATTRIBUTE)) return false;
  bool is_class;
  ClassId id = self_class(module, tree_child(tree, node, FIELD_OBJECT), &is_class);
  if (id == CLASS_NONE || module_class(module, id)->bases.count > 0) return false;
  return symbols_method(
           &module->symbols, id, tree_text(tree, tree_child(tree, node, FIELD_ATTRIBUTE))
         ) == FUNCTION_NONE;
}

static bool is_read(const Module *module, Node name) {
  if (tree_is(&module->tree, name, KIND_ATTRIBUTE)) return true;
  BindingId id = scopes_binding(&module->scopes, name);
  return id == BINDING_NONE || scopes_occurrence(&module->scopes, name) == OCCURRENCE_READ;
}

static void add_name(CallScan *scan, Node node) {
  FactsBuilder *builder = scan->builder;
  Module *module = builder->module;
  Place place = place_of(&module->tree, node);
  if (place == PLACE_NAMED || !is_read(module, node)) return;
  if (facts_is_taken(scan, node) || is_data(module, node)) return;
  Str name = facts_callee(builder, node, NULL);
  if (name.len == 0 || !looks_like_function(name)) return;
  /* Of attributes of unknown objects nearly all are data; callbacks are given as arguments. */
  if (str_starts_with(name, STR(".")) && place != PLACE_ARGUMENT) return;
  Str recipient = STR_EMPTY;
  if (place == PLACE_ARGUMENT && !find_recipient(builder, node, &recipient)) return;
  facts_add_use(scan, node, node, CALL_REFERENCED, STR_EMPTY);
}

void facts_add_references(CallScan *scan) {
  const Tree *tree = &scan->builder->module->tree;
  const Nodes *nodes = &scan->builder->handed_on;
  for (uint32_t i = 0; i < nodes->count; i++) {
    bool is_call = tree_is(tree, nodes->items[i], KIND_CALL);
    (is_call ? add_call : add_name)(scan, nodes->items[i]);
  }
}
