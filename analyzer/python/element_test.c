#include "python/element_uses.h"

#include "python/asyncio_call.h"
#include "python/facts.h"
#include "python/library.h"
#include "python/name.h"

#include <stdlib.h>

enum {
  TYPES_MAX_DEPTH = 8, /* tuples in tuples, names for tuples */
  TYPES_MAX_COUNT = 64,
};

/* The classes that a test names. */
typedef struct {
  Module *module;
  bool base, exception, cancelled, errors, others;
  Node exception_type; /* the expression that says Exception */
  uint32_t count;
} Types;

static const char *const ERROR_ENDINGS[] = { "Error", "Exception", "Warning", "Interrupt",
                                             "Exit",  "Timeout",   "Failure", "Group" };

/* By its bases where they are known, else by the custom of naming exceptions. */
static bool is_error_class(const Module *module, Str name) {
  if (library_is_subclass(module->library, name, STR("BaseException"))) return true;
  if (module->project != NULL && project_is_subclass(module->project, name, STR("BaseException")))
    return true;
  Str bare = str_after_last(name, '.');
  for (uint32_t i = 0; i < sizeof(ERROR_ENDINGS) / sizeof(*ERROR_ENDINGS); i++) {
    if (str_ends_with(bare, str_from(ERROR_ENDINGS[i]))) return true;
  }
  return false;
}

static void add_class(Types *types, Node expression) {
  Str name = name_of(types->module, expression);
  if (name.len == 0) name = tree_text(&types->module->tree, expression);
  if (str_is(name, "BaseException")) {
    types->base = true;
  } else if (str_is(name, "Exception")) {
    types->exception = true;
    types->exception_type = expression;
  } else if (str_is(name, "asyncio.CancelledError") || str_is(name, "anyio.get_cancelled_exc_class")) {
    types->cancelled = true;
  } else if (is_error_class(types->module, name)) {
    types->errors = true;
  } else {
    types->others = true;
  }
}

/* What a name that is bound once stands for, if it is a tuple or a sum of classes. */
static Node tuple_behind(Module *module, Node identifier) {
  const Tree *tree = &module->tree;
  BindingId id = tree_is(tree, identifier, KIND_IDENTIFIER)
    ? scopes_binding(&module->scopes, identifier)
    : BINDING_NONE;
  if (id == BINDING_NONE || scopes_get(&module->scopes, id)->bind_count != 1) return NODE_NONE;
  const Occurrences *occurrences = &scopes_get(&module->scopes, id)->occurrences;
  for (uint32_t i = 0; i < occurrences->count; i++) {
    if (occurrences->items[i].kind != OCCURRENCE_ASSIGN) continue;
    Node value = defined_value(module, occurrences->items[i].node);
    bool is_sum = tree_is(tree, value, KIND_TUPLE) || tree_is(tree, value, KIND_BINARY_OPERATOR);
    return is_sum ? value : NODE_NONE;
  }
  return NODE_NONE;
}

static void add_types(Types *types, Node expression, uint32_t depth) {
  const Tree *tree = &types->module->tree;
  if (expression == NODE_NONE || depth > TYPES_MAX_DEPTH || types->count++ >= TYPES_MAX_COUNT)
    return;
  switch (tree_kind(tree, expression)) {
  case KIND_TUPLE:
  case KIND_LIST:
  case KIND_SET:
  case KIND_LIST_SPLAT: {
    TREE_EACH_CHILD (tree, expression, child) add_types(types, child, depth + 1);
    return;
  }
  case KIND_BINARY_OPERATOR:
    add_types(types, tree_child(tree, expression, FIELD_LEFT), depth + 1);
    add_types(types, tree_child(tree, expression, FIELD_RIGHT), depth + 1);
    return;
  case KIND_CALL:
    add_class(types, call_function(types->module, expression));
    return;
  default:
    break;
  }
  Node behind = tuple_behind(types->module, expression);
  if (behind != NODE_NONE) {
    add_types(types, behind, depth + 1);
  } else {
    add_class(types, expression);
  }
}

static Check check_of(const Types *types) {
  if (types->base || (types->exception && types->cancelled)) return CHECK_BASE_EXCEPTION;
  if (types->exception) return CHECK_EXCEPTION;
  if (types->cancelled) return CHECK_CANCELLED;
  return types->errors && !types->others ? CHECK_ERROR_CLASS : CHECK_SUCCESS;
}

static ElementTest test_of(const Types *types, Node test) {
  Check check = check_of(types);
  return (ElementTest){ .check = check,
                        .test = test,
                        .type = check == CHECK_EXCEPTION ? types->exception_type : NODE_NONE };
}

static ElementTest test_for(Module *module, Node test, Node type) {
  Types types = { .module = module, .exception_type = NODE_NONE };
  add_types(&types, type, 0);
  return test_of(&types, test);
}

static void add_test(Module *module, ElementTests *tests, ElementTest test) {
  vec_push(module->arena, tests, test);
}

static void add_success(Module *module, ElementTests *tests, Node test) {
  add_test(module, tests, (ElementTest){ .check = CHECK_SUCCESS, .test = test, .type = NODE_NONE });
}

