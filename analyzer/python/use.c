#include "python/use.h"

#include "python/asyncio_call.h"
#include "python/kernel.h"
#include "python/memo.h"
#include "python/reach.h"
#include "python/target.h"
#include "python/use_argument.h"

#include <stdlib.h>
#include <string.h>

enum {
  /* Expressions that hand a value on, inside one another; in deeper ones it counts as stored. */
  CLIMB_LIMIT = 100,
  /* Uses in one answer; nobody asks what the five hundredth use of a value is. */
  USE_LIMIT = 512,
  /* Occurrences of a name that can be looked at in the time of one step. */
  DELETIONS_PER_STEP = 16,
};

typedef struct {
  Module *module;
  const Tree *tree;
  /* Holds the uses, the names that the value has been bound to, and the occurrences taken. */
  Memo *memo;
} Follow;

/* What the parent of `at` does with the value that at has. Gives the expression that has the
   value next, or NODE_NONE where it ends. */
typedef Node (*Step)(Follow *follow, Node value, Node at, Node parent);

/* A row per kind of parent. Those that are not listed keep the value where nobody follows it. */
typedef struct {
  bool is_listed;
  UseKind kind; /* of parents that always end it the same way */
  Step step;    /* of the others */
} Consumer;

static void add_use(Follow *follow, Use use) {
  if (follow->memo->use_found.count < USE_LIMIT)
    vec_push(follow->module->arena, &follow->memo->use_found, use);
}

static Node end_as(Follow *follow, UseKind kind, Node value, Node consumer) {
  add_use(follow, (Use){ .kind = kind, .value = value, .consumer = consumer, .name = STR_EMPTY });
  return NODE_NONE;
}

/* --- targets ---------------------------------------------------------------------------------- */

/* True if the name can be read from outside the function: then nobody sees all its uses. */
static bool is_shared(const Module *module, Node identifier) {
  const Binding *binding = scopes_get(&module->scopes, scopes_binding(&module->scopes, identifier));
  ScopeKind scope = module->scopes.scopes.items[binding->scope].kind;
  if (scope == SCOPE_MODULE || scope == SCOPE_CLASS) return true;
  return scopes_occurrence(&module->scopes, identifier) != OCCURRENCE_PARAMETER &&
    binding_function(module, binding) != module_function_of(module, identifier);
}

static void add_definition(Follow *follow, Node value, Node identifier) {
  const Scopes *scopes = &follow->module->scopes;
  if (scopes_binding(scopes, identifier) == BINDING_NONE || is_shared(follow->module, identifier))
    end_as(follow, USE_STORED, value, identifier);
  if (scopes_binding(scopes, identifier) == BINDING_NONE) return;
  if (node_set_add(follow->module->arena, &follow->memo->use_seen, identifier))
    vec_push(follow->module->arena, &follow->memo->use_definitions, identifier);
}

static void assign_to(Follow *follow, Node value, Node target) {
  if (tree_is(follow->tree, target, KIND_IDENTIFIER)) {
    add_definition(follow, value, target);
  } else {
    end_as(
      follow, is_target_pattern(follow->tree, target) ? USE_UNPACKED : USE_STORED, value, target
    );
  }
}

/* --- steps ------------------------------------------------------------------------------------ */

static Node step_nothing(Follow *follow, Node value, Node at, Node parent) {
  (void)follow, (void)value, (void)at, (void)parent;
  return NODE_NONE;
}

static Node step_assignment(Follow *follow, Node value, Node at, Node parent) {
  if (tree_field(follow->tree, at) != FIELD_RIGHT) return NODE_NONE;
  Node target = tree_child(follow->tree, parent, FIELD_LEFT);
  if (target != NODE_NONE) assign_to(follow, value, target);
  return tree_is(follow->tree, tree_parent(follow->tree, parent), KIND_ASSIGNMENT) ? parent
                                                                                   : NODE_NONE;
}

static Node step_walrus(Follow *follow, Node value, Node at, Node parent) {
  if (tree_field(follow->tree, at) != FIELD_VALUE) return NODE_NONE;
  add_definition(follow, value, tree_child(follow->tree, parent, FIELD_NAME));
  return parent;
}

static Node step_conditional(Follow *follow, Node value, Node at, Node parent) {
  Node condition = tree_nth(follow->tree, parent, 1);
  return at == condition ? end_as(follow, USE_TESTED, value, parent) : parent;
}

/* The left value of `or` is the result if it is true; that of `and` only if it is false, and
   then nothing is in it. */
