#include "flow_support.h"

/* ---- exceptions ---- */

static void errors_go_to_every_handler_that_may_catch_them(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f():\n  try:\n    a()\n  except ValueError:\n    b()\n  "
                   "except KeyError:\n    c()\n  d()\n");
  assert_true(
    has_edge(module, node_at(module, "a()", 0), EDGE_ERROR, node_of(module, KIND_EXCEPT_CLAUSE, 0))
  );
  assert_true(
    has_edge(module, node_at(module, "a()", 0), EDGE_ERROR, node_of(module, KIND_EXCEPT_CLAUSE, 1))
  );
  assert_true(leads_out(module, "a()", EDGE_ERROR, POINT_RAISE));
  assert_true(reaches(module, "b()", "d()", EDGES_NORMAL));
  assert_true(leads_out(module, "b()", EDGE_ERROR, POINT_RAISE));
  assert_false(
    has_edge(module, node_at(module, "b()", 0), EDGE_ERROR, node_of(module, KIND_EXCEPT_CLAUSE, 1))
  );
}

static void errors_stop_at_a_handler_that_catches_all(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f():\n  try:\n    try:\n      a()\n    except ValueError:\n      "
                   "b()\n  except Exception:\n    c()\n  else:\n    d()\n");
  assert_true(
    has_edge(module, node_at(module, "a()", 0), EDGE_ERROR, node_of(module, KIND_EXCEPT_CLAUSE, 0))
  );
  assert_true(
    has_edge(module, node_at(module, "a()", 0), EDGE_ERROR, node_of(module, KIND_EXCEPT_CLAUSE, 1))
  );
  assert_false(leads_out(module, "a()", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "d()", EDGE_ERROR, POINT_RAISE)); /* else is not guarded */
  assert_true(reaches(module, "b()", "d()", EDGES_NORMAL));
}

static void cancellation_goes_to_the_first_handler_that_catches_it(void **state) {
  (void)state;
  Module *module = checked_module(
    IMPORTS
    "async def f():\n  try:\n    try:\n      await a()\n    except Exception:\n      b()\n"
    "  except (asyncio.CancelledError, OSError):\n    c()\n  except BaseException:\n    d()\n"
  );
  Node await = node_of(module, KIND_AWAIT, 0);
  assert_false(has_edge(module, await, EDGE_CANCEL, node_of(module, KIND_EXCEPT_CLAUSE, 0)));
  assert_true(has_edge(module, await, EDGE_CANCEL, node_of(module, KIND_EXCEPT_CLAUSE, 1)));
  assert_false(has_edge(module, await, EDGE_CANCEL, node_of(module, KIND_EXCEPT_CLAUSE, 2)));
  assert_false(leads_out(module, "await a()", EDGE_CANCEL, POINT_RAISE));
  assert_true(is_reachable(module, "d()"));
}

static void exception_catches_cancellation_before_3_8(void **state) {
  (void)state;
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") }, .target = { 7 } };
  Module *module =
    module_with("async def f():\n  try:\n    await a()\n  except Exception:\n    b()\n", &options);
  assert_true(has_edge(
    module, node_of(module, KIND_AWAIT, 0), EDGE_CANCEL, node_of(module, KIND_EXCEPT_CLAUSE, 0)
  ));
}

static void handlers_are_reached_though_nothing_in_sight_raises(void **state) {
  (void)state;
  Module *module = checked_module(
    IMPORTS
    "async def f(t):\n  try:\n    x = t\n  except NameError:\n    a()\n"
    "  try:\n    t.result()\n  except asyncio.CancelledError:\n    b()\n"
    "  try:\n    t.result()\n  except Exception:\n    c()\n  except KeyboardInterrupt:\n    d()\n"
    "  try:\n    t.result()\n  except:\n    e()\n  except ValueError:\n    g()\n"
  );
  assert_true(is_reachable(module, "a()"));
  assert_true(is_reachable(module, "b()"));
  assert_true(is_reachable(module, "d()"));
  assert_false(is_reachable(module, "g()"));
  assert_false(leads_out(module, "x = t", EDGE_ERROR, POINT_RAISE));
}

