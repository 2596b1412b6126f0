#include "flow_support.h"

/* ---- steps ---- */

static void statements_follow_one_another(void **state) {
  (void)state;
  Module *module = checked_module("async def f():\n  a()\n  b = 1\n  c()\n");
  assert_true(leads(module, "a()", EDGE_NEXT, "b = 1"));
  assert_true(leads(module, "b = 1", EDGE_NEXT, "c()"));
  assert_true(leads_out(module, "c()", EDGE_NEXT, POINT_RETURN));
  const Flow *flow = flow_at(module, node_at(module, "a()", 0));
  assert_int_equal(flow->points[flow->entry].kind, POINT_ENTRY);
  assert_int_equal(flow->points[flow->normal_exit].kind, POINT_RETURN);
  assert_int_equal(flow->points[flow->raise_exit].kind, POINT_RAISE);
}

static void await_suspends_before_its_statement_is_evaluated(void **state) {
  (void)state;
  Module *module = checked_module("async def f():\n  x = await g(h(), k)\n");
  Node await = node_of(module, KIND_AWAIT, 0),
       statement = node_of(module, KIND_EXPRESSION_STATEMENT, 0);
  const Flow *flow = flow_at(module, await);
  assert_int_equal(kind_at(module, await), POINT_SUSPEND);
  assert_int_equal(kind_at(module, statement), POINT_EVALUATE);
  assert_true(has_edge(module, await, EDGE_NEXT, statement));
  assert_int_equal(flow_point(flow, node_at(module, "h()", 0)), flow_point(flow, await));
  assert_int_equal(flow_point(flow, node_at(module, "x", 0)), flow_point(flow, statement));
}

static void only_what_can_fail_has_an_error_edge(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f(a):\n  x = a\n  y = a.b\n  z = a is None\n  w = a == 1\n"
                   "  v: list[int] = []\n  pass\n  a + 1\n  a[0] = x\n  import os\n  p, q = a\n");
  assert_false(leads_out(module, "x = a", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "y = a.b", EDGE_ERROR, POINT_RAISE));
  assert_false(leads_out(module, "z = a is None", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "w = a == 1", EDGE_ERROR, POINT_RAISE));
  assert_false(leads_out(module, "v: list[int] = []", EDGE_ERROR, POINT_RAISE));
  assert_false(leads_out(module, "pass", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "a + 1", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "a[0] = x", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "import os", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "p, q = a", EDGE_ERROR, POINT_RAISE));
}

static void only_suspensions_can_be_cancelled(void **state) {
  (void)state;
  Module *module = checked_module("async def f():\n  a()\n  await b()\n  yield 1\n");
  assert_false(leads_out(module, "a()", EDGE_CANCEL, POINT_RAISE));
  assert_true(leads_out(module, "await b()", EDGE_CANCEL, POINT_RAISE));
  assert_true(leads_out(module, "await b()", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "yield 1", EDGE_CANCEL, POINT_RAISE));
  assert_int_equal(kind_at(module, node_of(module, KIND_YIELD, 0)), POINT_SUSPEND);
}

/* ---- conditions ---- */

static void conditions_are_decomposed(void **state) {
  (void)state;
  Module *module = checked_module("async def f():\n  if aa and not bb or cc:\n    yes()\n  no()\n");
  assert_true(leads(module, "aa", EDGE_TRUE, "bb"));
  assert_true(leads(module, "aa", EDGE_FALSE, "cc"));
  assert_true(leads(module, "bb", EDGE_TRUE, "cc"));
  assert_true(leads(module, "bb", EDGE_FALSE, "yes()"));
  assert_true(leads(module, "cc", EDGE_TRUE, "yes()"));
  assert_true(leads(module, "cc", EDGE_FALSE, "no()"));
  const Flow *flow = flow_at(module, node_at(module, "aa", 0));
  Point first = flow_point(flow, node_at(module, "aa", 0));
  assert_int_equal(flow_point(flow, node_of(module, KIND_IF_STATEMENT, 0)), first);
  assert_int_equal(flow_point(flow, node_of(module, KIND_BOOLEAN_OPERATOR, 0)), first);
  assert_int_equal(kind_at(module, node_at(module, "aa", 0)), POINT_TEST);
}