static Node step_boolean(Follow *follow, Node value, Node at, Node parent) {
  if (tree_field(follow->tree, at) == FIELD_RIGHT) return parent;
  end_as(follow, USE_TESTED, value, parent);
  bool is_or = tree_text_is(follow->tree, tree_child(follow->tree, parent, FIELD_OPERATOR), "or");
  return is_or ? parent : NODE_NONE;
}

static bool is_test_for_none(const Tree *tree, Node at, Node comparison) {
  Node left = tree_first(tree, comparison), right = tree_nth(tree, comparison, 2);
  if (right == NODE_NONE || tree_next(tree, right) != NODE_NONE) return false;
  return tree_is(tree, at == left ? right : left, KIND_NONE_LITERAL);
}

static Node step_comparison(Follow *follow, Node value, Node at, Node parent) {
  bool is_test = is_test_for_none(follow->tree, at, parent);
  return end_as(follow, is_test ? USE_TESTED : USE_COMPARED, value, parent);
}

static Node step_binary(Follow *follow, Node value, Node at, Node parent) {
  const Tree *tree = follow->tree;
  Node left = tree_child(tree, parent, FIELD_LEFT);
  bool is_text = tree_is(tree, left, KIND_STRING) || tree_is(tree, left, KIND_CONCATENATED_STRING);
  bool is_formatted =
    at != left && is_text && tree_text_is(tree, tree_child(tree, parent, FIELD_OPERATOR), "%");
  return end_as(follow, is_formatted ? USE_FORMATTED : USE_OPERATED, value, parent);
}

static Node step_assert(Follow *follow, Node value, Node at, Node parent) {
  bool is_condition = tree_first(follow->tree, parent) == at;
  return end_as(follow, is_condition ? USE_TESTED : USE_FORMATTED, value, parent);
}

static Node step_attribute(Follow *follow, Node value, Node at, Node parent) {
  const Tree *tree = follow->tree;
  if (tree_field(tree, at) != FIELD_OBJECT) return NODE_NONE;
  Node around = tree_parent(tree, parent);
  bool is_method = tree_is(tree, around, KIND_CALL) && tree_field(tree, parent) == FIELD_FUNCTION;
  Use use = { .kind = is_method ? USE_METHOD : USE_ATTRIBUTE, .value = value };
  use.consumer = is_method ? around : parent;
  use.name = tree_text(tree, tree_child(tree, parent, FIELD_ATTRIBUTE));
  add_use(follow, use);
  return NODE_NONE;
}

/* True if the subscript is assigned to or deleted. */
static bool is_written(const Tree *tree, Node subscript) {
  Node parent = tree_parent(tree, subscript);
  if (tree_is(tree, parent, KIND_ASSIGNMENT) || tree_is(tree, parent, KIND_AUGMENTED_ASSIGNMENT))
    return tree_field(tree, subscript) == FIELD_LEFT;
  return tree_is(tree, parent, KIND_DELETE_STATEMENT);
}

static Node step_subscript(Follow *follow, Node value, Node at, Node parent) {
  bool is_target = is_written(follow->tree, parent);
  if (tree_field(follow->tree, at) == FIELD_VALUE)
    return end_as(follow, is_target ? USE_OPERATED : USE_SUBSCRIPTED, value, parent);
  return end_as(follow, is_target ? USE_STORED : USE_OPERATED, value, parent);
}

static Node step_function(Follow *follow, Node value, Node at, Node parent) {
  if (tree_field(follow->tree, at) == FIELD_FUNCTION)
    return end_as(follow, USE_CALLED, value, parent);
  return end_as(follow, use_of_argument(follow->module, parent, at), value, parent);
}

static Node step_argument(Follow *follow, Node value, Node at, Node parent) {
  Node call = tree_parent(follow->tree, parent);
  if (!tree_is(follow->tree, call, KIND_CALL)) return end_as(follow, USE_STORED, value, call);
  if (is_handed_back(follow->module, call, at)) return call;
  Use use = { .value = value, .consumer = call, .name = STR_EMPTY };
  use.kind = use_of_argument(follow->module, call, at);
  use.index = position_in_parent(follow->tree, at);
  add_use(follow, use);
  return NODE_NONE;
}

static Node step_keyword(Follow *follow, Node value, Node at, Node parent) {
  (void)at;
  Node call = tree_parent(follow->tree, tree_parent(follow->tree, parent));
  if (!tree_is(follow->tree, call, KIND_CALL)) return end_as(follow, USE_STORED, value, parent);
  Use use = { .kind = USE_ARGUMENT, .value = value, .consumer = call };
  use.name = tree_text(follow->tree, tree_child(follow->tree, parent, FIELD_NAME));
  add_use(follow, use);
  return NODE_NONE;
}

