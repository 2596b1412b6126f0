#include "python/caches.h"
#include "python/element_uses.h"
#include "python/flow.h"
#include "python/name.h"
#include "python/reach.h"
#include "python/tell.h"

#include "python/asyncio_call.h"

/* What the walk does at a point. */
enum {
  MARK_BOUND = 1 << 0,   /* the name gets another value: the paths end behind it */
  MARK_SETTLED = 1 << 1, /* tested in a way that settles what it is: the paths end before it */
  MARK_NO_TRUE = 1 << 2, /* an exception does not go along the true edge */
  MARK_NO_FALSE = 1 << 3,
  MARK_SEEN = 1 << 4,
};

typedef struct {
  Module *module;
  const Flow *flow;
  Element element;
  Node test; /* NODE_NONE: any use without a test before it */
  Uses uses;
  ElementTests tests;
  uint8_t *marks; /* per point */
  Vec(Point) queue;
} Search;

static bool is_reported_only(Module *module, Node container) {
  Uses uses = uses_of(module, container);
  for (uint32_t i = 0; i < uses.count; i++) {
    const Use *use = &uses.items[i];
    bool is_text =
      use->kind == USE_FORMATTED || (use->kind == USE_ARGUMENT && use_only_tells(module, use));
    if (!is_text) return false;
  }
  return uses.count > 0;
}

static bool is_value_argument(Module *module, const Use *use) {
  if (use_asks(module, use)) return false;
  bool is_call = tree_is(&module->tree, use->consumer, KIND_CALL);
  if (is_call && name_is(module, call_function(module, use->consumer), "len")) return true;
  return !use_only_tells(module, use);
}

/* True if the use takes the element for a result. */
static bool is_value_use(Module *module, const Use *use) {
  switch (use->kind) {
  case USE_SUBSCRIPTED:
  case USE_ATTRIBUTE:
  case USE_METHOD:
  case USE_CALLED:
  case USE_ITERATED:
  case USE_UNPACKED:
  case USE_OPERATED:
  case USE_STORED:
  case USE_RETURNED:
  case USE_YIELDED:
  case USE_AWAITED:
  case USE_ENTERED:
    return true;
  case USE_COMPARED:
    return is_ordering(&module->tree, use->consumer);
  case USE_CONTAINED:
    if (tree_is(&module->tree, tree_parent(&module->tree, use->consumer), KIND_MATCH_STATEMENT))
      return false;
    return !is_reported_only(module, use->consumer);
  case USE_ARGUMENT:
    return is_value_argument(module, use);
  default:
    return false;
  }
}

/* The function whose graph evaluates the element. */
static FunctionId home_of(const Module *module, Element element) {
  if (!element.is_name) return module_function_of(module, element.node);
  BindingId id = scopes_binding(&module->scopes, element.node);
  return id == BINDING_NONE ? FUNCTION_NONE
                            : binding_function(module, scopes_get(&module->scopes, id));
}

static void mark(Search *search, Node node, uint8_t bits) {
  Point point = flow_point(search->flow, node);
  for (; point != POINT_NONE; point = search->flow->next_copy[point]) search->marks[point] |= bits;
}

/* The test point that the truth of the node decides, or POINT_NONE: the condition itself, or the
   clause of a pattern. */
static Point deciding_point(const Search *search, Node test) {
  const Tree *tree = &search->module->tree;
  Point point = flow_point(search->flow, test);
  if (point == POINT_NONE || search->flow->points[point].kind != POINT_TEST) return POINT_NONE;
  Node node = search->flow->points[point].node;
  bool is_pattern = tree_is(tree, node, KIND_CASE_CLAUSE) && tree_is(tree, test, KIND_CASE_PATTERN);
  return node == test || is_pattern ? point : POINT_NONE;
}

static bool is_negative(const Tree *tree, Node test) {
  if (!tree_is(tree, test, KIND_COMPARISON_OPERATOR)) return false;
  Str operator= tree_text(tree, tree_child(tree, test, FIELD_OPERATORS));
  return str_is(operator, "!=") || str_starts_with(operator, STR("not")) ||
    str_is(operator, "is not");
}

static bool is_comparison_with_none(const Tree *tree, Node test) {
  return tree_is(tree, test, KIND_COMPARISON_OPERATOR) &&
    tree_is(tree, tree_last_child(tree, test), KIND_NONE_LITERAL);
}