static void elif_and_else_are_tried_in_order(void **state) {
  (void)state;
  Module *module = checked_module(
    "async def f():\n  if aa:\n    a()\n  elif await b():\n    c()\n  else:\n    d()\n  e()\n"
  );
  Node await = node_of(module, KIND_AWAIT, 0);
  assert_true(has_edge(module, node_at(module, "aa", 0), EDGE_FALSE, await));
  assert_true(has_edge(module, await, EDGE_NEXT, await)); /* its test */
  assert_true(reaches(module, "await b()", "c()", EDGES_NORMAL));
  assert_true(reaches(module, "await b()", "d()", EDGES_NORMAL));
  assert_false(reaches(module, "a()", "d()", EDGES_ALL));
  assert_true(leads(module, "a()", EDGE_NEXT, "e()"));
  assert_true(leads(module, "d()", EDGE_NEXT, "e()"));
}

static void constant_conditions_have_one_way(void **state) {
  (void)state;
  Module *module = checked_module("async def f():\n  if False:\n    a()\n  if not 0:\n    b()\n  "
                                  "else:\n    c()\n  while 1:\n    await d()\n  e()\n");
  assert_false(is_reachable(module, "a()"));
  assert_true(is_reachable(module, "b()"));
  assert_false(is_reachable(module, "c()"));
  assert_true(is_reachable(module, "await d()"));
  assert_false(is_reachable(module, "e()"));
}

static void conditional_expressions_branch_in_any_position(void **state) {
  (void)state;
  Module *module = checked_module("async def f(xx, cc):\n  g(await xx() if cc else yy)\n  h()\n");
  Node test = node_at(module, "cc", 1);
  assert_int_equal(kind_at(module, test), POINT_TEST);
  assert_true(has_edge(module, test, EDGE_TRUE, node_of(module, KIND_AWAIT, 0)));
  assert_true(has_edge(module, test, EDGE_FALSE, node_at(module, "yy", 0)));
  assert_true(has_edge(
    module, node_of(module, KIND_AWAIT, 0), EDGE_NEXT, node_of(module, KIND_EXPRESSION_STATEMENT, 0)
  ));
  assert_false(reaches(module, "yy", "await xx()", EDGES_ALL));
}

static void boolean_values_branch(void **state) {
  (void)state;
  Module *module = checked_module("async def f(aa):\n  x = is_bad(aa) and await b() or c()\n");
  Node test = node_at(module, "is_bad(aa)", 0), await = node_of(module, KIND_AWAIT, 0);
  assert_int_equal(kind_at(module, test), POINT_TEST);
  assert_true(has_edge(module, test, EDGE_TRUE, await));
  assert_true(has_edge(module, test, EDGE_FALSE, node_at(module, "c()", 0)));
  assert_true(reaches(module, "await b()", "c()", EDGES_NORMAL));
  assert_int_equal(kind_at(module, node_at(module, "c()", 0)), POINT_EVALUATE);
}

static void assertions_branch(void **state) {
  (void)state;
  Module *module = checked_module("async def f(aa):\n  assert aa, await g()\n  h()\n");
  assert_true(leads_out(module, "h()", EDGE_NEXT, POINT_RETURN));
  Node test = node_at(module, "aa", 1);
  assert_true(has_edge(module, test, EDGE_FALSE, node_of(module, KIND_AWAIT, 0)));
  assert_false(reaches(module, "await g()", "h()", EDGES_ALL));
  assert_true(flow_escapes(module, test, &(Nodes){ 0 }, EDGES_NORMAL | EDGE_ERROR));
}