/* `type(e) is Exception`, `issubclass(type(e), Exception)`, `type(e) in (A, B)`. */
static void add_type_test(Module *module, ElementTests *tests, Node type_call) {
  const Tree *tree = &module->tree;
  Node parent = tree_parent(tree, type_call);
  if (tree_is(tree, parent, KIND_COMPARISON_OPERATOR) && tree_child_count(tree, parent) == 3) {
    Node left = tree_first(tree, parent), right = tree_last_child(tree, parent);
    add_test(module, tests, test_for(module, parent, type_call == left ? right : left));
    return;
  }
  Node call = tree_is(tree, parent, KIND_ARGUMENT_LIST) ? tree_parent(tree, parent) : NODE_NONE;
  if (tree_is(tree, call, KIND_CALL) && name_is(module, call_function(module, call), "issubclass")) {
    add_test(module, tests, test_for(module, call, call_positional(module, call, 1)));
  }
}

/* The classes at the top of one pattern: `case A() | B() as x`. Anything else asks for a shape
   that no exception has. */
static void add_pattern(Types *types, Node pattern, uint32_t depth) {
  const Tree *tree = &types->module->tree;
  if (depth > TYPES_MAX_DEPTH || types->count++ >= TYPES_MAX_COUNT) return;
  switch (tree_kind(tree, pattern)) {
  case KIND_CASE_PATTERN:
  case KIND_AS_PATTERN: {
    Node inner = tree_first(tree, pattern);
    if (inner != NODE_NONE) add_pattern(types, inner, depth + 1);
    return;
  }
  case KIND_UNION_PATTERN: {
    TREE_EACH_CHILD (tree, pattern, child) add_pattern(types, child, depth + 1);
    return;
  }
  case KIND_CLASS_PATTERN: {
    Node name = tree_first(tree, pattern);
    bool is_plain = tree_is(tree, name, KIND_DOTTED_NAME) && tree_child_count(tree, name) == 1;
    add_class(types, is_plain ? tree_first(tree, name) : name);
    return;
  }
  default:
    types->others = true;
    return;
  }
}

static bool is_capture(const Tree *tree, Node pattern) {
  Node inner = tree_is(tree, pattern, KIND_CASE_PATTERN) ? tree_first(tree, pattern) : pattern;
  return inner == NODE_NONE ||
    (tree_is(tree, inner, KIND_DOTTED_NAME) && tree_child_count(tree, inner) == 1);
}

static void add_match(Module *module, ElementTests *tests, Node match) {
  const Tree *tree = &module->tree;
  Node body = tree_child(tree, match, FIELD_BODY);
  if (body == NODE_NONE) return;
  TREE_EACH_CHILD (tree, body, clause) {
    Node pattern = tree_first(tree, clause);
    if (!tree_is(tree, pattern, KIND_CASE_PATTERN) || is_capture(tree, pattern)) continue;
    Types types = { .module = module, .exception_type = NODE_NONE };
    add_pattern(&types, pattern, 0);
    add_test(module, tests, test_of(&types, pattern));
  }
}

static void add_check(Module *module, ElementTests *tests, const Use *use) {
  const Tree *tree = &module->tree;
  if (tree_is(tree, use->consumer, KIND_MATCH_STATEMENT)) {
    add_match(module, tests, use->consumer);
  } else if (tree_is(tree, use->consumer, KIND_CALL)) {
    if (name_is(module, call_function(module, use->consumer), "type")) {
      add_type_test(module, tests, use->consumer);
    } else {
      add_test(
        module, tests, test_for(module, use->consumer, call_positional(module, use->consumer, 1))
      );
    }
  }
}

/* `match name, result:` asks for the shape of both. */
static bool is_part_of_subject(const Tree *tree, const Use *use) {
  return tree_is(tree, use->consumer, KIND_TUPLE) &&
    tree_is(tree, tree_parent(tree, use->consumer), KIND_MATCH_STATEMENT);
}

static void add_use_test(Module *module, ElementTests *tests, const Use *use) {
  const Tree *tree = &module->tree;
  switch (use->kind) {
  case USE_CHECKED:
    add_check(module, tests, use);
    break;
  case USE_TESTED: {
    bool is_comparison = tree_is(tree, use->consumer, KIND_COMPARISON_OPERATOR);
    add_success(module, tests, is_comparison ? use->consumer : use->value);
    break;
  }
  case USE_COMPARED:
    if (!is_ordering(tree, use->consumer)) add_success(module, tests, use->consumer);
    break;
  case USE_ARGUMENT:
    if (use_asks(module, use)) add_success(module, tests, use->consumer);
    break;
  case USE_CONTAINED:
    if (is_part_of_subject(tree, use)) add_success(module, tests, use->consumer);
    break;
  default:
    break;
  }
}

static int compare_tests(const void *a, const void *b) {
  Node left = ((const ElementTest *)a)->test, right = ((const ElementTest *)b)->test;
  return left < right ? -1 : left > right;
}

/* `a < e < b` uses the element twice in one test. */
static void drop_repeated(ElementTests *tests) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < tests->count; i++) {
    bool is_repeated = kept > 0 && tests->items[kept - 1].test == tests->items[i].test;
    if (!is_repeated) tests->items[kept++] = tests->items[i];
  }
  tests->count = kept;
}

ElementTests element_tests(Module *module, Element element) {
  ElementTests tests = { 0 };
  Uses uses = element_uses(module, element);
  for (uint32_t i = 0; i < uses.count; i++) add_use_test(module, &tests, &uses.items[i]);
  if (tests.count > 1) qsort(tests.items, tests.count, sizeof(ElementTest), compare_tests);
  drop_repeated(&tests);
  return tests;
}