static Node step_splat(Follow *follow, Node value, Node at, Node parent) {
  (void)at;
  Node around = tree_parent(follow->tree, parent);
  if (tree_is(follow->tree, around, KIND_ARGUMENT_LIST))
    return end_as(follow, USE_ITERATED, value, parent);
  return end_as(follow, USE_CONTAINED, value, around);
}

/* `a, b = f(), g()` binds each name to its own value. */
static Node step_display(Follow *follow, Node value, Node at, Node parent) {
  const Tree *tree = follow->tree;
  Node around = tree_parent(tree, parent);
  if (tree_is(tree, around, KIND_DELETE_STATEMENT))
    return end_as(follow, USE_DELETED, value, around);
  if (!tree_is(tree, around, KIND_ASSIGNMENT) || tree_field(tree, parent) != FIELD_RIGHT)
    return end_as(follow, USE_CONTAINED, value, parent);
  Node pattern = tree_child(tree, around, FIELD_LEFT);
  uint32_t position = position_in_parent(tree, at);
  bool is_paired =
    pattern != NODE_NONE && position < TARGET_POSITIONS && is_target_pattern(tree, pattern);
  if (is_paired)
    is_paired = paired_item(tree, parent, position, tree_child_count(tree, pattern)) != NODE_NONE;
  if (!is_paired) return end_as(follow, USE_CONTAINED, value, parent);
  Node target = tree_nth(tree, pattern, position);
  if (is_splat(tree, target)) return end_as(follow, USE_CONTAINED, value, parent);
  assign_to(follow, value, target);
  return NODE_NONE;
}

static Node step_pair(Follow *follow, Node value, Node at, Node parent) {
  (void)at;
  return end_as(follow, USE_CONTAINED, value, tree_parent(follow->tree, parent));
}

static Node step_with(Follow *follow, Node value, Node at, Node parent) {
  (void)at;
  if (tree_is(follow->tree, parent, KIND_WITH_ITEM))
    return end_as(follow, USE_ENTERED, value, parent);
  Node around = tree_parent(follow->tree, parent);
  bool is_with = tree_is(follow->tree, around, KIND_WITH_ITEM);
  return end_as(follow, is_with ? USE_ENTERED : USE_CHECKED, value, around);
}

static Node step_loop(Follow *follow, Node value, Node at, Node parent) {
  if (tree_field(follow->tree, at) != FIELD_RIGHT) return NODE_NONE;
  return end_as(follow, USE_ITERATED, value, parent);
}

static Node step_statement(Follow *follow, Node value, Node at, Node parent) {
  (void)at;
  bool is_shown = is_displayed(follow->module, parent);
  return end_as(follow, is_shown ? USE_DISPLAYED : USE_DROPPED, value, parent);
}

static Node step_lambda(Follow *follow, Node value, Node at, Node parent) {
  bool is_result = tree_field(follow->tree, at) == FIELD_BODY;
  return end_as(follow, is_result ? USE_RETURNED : USE_STORED, value, parent);
}

#define ENDS(use) \
  { .is_listed = true, .kind = (use) }
#define STEPS(function) \
  { .is_listed = true, .step = (function) }