static void match_tries_its_cases_in_order(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f(x):\n  match await g(x):\n    case 1 if await h():\n     "
                   " a()\n    case [p, *q]:\n      b()\n"
                   "    case other:\n      c()\n    case 5:\n      d()\n  e()\n");
  Node first = node_of(module, KIND_CASE_CLAUSE, 0), second = node_of(module, KIND_CASE_CLAUSE, 1);
  Node third = node_of(module, KIND_CASE_CLAUSE, 2);
  assert_true(has_edge(module, first, EDGE_TRUE, node_at(module, "await h()", 0)));
  assert_true(has_edge(module, first, EDGE_FALSE, second));
  assert_true(reaches(module, "await h()", "b()", EDGES_NORMAL)); /* the guard may refuse */
  assert_true(has_edge(module, second, EDGE_FALSE, third));
  assert_true(has_edge(module, third, EDGE_TRUE, node_of(module, KIND_EXPRESSION_STATEMENT, 2)));
  assert_false(is_reachable(module, "d()"));
  assert_false(reaches(module, "a()", "c()", EDGES_ALL));
  assert_true(reaches(module, "c()", "e()", EDGES_NORMAL));
}

/* ---- loops ---- */

static void loops_go_round_and_end(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f(xs):\n  for x in make(xs):\n    if aa: break\n    if bb: "
                   "continue\n    c()\n  else:\n    d()\n  e()\n");
  Node loop = node_of(module, KIND_FOR_STATEMENT, 0);
  assert_int_equal(kind_at(module, loop), POINT_ITERATE);
  assert_true(has_edge(module, loop, EDGE_TRUE, node_at(module, "aa", 0)));
  assert_true(reaches(module, "c()", "aa", EDGES_NORMAL));
  assert_true(reaches(module, "continue", "c()", EDGES_NORMAL));
  assert_true(leads(module, "break", EDGE_NEXT, "e()"));
  assert_false(reaches(module, "break", "d()", EDGES_ALL));
  assert_true(leads(module, "d()", EDGE_NEXT, "e()"));
  assert_false(reaches(module, "c()", "make(xs)", EDGES_ALL)); /* evaluated once */
}

static void while_evaluates_its_condition_each_time(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f():\n  while await a() and bb:\n    c()\n  else:\n    d()\n");
  assert_true(reaches(module, "c()", "await a()", EDGES_NORMAL));
  assert_true(reaches(module, "await a()", "await a()", EDGES_NORMAL));
  assert_true(leads(module, "bb", EDGE_FALSE, "d()"));
  assert_false(reaches(module, "d()", "c()", EDGES_ALL));
}

static void async_for_suspends_each_round(void **state) {
  (void)state;
  Module *module = checked_module("async def f(xs):\n  async for x in xs():\n    a()\n  b()\n");
  Node loop = node_of(module, KIND_FOR_STATEMENT, 0);
  const Flow *flow = flow_at(module, loop);
  assert_int_equal(kind_at(module, loop), POINT_SUSPEND);
  assert_int_equal(count_points(flow, POINT_ITERATE, loop), 1);
  assert_true(flow_suspends_after(module, node_at(module, "a()", 0)));
  assert_false(flow_suspends_after(module, node_at(module, "b()", 0)));
  assert_true(leads(module, "a()", EDGE_NEXT, "async for x in xs():\n    a()"));
}

static void comprehensions_are_loops(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f(xs):\n  y = [await g(x) for x in first(xs) if aa async "
                   "for z in second(x)]\n  end()\n");
  Node first = node_of(module, KIND_FOR_IN_CLAUSE, 0),
       second = node_of(module, KIND_FOR_IN_CLAUSE, 1);
  assert_int_equal(kind_at(module, first), POINT_ITERATE);
  assert_int_equal(kind_at(module, second), POINT_SUSPEND);
  assert_true(has_edge(module, first, EDGE_TRUE, node_at(module, "aa", 0)));
  assert_true(has_edge(module, node_at(module, "aa", 0), EDGE_FALSE, first));
  assert_true(reaches(module, "await g(x)", "await g(x)", EDGES_NORMAL));
  assert_true(reaches(module, "await g(x)", "second(x)", EDGES_NORMAL));
  assert_false(reaches(module, "await g(x)", "first(xs)", EDGES_ALL));
  assert_true(reaches(module, "first(xs)", "end()", EDGES_NORMAL));
  const Flow *flow = flow_at(module, first);
  assert_int_not_equal(flow_point(flow, node_of(module, KIND_LIST_COMPREHENSION, 0)), POINT_NONE);
}