/* The way of an exception past a test that does not settle it: bits of the edges it does not
   take. Exceptions are true and not None. */
static uint8_t closed_edges(const Search *search, const ElementTest *test) {
  const Tree *tree = &search->module->tree;
  bool is_negated = is_negative(tree, test->test);
  if (test->check == CHECK_EXCEPTION || test->check == CHECK_ERROR_CLASS)
    return is_negated ? MARK_NO_FALSE : MARK_NO_TRUE;
  if (is_comparison_with_none(tree, test->test)) return is_negated ? MARK_NO_FALSE : MARK_NO_TRUE;
  return MARK_NO_FALSE;
}

/* True if behind the test nobody takes the element for a result without knowing better. */
static bool settles(const Search *search, const ElementTest *test) {
  if (search->test == NODE_NONE) return true;
  switch (test->check) {
  case CHECK_EXCEPTION:
  case CHECK_ERROR_CLASS:
    return false;
  case CHECK_SUCCESS: {
    const Tree *tree = &search->module->tree;
    bool is_truth =
      tree_is(tree, test->test, KIND_IDENTIFIER) || tree_is(tree, test->test, KIND_SUBSCRIPT);
    return !is_truth && !is_comparison_with_none(tree, test->test);
  }
  default:
    return true;
  }
}

static void mark_tests(Search *search) {
  for (uint32_t i = 0; i < search->tests.count; i++) {
    const ElementTest *test = &search->tests.items[i];
    if (settles(search, test)) {
      mark(search, test->test, MARK_SETTLED);
    } else if (deciding_point(search, test->test) != POINT_NONE) {
      mark(search, test->test, closed_edges(search, test));
    }
  }
}

/* The name gets another value there. */
static void mark_bindings(Search *search) {
  const Scopes *scopes = &search->module->scopes;
  if (!search->element.is_name) return;
  const Binding *binding = scopes_get(scopes, scopes_binding(scopes, search->element.node));
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    Occurrence occurrence = binding->occurrences.items[i];
    bool is_end = occurrence_binds(occurrence.kind) || occurrence.kind == OCCURRENCE_DELETE;
    if (is_end && occurrence.kind != OCCURRENCE_PARAMETER)
      mark(search, occurrence.node, MARK_BOUND);
  }
}

static void go_on(Search *search, Point from, unsigned edges) {
  const FlowPoint *point = &search->flow->points[from];
  for (uint32_t i = 0; i < point->edge_count; i++) {
    Edge edge = search->flow->edges[point->first_edge + i];
    if ((edge.kind & edges) == 0 || (search->marks[edge.to] & MARK_SEEN) != 0) continue;
    search->marks[edge.to] |= MARK_SEEN;
    vec_push(search->module->arena, &search->queue, edge.to);
  }
}

static unsigned open_edges(uint8_t marks) {
  unsigned edges = EDGES_NORMAL;
  if ((marks & MARK_NO_TRUE) != 0) edges &= ~(unsigned)EDGE_TRUE;
  if ((marks & MARK_NO_FALSE) != 0) edges &= ~(unsigned)EDGE_FALSE;
  return edges;
}

/* Requires: the queue holds where the walk starts. Afterwards MARK_SEEN is on every point
   reached. */
static void walk(Search *search) {
  for (uint32_t i = 0; i < search->queue.count; i++) {
    Point point = search->queue.items[i];
    uint8_t marks = search->marks[point];
    if ((marks & (MARK_BOUND | MARK_SETTLED)) == 0) go_on(search, point, open_edges(marks));
  }
}

static bool is_reached(const Search *search, Node node) {
  Point point = flow_point(search->flow, node);
  for (; point != POINT_NONE; point = search->flow->next_copy[point]) {
    if ((search->marks[point] & (MARK_SEEN | MARK_SETTLED)) == MARK_SEEN) return true;
  }
  return false;
}

static Node first_value_use(const Search *search) {
  Node first = NODE_NONE;
  for (uint32_t i = 0; i < search->uses.count; i++) {
    const Use *use = &search->uses.items[i];
    if (use->value < first && is_value_use(search->module, use) && is_reached(search, use->value))
      first = use->value;
  }
  return first;
}