static const Consumer CONSUMERS[KIND_COUNT] = {
  [KIND_ARGUMENT_LIST] = STEPS(step_argument),
  [KIND_ASSERT_STATEMENT] = STEPS(step_assert),
  [KIND_ASSIGNMENT] = STEPS(step_assignment),
  [KIND_AS_PATTERN] = STEPS(step_with),
  [KIND_ATTRIBUTE] = STEPS(step_attribute),
  [KIND_AUGMENTED_ASSIGNMENT] = ENDS(USE_OPERATED),
  [KIND_AWAIT] = ENDS(USE_AWAITED),
  [KIND_BINARY_OPERATOR] = STEPS(step_binary),
  [KIND_BOOLEAN_OPERATOR] = STEPS(step_boolean),
  [KIND_CALL] = STEPS(step_function),
  [KIND_CASE_PATTERN] = ENDS(USE_COMPARED),
  [KIND_COMPARISON_OPERATOR] = STEPS(step_comparison),
  [KIND_CONDITIONAL_EXPRESSION] = STEPS(step_conditional),
  [KIND_DECORATOR] = ENDS(USE_CALLED),
  [KIND_DELETE_STATEMENT] = ENDS(USE_DELETED),
  [KIND_DICTIONARY] = ENDS(USE_CONTAINED),
  [KIND_DICTIONARY_COMPREHENSION] = ENDS(USE_CONTAINED),
  [KIND_DICTIONARY_SPLAT] = STEPS(step_splat),
  [KIND_ELIF_CLAUSE] = ENDS(USE_TESTED),
  [KIND_EXCEPT_CLAUSE] = ENDS(USE_CHECKED),
  [KIND_EXPRESSION_STATEMENT] = STEPS(step_statement),
  [KIND_FORMAT_EXPRESSION] = ENDS(USE_FORMATTED),
  [KIND_FOR_IN_CLAUSE] = STEPS(step_loop),
  [KIND_FOR_STATEMENT] = STEPS(step_loop),
  [KIND_GENERATOR_EXPRESSION] = ENDS(USE_CONTAINED),
  [KIND_IF_CLAUSE] = ENDS(USE_TESTED),
  [KIND_IF_STATEMENT] = ENDS(USE_TESTED),
  [KIND_INTERPOLATION] = ENDS(USE_FORMATTED),
  [KIND_KEYWORD_ARGUMENT] = STEPS(step_keyword),
  [KIND_LAMBDA] = STEPS(step_lambda),
  [KIND_LIST] = STEPS(step_display),
  [KIND_LIST_COMPREHENSION] = ENDS(USE_CONTAINED),
  [KIND_LIST_SPLAT] = STEPS(step_splat),
  [KIND_MATCH_STATEMENT] = ENDS(USE_CHECKED),
  [KIND_NAMED_EXPRESSION] = STEPS(step_walrus),
  [KIND_NOT_OPERATOR] = ENDS(USE_TESTED),
  [KIND_PAIR] = STEPS(step_pair),
  [KIND_PRINT_STATEMENT] = ENDS(USE_FORMATTED),
  [KIND_RAISE_STATEMENT] = ENDS(USE_RAISED),
  [KIND_RETURN_STATEMENT] = ENDS(USE_RETURNED),
  [KIND_SET] = ENDS(USE_CONTAINED),
  [KIND_SET_COMPREHENSION] = ENDS(USE_CONTAINED),
  [KIND_SLICE] = ENDS(USE_OPERATED),
  [KIND_SUBSCRIPT] = STEPS(step_subscript),
  [KIND_TUPLE] = STEPS(step_display),
  [KIND_TYPE] = STEPS(step_nothing),
  [KIND_UNARY_OPERATOR] = ENDS(USE_OPERATED),
  [KIND_WHILE_STATEMENT] = ENDS(USE_TESTED),
  [KIND_WITH_ITEM] = STEPS(step_with),
  [KIND_YIELD] = ENDS(USE_YIELDED),
};

/* --- the climb -------------------------------------------------------------------------------- */

static Node climb(Follow *follow, Node value, Node at) {
  Node parent = tree_parent(follow->tree, at);
  if (parent == NODE_NONE) return NODE_NONE;
  const Consumer *consumer = &CONSUMERS[tree_kind(follow->tree, parent)];
  if (!consumer->is_listed) return end_as(follow, USE_STORED, value, parent);
  if (consumer->step == NULL) return end_as(follow, consumer->kind, value, parent);
  return consumer->step(follow, value, at, parent);
}

static void follow_value(Follow *follow, Node value) {
  Node at = value;
  for (uint32_t i = 0; at != NODE_NONE && i < CLIMB_LIMIT; i++) at = climb(follow, value, at);
  if (at != NODE_NONE) end_as(follow, USE_STORED, value, at);
}

static void follow_deletions(Follow *follow, Node definition) {
  const Scopes *scopes = &follow->module->scopes;
  const Binding *binding = scopes_get(scopes, scopes_binding(scopes, definition));
  effort_spend(follow->module, EFFORT_QUESTIONS, binding->occurrences.count / DELETIONS_PER_STEP);
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    Occurrence occurrence = binding->occurrences.items[i];
    if (occurrence.kind != OCCURRENCE_DELETE) continue;
    if (node_set_add(follow->module->arena, &follow->memo->use_seen, occurrence.node))
      follow_value(follow, occurrence.node);
  }
}

static void follow_definition(Follow *follow, Node definition) {
  Module *module = follow->module;
  const Binding *binding = scopes_get(&module->scopes, scopes_binding(&module->scopes, definition));
  FunctionId home = binding_function(module, binding);
  Nodes reads = reads_of(module, definition);
  for (uint32_t i = 0; i < reads.count; i++) {
    Node read = reads.items[i];
    if (follow->memo->use_found.count == USE_LIMIT) return;
    if (!node_set_add(module->arena, &follow->memo->use_seen, read)) continue;
    effort_spend(module, EFFORT_QUESTIONS, MEMO_MENTION_STEPS);
    if (module_function_of(module, read) != home) end_as(follow, USE_CAPTURED, read, read);
    else follow_value(follow, read);
  }
  follow_deletions(follow, definition);
}