/* ---- what is not reached, what is not of the function ---- */

static void code_behind_an_end_has_no_points(void **state) {
  (void)state;
  Module *module = checked_module(
    IMPORTS "async def f():\n  if x:\n    return\n    a()\n  elif y:\n    raise z\n    b()\n  elif "
            "w:\n    sys.exit(1)\n    c()\n"
            "  else:\n    await bail()\n    d()\n  e()\nasync def bail():\n  raise ValueError\n"
  );
  assert_false(is_reachable(module, "a()"));
  assert_false(is_reachable(module, "b()"));
  assert_false(is_reachable(module, "c()"));
  assert_false(is_reachable(module, "d()"));
  assert_false(is_reachable(module, "e()"));
  assert_true(leads_out(module, "sys.exit(1)", EDGE_ERROR, POINT_RAISE));
  assert_false(leads_out(module, "sys.exit(1)", EDGE_NEXT, POINT_RETURN));
}

static void nested_functions_have_graphs_of_their_own(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f():\n  @deco(one())\n  async def g(x=two()):\n    await three()\n  "
                   "h(lambda: four() if five else six())\n  class C:\n    seven = await eight()\n");
  const Flow *outer = flow_at(module, node_at(module, "one()", 0));
  assert_int_equal(flow_point(outer, node_at(module, "await three()", 0)), POINT_NONE);
  assert_int_equal(flow_point(outer, node_at(module, "four()", 0)), POINT_NONE);
  assert_int_not_equal(flow_point(outer, node_at(module, "two()", 0)), POINT_NONE);
  assert_int_not_equal(flow_point(outer, node_at(module, "eight()", 0)), POINT_NONE);
  const Flow *lambda = flow_at(module, node_at(module, "four()", 0));
  assert_ptr_not_equal(lambda, outer);
  assert_true(leads_out(module, "four()", EDGE_NEXT, POINT_RETURN));
  assert_int_equal(kind_at(module, node_at(module, "five", 0)), POINT_TEST);
}

static void module_level_is_a_function(void **state) {
  (void)state;
  Module *module = checked_module("a()\nif b:\n  c()\nd()\n");
  const Flow *flow = module_flow(module, FUNCTION_MODULE);
  assert_int_not_equal(flow_point(flow, node_at(module, "a()", 0)), POINT_NONE);
  assert_true(reaches(module, "c()", "d()", EDGES_NORMAL));
}

/* ---- questions ---- */

static void suspension_after_a_node(void **state) {
  (void)state;
  Module *module = checked_module(
    "async def f():\n  a()\n  if x:\n    b()\n    return\n  await c(d())\n  g()\n  await h()\n"
  );
  assert_true(flow_suspends_after(module, node_at(module, "a()", 0)));
  assert_false(flow_suspends_after(module, node_at(module, "b()", 0)));
  assert_true(flow_suspends_after(module, node_at(module, "d()", 0)));
  assert_false(flow_suspends_after(module, node_at(module, "await h()", 0)));
  assert_true(flow_suspends_after(module, node_at(module, "h()", 0)));
}

static void order_inside_a_step(void **state) {
  (void)state;
  Module *module = checked_module("async def f():\n  x = g(h(), k())\n");
  assert_true(reaches(module, "h()", "k()", EDGES_NORMAL));
  assert_false(reaches(module, "k()", "h()", EDGES_NORMAL));
  assert_true(reaches(module, "h()", "g(h(), k())", EDGES_NORMAL));
  assert_false(reaches(module, "g(h(), k())", "h()", EDGES_NORMAL));
  assert_true(reaches(module, "h()", "x", EDGES_NORMAL));
  assert_false(reaches(module, "x", "h()", EDGES_NORMAL));
}