static void raise_goes_the_way_of_what_it_raises(void **state) {
  (void)state;
  Module *module =
    checked_module(IMPORTS
                   "async def f():\n"
                   "  try:\n    await a()\n  except asyncio.CancelledError:\n    one()\n    raise\n"
                   "  try:\n    await a()\n  except BaseException as e:\n    two()\n    raise e\n"
                   "  try:\n    await a()\n  except ValueError:\n    raise KeyError from None\n"
                   "  if b:\n    raise asyncio.CancelledError('x')\n"
                   "  try:\n    await a()\n  except Exception:\n    pass\n  except "
                   "BaseException:\n    with c: raise\n");
  Node first = node_of(module, KIND_RAISE_STATEMENT, 0),
       last = node_of(module, KIND_RAISE_STATEMENT, 4);
  const Flow *flow = flow_at(module, first);
  Node out = flow->points[flow->raise_exit].node;
  assert_true(has_edge(module, first, EDGE_CANCEL, out));
  assert_false(has_edge(module, first, EDGE_ERROR, out));
  assert_true(leads_out(module, "raise e", EDGE_CANCEL, POINT_RAISE));
  assert_true(leads_out(module, "raise e", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "raise KeyError from None", EDGE_ERROR, POINT_RAISE));
  assert_false(leads_out(module, "raise KeyError from None", EDGE_CANCEL, POINT_RAISE));
  assert_true(leads_out(module, "raise asyncio.CancelledError('x')", EDGE_CANCEL, POINT_RAISE));
  assert_false(leads_out(module, "raise asyncio.CancelledError('x')", EDGE_ERROR, POINT_RAISE));
  assert_true(has_edge(module, last, EDGE_CANCEL, node_of(module, KIND_WITH_ITEM, 0)));
  assert_false(has_edge(module, last, EDGE_ERROR, node_of(module, KIND_WITH_ITEM, 0)));
}

/* ---- finally ---- */

static void finally_is_copied_for_each_way(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f():\n  for x in xs:\n    try:\n      if a: return\n      "
                   "if b: break\n      if c: continue\n      await d()\n"
                   "    finally:\n      close()\n    after()\n  behind()\n");
  Node close = node_at(module, "close()", 0);
  const Flow *flow = flow_at(module, close);
  assert_int_equal(count_points(flow, POINT_FINALLY, node_of(module, KIND_FINALLY_CLAUSE, 0)), 6);
  uint32_t copies = 0;
  for (Point point = flow_point(flow, close); point != POINT_NONE; point = flow->next_copy[point])
    copies++;
  assert_int_equal(copies, 6);
  assert_true(leads(module, "close()", EDGE_NEXT, "after()"));
  assert_true(leads(module, "close()", EDGE_NEXT, "behind()"));
  assert_true(leads_out(module, "close()", EDGE_NEXT, POINT_RETURN));
  assert_true(leads_out(module, "close()", EDGE_ERROR, POINT_RAISE));
  assert_true(leads_out(module, "close()", EDGE_CANCEL, POINT_RAISE));
  assert_false(reaches(module, "return", "after()", EDGES_NORMAL));
  assert_false(reaches(module, "return", "behind()", EDGES_NORMAL));
  assert_true(reaches(module, "return", "close()", EDGES_NORMAL));
  assert_true(reaches(module, "break", "behind()", EDGES_NORMAL));
  assert_false(reaches(module, "break", "after()", EDGES_NORMAL));
  assert_true(reaches(module, "continue", "after()", EDGES_NORMAL)); /* in a later round */
}