/* Starts on the side of the test where it does not match; false if the test decides no branch. */
static bool start_behind(Search *search, const ElementTest *test) {
  Point point = deciding_point(search, test->test);
  if (point == POINT_NONE) return false;
  go_on(search, point, open_edges(closed_edges(search, test)));
  return true;
}

/* `is_error = isinstance(e, Exception)`: starts where the name is asked. */
static bool start_behind_name(Search *search, const ElementTest *test) {
  bool is_started = false;
  Uses uses = uses_of(search->module, test->test);
  for (uint32_t i = 0; i < uses.count; i++) {
    const Use *use = &uses.items[i];
    if (use->kind != USE_TESTED || use->value == test->test) continue;
    ElementTest named = { .check = test->check, .test = use->value, .type = test->type };
    is_started |= start_behind(search, &named);
  }
  return is_started;
}

/* `filter(lambda e: not isinstance(e, Exception), results)` keeps what is no Exception. */
static Node kept_by_filter(const Search *search, const ElementTest *test) {
  Module *module = search->module;
  const Tree *tree = &module->tree;
  Node call = search->element.origin, negation = tree_parent(tree, test->test);
  bool is_filter =
    tree_is(tree, call, KIND_CALL) && name_is(module, call_function(module, call), "filter");
  bool is_kept = tree_is(tree, negation, KIND_NOT_OPERATOR) &&
    tree_is(tree, tree_parent(tree, negation), KIND_LAMBDA);
  return is_filter && is_kept ? call : NODE_NONE;
}

static void start_at_binding(Search *search) {
  const Flow *flow = search->flow;
  bool is_parameter = search->element.is_name &&
    scopes_occurrence(&search->module->scopes, search->element.node) == OCCURRENCE_PARAMETER;
  bool starts_at_entry = is_parameter || !search->element.is_name;
  Point start = starts_at_entry ? flow->entry : flow_point(flow, search->element.node);
  if (start == POINT_NONE) return;
  bool is_loop = flow->points[start].kind == POINT_ITERATE;
  go_on(search, start, is_loop ? EDGE_TRUE : EDGES_NORMAL);
}

static const ElementTest *find_test(const ElementTests *tests, Node test) {
  for (uint32_t i = 0; i < tests->count; i++) {
    if (tests->items[i].test == test) return &tests->items[i];
  }
  return NULL;
}

static Node use_behind(Search *search) {
  const ElementTest *test = find_test(&search->tests, search->test);
  if (test == NULL) return NODE_NONE;
  Node kept = kept_by_filter(search, test);
  if (kept != NODE_NONE) return kept;
  if (!start_behind(search, test) && !start_behind_name(search, test)) return NODE_NONE;
  walk(search);
  return first_value_use(search);
}

/* An element that is a target pattern, or stands in sum(results), is used where it stands. */
static bool is_used_in_place(const Tree *tree, Element element) {
  if (element.is_name) return false;
  Kind kind = tree_kind(tree, element.node);
  return kind == KIND_TUPLE_PATTERN || kind == KIND_LIST_PATTERN || element.origin != element.node;
}

static void prepare(Search *search) {
  Module *module = search->module;
  search->uses = element_uses(module, search->element);
  search->tests = element_tests(module, search->element);
  search->marks = arena_array(module->arena, uint8_t, search->flow->count);
  size_t bytes = search->flow->count + search->uses.count * sizeof(Use) +
    search->tests.count * sizeof(ElementTest);
  effort_spend(module, EFFORT_ELEMENTS, bytes); /* held for the length of the file's life */
  mark_bindings(search);
  mark_tests(search);
}

Node element_value_use(Module *module, Element element, Node test) {
  FunctionId function = home_of(module, element);
  if (function == FUNCTION_NONE || !effort_is_left(module, EFFORT_ELEMENTS)) return NODE_NONE;
  if (is_used_in_place(&module->tree, element)) return test == NODE_NONE ? element.node : NODE_NONE;
  Search search = {
    .module = module, .flow = module_flow(module, function), .element = element, .test = test
  };
  prepare(&search);
  if (test != NODE_NONE) return use_behind(&search);
  start_at_binding(&search);
  walk(&search);
  return first_value_use(&search);
}