static void escapes_of_a_resource(void **state) {
  (void)state;
  Module *module = checked_module(
    "async def f():\n  s = make()\n  if early:\n    return\n  await use(s)\n  s.close()\n"
    "async def g():\n  t = make2()\n  try:\n    await use(t)\n  finally:\n    t.close()\n"
  );
  Nodes stops = { 0 };
  vec_push(module->arena, &stops, node_at(module, "s.close()", 0));
  assert_true(flow_escapes(module, node_at(module, "make()", 0), &stops, EDGES_NORMAL));
  assert_false(flow_escapes(module, node_at(module, "await use(s)", 0), &stops, EDGES_NORMAL));
  assert_true(flow_escapes(module, node_at(module, "use(s)", 0), &stops, EDGES_ALL)
  ); /* if the await fails */
  Nodes others = { 0 };
  vec_push(module->arena, &others, node_at(module, "t.close()", 0));
  assert_false(flow_escapes(module, node_at(module, "make2()", 0), &others, EDGES_ALL));
}

typedef struct {
  Module *module;
  uint32_t visited, inner;
  Node cut;
} Visits;

static Walk count_inner(void *state, const Flow *flow, Point point) {
  (void)flow, (void)point;
  ((Visits *)state)->inner++;
  return WALK_ON;
}

static Walk count_visit(void *state, const Flow *flow, Point point) {
  Visits *visits = state;
  visits->visited++;
  /* A walk inside a walk. */
  flow_walk(visits->module, flow, point, EDGES_NORMAL, count_inner, visits);
  return flow->points[point].node == visits->cut ? WALK_CUT : WALK_ON;
}

static void walks_visit_each_point_once(void **state) {
  (void)state;
  Module *module = checked_module("def f():\n  while x:\n    a\n    b\n  c\n");
  const Flow *flow = flow_at(module, node_at(module, "a", 0));
  Visits visits = { .module = module, .cut = NODE_NONE };
  assert_false(flow_walk(module, flow, flow->entry, EDGES_NORMAL, count_visit, &visits));
  assert_int_equal(visits.visited, 5); /* x a b c, the end */
  assert_true(visits.inner > visits.visited);
  Visits back = { .module = module, .cut = NODE_NONE };
  assert_false(flow_walk_back(module, flow, flow->normal_exit, EDGES_NORMAL, count_visit, &back));
  assert_int_equal(back.visited, 5);
  Visits cut = { .module = module, .cut = node_of(module, KIND_EXPRESSION_STATEMENT, 0) };
  flow_walk(module, flow, flow_point(flow, node_at(module, "x", 0)), EDGE_TRUE, count_visit, &cut);
  assert_int_equal(cut.visited, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(statements_follow_one_another),
    cmocka_unit_test(await_suspends_before_its_statement_is_evaluated),
    cmocka_unit_test(only_what_can_fail_has_an_error_edge),
    cmocka_unit_test(only_suspensions_can_be_cancelled),
    cmocka_unit_test(conditions_are_decomposed),
    cmocka_unit_test(elif_and_else_are_tried_in_order),
    cmocka_unit_test(constant_conditions_have_one_way),
    cmocka_unit_test(conditional_expressions_branch_in_any_position),
    cmocka_unit_test(boolean_values_branch),
    cmocka_unit_test(assertions_branch),
    cmocka_unit_test(match_tries_its_cases_in_order),
    cmocka_unit_test(loops_go_round_and_end),
    cmocka_unit_test(while_evaluates_its_condition_each_time),
    cmocka_unit_test(async_for_suspends_each_round),
    cmocka_unit_test(comprehensions_are_loops),
    cmocka_unit_test(code_behind_an_end_has_no_points),
    cmocka_unit_test(nested_functions_have_graphs_of_their_own),
    cmocka_unit_test(module_level_is_a_function),
    cmocka_unit_test(suspension_after_a_node),
    cmocka_unit_test(order_inside_a_step),
    cmocka_unit_test(escapes_of_a_resource),
    cmocka_unit_test(walks_visit_each_point_once),
  };
  return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