static void cancellation_passes_every_finally_and_nothing_else(void **state) {
  (void)state;
  Module *module = checked_module("async def f():\n  try:\n    try:\n      await a()\n    except "
                                  "Exception:\n      handled()\n    finally:\n      inner()\n"
                                  "    between()\n  finally:\n    outer()\n  after()\n");
  assert_true(reaches(module, "await a()", "inner()", EDGE_CANCEL | EDGE_NEXT));
  assert_true(reaches(module, "await a()", "outer()", EDGE_CANCEL | EDGE_NEXT));
  const Flow *flow = flow_at(module, node_at(module, "await a()", 0));
  const FlowPoint *await = &flow->points[flow_point(flow, node_at(module, "await a()", 0))];
  Point finally = POINT_NONE;
  for (uint32_t i = await->first_edge; i < await->first_edge + await->edge_count; i++)
    if (flow->edges[i].kind == EDGE_CANCEL) finally = flow->edges[i].to;
  assert_int_equal(flow->points[finally].kind, POINT_FINALLY);
  assert_int_equal(flow->points[finally].node, node_of(module, KIND_FINALLY_CLAUSE, 0));
  /* Nothing but the two finally bodies lies on that way. */
  Point expected[] = { 0, 0, 0, 0 };
  uint32_t steps = 0;
  for (Point point = finally; point != flow->raise_exit; steps++) {
    assert_true(steps < 4);
    const FlowPoint *of = &flow->points[point];
    expected[steps] = point;
    EdgeKind wanted = of->kind == POINT_FINALLY ? EDGE_NEXT : EDGE_CANCEL;
    Point next = POINT_NONE;
    for (uint32_t i = of->first_edge; i < of->first_edge + of->edge_count; i++)
      if (flow->edges[i].kind == wanted) next = flow->edges[i].to;
    assert_int_not_equal(next, POINT_NONE);
    point = next;
  }
  assert_int_equal(steps, 4);
  assert_int_equal(flow->points[expected[2]].node, node_of(module, KIND_FINALLY_CLAUSE, 1));
}

static void finally_that_jumps_takes_over(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f():\n  try:\n    await a()\n  finally:\n    return 1\n  after()\n");
  assert_false(is_reachable(module, "after()"));
  assert_false(leads_out(module, "return 1", EDGE_CANCEL, POINT_RAISE));
  assert_true(leads_out(module, "return 1", EDGE_NEXT, POINT_RETURN));
}

static void handlers_pass_their_finally(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f():\n  try:\n    a()\n  except ValueError:\n    await "
                   "b()\n    raise\n  else:\n    c()\n  finally:\n    d()\n  e()\n");
  Nodes stops = { 0 };
  vec_push(module->arena, &stops, node_at(module, "d()", 0));
  assert_false(flow_escapes(module, node_at(module, "await b()", 0), &stops, EDGES_ALL));
  assert_false(flow_escapes(module, node_at(module, "c()", 0), &stops, EDGES_ALL));
  assert_false(reaches(module, "await b()", "e()", EDGES_ALL));
}

/* ---- with ---- */

static void with_enters_and_leaves(void **state) {
  (void)state;
  Module *module =
    checked_module("async def f():\n  with a() as x, b():\n    if c: return\n    d()\n  e()\n");
  Node first = node_of(module, KIND_WITH_ITEM, 0), second = node_of(module, KIND_WITH_ITEM, 1);
  const Flow *flow = flow_at(module, first);
  assert_int_equal(kind_at(module, first), POINT_ENTER);
  assert_true(has_edge(module, first, EDGE_NEXT, second));
  assert_int_equal(flow_point(flow, node_at(module, "x", 0)), flow_point(flow, first));
  assert_int_equal(
    flow_point(flow, node_of(module, KIND_WITH_STATEMENT, 0)), flow_point(flow, first)
  );
  assert_int_equal(count_points(flow, POINT_LEAVE, second), 3);        /* on, return, error */
  assert_true(leads_out(module, "a() as x", EDGE_ERROR, POINT_RAISE)); /* not entered, not left */
  assert_true(has_edge(module, second, EDGE_ERROR, first));            /* the first one is left */
  assert_true(has_edge(module, node_at(module, "d()", 0), EDGE_NEXT, second));
  assert_false(flow_suspends_after(module, first));
}