static int compare_uses(const void *a, const void *b) {
  const Use *left = a, *right = b;
  if (left->value != right->value) return left->value < right->value ? -1 : 1;
  return left->consumer < right->consumer ? -1 : left->consumer > right->consumer;
}

static Follow begin(Module *module) {
  Memo *memo = memo_of(module);
  node_set_clear(&memo->use_seen);
  memo->use_found.count = memo->use_definitions.count = 0;
  return (Follow){ .module = module, .tree = &module->tree, .memo = memo };
}

static Uses finish(Follow *follow) {
  Memo *memo = follow->memo;
  for (uint32_t i = 0; i < memo->use_definitions.count && memo->use_found.count < USE_LIMIT; i++) {
    Node definition = memo->use_definitions.items[i];
    if (effort_spend(follow->module, EFFORT_QUESTIONS, MEMO_MENTION_STEPS))
      follow_definition(follow, definition);
    else end_as(follow, USE_STORED, definition, definition);
  }
  Uses uses = { .count = memo->use_found.count, .capacity = memo->use_found.count };
  if (uses.count == 0) return uses;
  uses.items = arena_array(follow->module->arena, Use, uses.count);
  memcpy(uses.items, memo->use_found.items, sizeof(Use) * uses.count);
  qsort(uses.items, uses.count, sizeof(Use), compare_uses);
  return uses;
}

static bool is_binder(const Module *module, Node expression) {
  return tree_is(&module->tree, expression, KIND_IDENTIFIER) &&
    scopes_binding(&module->scopes, expression) != BINDING_NONE &&
    occurrence_binds(scopes_occurrence(&module->scopes, expression));
}

Uses uses_of_definition(Module *module, Node identifier) {
  if (!is_binder(module, identifier)) return (Uses){ 0 };
  Follow follow = begin(module);
  OccurrenceKind kind = scopes_occurrence(&module->scopes, identifier);
  if (kind == OCCURRENCE_ASSIGN || kind == OCCURRENCE_WALRUS) {
    add_definition(&follow, identifier, identifier);
  } else {
    vec_push(module->arena, &follow.memo->use_definitions, identifier);
  }
  return finish(&follow);
}

Uses uses_of(Module *module, Node expression) {
  if (is_binder(module, expression)) return uses_of_definition(module, expression);
  Follow follow = begin(module);
  follow_value(&follow, expression);
  return finish(&follow);
}

Reason use_meaning(UseKind kind) {
  static const Reason meanings[] = {
    [USE_DROPPED] = "nobody has it",
    [USE_DISPLAYED] = "it is the last expression of a cell, which shows it and keeps it",
    [USE_AWAITED] = "it is awaited",
    [USE_RETURNED] = "it is returned: the caller has it",
    [USE_YIELDED] = "it is yielded to somebody else",
    [USE_RAISED] = "it is raised",
    [USE_ARGUMENT] = "it is given to a call, which may keep or await it",
    [USE_STORED] = "it is stored in an attribute, a container or a global, where others find it",
    [USE_CONTAINED] = "it is kept in a collection that somebody has",
    [USE_CAPTURED] = "a nested function has it",
    [USE_TESTED] = "it is tested",
    [USE_COMPARED] = "it is compared",
    [USE_OPERATED] = "it is an operand",
    [USE_METHOD] = "one of its methods is called",
    [USE_ATTRIBUTE] = "one of its attributes is used",
    [USE_CALLED] = "it is called",
    [USE_SUBSCRIPTED] = "a part of it is read",
    [USE_ITERATED] = "it is iterated over",
    [USE_UNPACKED] = "it is unpacked",
    [USE_FORMATTED] = "its text is used",
    [USE_ENTERED] = "it is entered by a with statement",
    [USE_CHECKED] = "its class is tested",
    [USE_DELETED] = "its name is deleted",
  };
  return meanings[kind];
}

bool uses_have(const Uses *uses, UseKind kind) {
  for (uint32_t i = 0; i < uses->count; i++) {
    if (uses->items[i].kind == kind) return true;
  }
  return false;
}

Node defined_value(Module *module, Node definition) {
  if (!is_binder(module, definition)) return NODE_NONE;
  Target target = target_of(module, definition);
  bool is_whole = target.depth == 0 && !target.is_rest;
  bool is_value = target.kind == TARGET_VALUE || target.kind == TARGET_ENTERED;
  return is_whole && is_value ? target.value : NODE_NONE;
}