static void async_with_suspends_on_entering_and_leaving(void **state) {
  (void)state;
  Module *module = checked_module("async def f():\n  async with a(b()):\n    c()\n  d()\n");
  Node item = node_of(module, KIND_WITH_ITEM, 0);
  const Flow *flow = flow_at(module, item);
  Point enter = flow_point(flow, item);
  assert_int_equal(flow->points[enter].kind, POINT_SUSPEND);
  assert_false(flow->points[enter].is_leaving);
  assert_int_equal(flow->next_copy[enter], POINT_NONE);
  assert_int_equal(flow_point(flow, node_at(module, "b()", 0)), enter);
  uint32_t leaving = 0;
  for (Point point = 0; point < flow->count; point++) leaving += flow->points[point].is_leaving;
  assert_int_equal(leaving, 2); /* on, and the error of c() */
  assert_true(flow_suspends_after(module, node_at(module, "c()", 0)));
  assert_false(flow_suspends_after(module, node_at(module, "d()", 0)));
  assert_true(leads_out(module, "a(b())", EDGE_CANCEL, POINT_RAISE));
}

static void suppress_goes_on_behind_its_block(void **state) {
  (void)state;
  Module *module =
    checked_module(IMPORTS "async def f(t):\n  with contextlib.suppress(asyncio.CancelledError):\n "
                           "   await t\n    b()\n  c()\n"
                           "  with contextlib.suppress(ValueError):\n    await u\n  d()\n");
  Node item = node_of(module, KIND_WITH_ITEM, 0);
  const Flow *flow = flow_at(module, item);
  assert_int_equal(count_points(flow, POINT_CATCH, item), 1);
  assert_true(has_edge(module, node_at(module, "await t", 0), EDGE_CANCEL, item));
  assert_true(reaches(module, "await t", "c()", EDGE_CANCEL | EDGE_NEXT));
  assert_false(leads_out(module, "await t", EDGE_CANCEL, POINT_RAISE));
  Node other = node_of(module, KIND_WITH_ITEM, 1);
  assert_int_equal(count_points(flow, POINT_CATCH, other), 1);
  assert_int_equal(count_points(flow, POINT_LEAVE, other), 3); /* on, error, cancel */
}

static void cancellation_passes_suppress_and_finally_to_its_handler(void **state) {
  (void)state;
  Module *module =
    checked_module(IMPORTS "async def f():\n  while True:\n    try:\n      with "
                           "contextlib.suppress(ValueError):\n        try:\n"
                           "          await a()\n        finally:\n          b()\n    "
                           "except asyncio.CancelledError:\n      c()\n    d()\n");
  Nodes stops = { 0 };
  vec_push(module->arena, &stops, node_at(module, "b()", 0));
  assert_true(reaches(module, "await a()", "c()", EDGE_CANCEL | EDGE_NEXT));
  assert_true(reaches(module, "c()", "await a()", EDGES_NORMAL)); /* round the loop */
  assert_false(flow_escapes(module, node_at(module, "await a()", 0), &stops, EDGES_ALL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(errors_go_to_every_handler_that_may_catch_them),
    cmocka_unit_test(errors_stop_at_a_handler_that_catches_all),
    cmocka_unit_test(cancellation_goes_to_the_first_handler_that_catches_it),
    cmocka_unit_test(exception_catches_cancellation_before_3_8),
    cmocka_unit_test(handlers_are_reached_though_nothing_in_sight_raises),
    cmocka_unit_test(raise_goes_the_way_of_what_it_raises),
    cmocka_unit_test(finally_is_copied_for_each_way),
    cmocka_unit_test(cancellation_passes_every_finally_and_nothing_else),
    cmocka_unit_test(finally_that_jumps_takes_over),
    cmocka_unit_test(handlers_pass_their_finally),
    cmocka_unit_test(with_enters_and_leaves),
    cmocka_unit_test(async_with_suspends_on_entering_and_leaving),
    cmocka_unit_test(suppress_goes_on_behind_its_block),
    cmocka_unit_test(cancellation_passes_suppress_and_finally_to_its_handler),
  };
  return cmocka_run_group_tests_name("flow_exception", tests, NULL, NULL);
}
