#include "python/outcome.h"

#include "support.h"

#define IMPORTS "import asyncio, anyio, concurrent.futures, contextlib, sys, pytest\n"

/* The outcome of the body of the first function. */
static unsigned outcome_in(const char *text) {
  Module *module = module_of(text);
  return outcome_of(module, module_function(module, 1)->body);
}

static void check_outcome(const char *body, unsigned expected) {
  Str text = str_format(support_arena(), IMPORTS "async def f():\n%s", body);
  unsigned outcome = outcome_in(str_terminated(support_arena(), text));
  if (outcome != expected) print_error("%s", body);
  assert_int_equal(outcome, expected);
}

static void simple_statements(void **state) {
  (void)state;
  check_outcome("  a()\n", OUTCOME_FALLS);
  check_outcome("  return 1\n", OUTCOME_RETURNS);
  check_outcome("  raise a\n", OUTCOME_RAISES);
  check_outcome("  assert False, 'never'\n", OUTCOME_RAISES);
  check_outcome("  assert a\n", OUTCOME_FALLS);
  check_outcome("  return 1\n  raise a\n", OUTCOME_RETURNS);
  check_outcome("  def g():\n    raise a\n", OUTCOME_FALLS);
  check_outcome("  class G:\n    b = 1\n", OUTCOME_FALLS);
  check_outcome("  x = lambda: 1\n  pass\n", OUTCOME_FALLS);
}

static void branches(void **state) {
  (void)state;
  check_outcome("  if a:\n    return\n", OUTCOME_RETURNS | OUTCOME_FALLS);
  check_outcome("  if a:\n    return\n  else:\n    raise b\n", OUTCOME_RETURNS | OUTCOME_RAISES);
  check_outcome(
    "  if a:\n    return\n  elif b:\n    raise c\n  else:\n    d\n",
    OUTCOME_RETURNS | OUTCOME_RAISES | OUTCOME_FALLS
  );
  check_outcome("  if a:\n    return\n  elif b:\n    return\n", OUTCOME_RETURNS | OUTCOME_FALLS);
  check_outcome("  if True:\n    return\n  raise a\n", OUTCOME_RETURNS);
  check_outcome("  if not True:\n    return\n", OUTCOME_FALLS);
  check_outcome(
    "  match a:\n    case 1:\n      return\n    case _:\n      raise b\n",
    OUTCOME_RETURNS | OUTCOME_RAISES
  );
  check_outcome(
    "  match a:\n    case 1:\n      return\n    case [x, _]:\n      raise b\n",
    OUTCOME_RETURNS | OUTCOME_RAISES | OUTCOME_FALLS
  );
  check_outcome("  match a:\n    case x if x:\n      return\n", OUTCOME_RETURNS | OUTCOME_FALLS);
  check_outcome(
    "  match a:\n    case B() as x:\n      return\n    case _ as y:\n      return\n",
    OUTCOME_RETURNS
  );
  check_outcome("  match a:\n    case x,:\n      return\n", OUTCOME_RETURNS | OUTCOME_FALLS);
}

static void loops(void **state) {
  (void)state;
  check_outcome("  while True:\n    a()\n", 0);
  check_outcome("  while True:\n    if a: break\n", OUTCOME_FALLS);
  check_outcome("  while 1:\n    for x in y:\n      break\n    if a: return\n", OUTCOME_RETURNS);
  check_outcome("  while a:\n    return\n", OUTCOME_RETURNS | OUTCOME_FALLS);
  check_outcome("  while a:\n    continue\n  else:\n    return\n", OUTCOME_RETURNS);
  check_outcome("  for x in y:\n    break\n  else:\n    raise a\n", OUTCOME_RAISES | OUTCOME_FALLS);
  check_outcome("  while False:\n    return\n", OUTCOME_FALLS);
  check_outcome("  while True:\n    pass\n  return\n", 0);
  Module *module =
    module_of("for x in y:\n  if a:\n    break\n  elif b:\n    continue\n  raise c\n");
  Node body = tree_child(&module->tree, node_of(module, KIND_FOR_STATEMENT, 0), FIELD_BODY);
  assert_int_equal(outcome_of(module, body), OUTCOME_BREAKS | OUTCOME_CONTINUES | OUTCOME_RAISES);
}

static void tries(void **state) {
  (void)state;
  check_outcome("  try:\n    return\n  except A:\n    raise\n", OUTCOME_RETURNS | OUTCOME_RAISES);
  check_outcome("  try:\n    return\n  except A:\n    pass\n", OUTCOME_RETURNS | OUTCOME_FALLS);
  check_outcome("  try:\n    raise a\n  except Exception:\n    return\n", OUTCOME_RETURNS);
  check_outcome("  try:\n    raise a\n  except A:\n    return\n", OUTCOME_RETURNS | OUTCOME_RAISES);
  check_outcome(
    "  try:\n    a()\n  except:\n    raise\n  else:\n    return\n", OUTCOME_RETURNS | OUTCOME_RAISES
  );
  check_outcome(
    "  try:\n    a()\n  except:\n    pass\n  else:\n    raise b\n", OUTCOME_FALLS | OUTCOME_RAISES
  );
  check_outcome("  try:\n    raise a\n  finally:\n    return\n", OUTCOME_RETURNS);
  check_outcome(
    "  try:\n    return\n  finally:\n    if a: raise b\n", OUTCOME_RETURNS | OUTCOME_RAISES
  );
  check_outcome("  try:\n    return\n  finally:\n    a()\n", OUTCOME_RETURNS);
}

static void withs(void **state) {
  (void)state;
  check_outcome("  with a:\n    return\n", OUTCOME_RETURNS);
  check_outcome("  async with a, b:\n    raise c\n", OUTCOME_RAISES);
  check_outcome("  with contextlib.suppress(Exception):\n    raise c\n", OUTCOME_FALLS);
  check_outcome(
    "  with contextlib.suppress(KeyError):\n    return c[0]\n", OUTCOME_RETURNS | OUTCOME_FALLS
  );
  check_outcome(
    "  with contextlib.suppress(KeyError):\n    raise c\n", OUTCOME_RAISES | OUTCOME_FALLS
  );
  check_outcome(
    "  with pytest.raises(KeyError, match='x'):\n    raise c\n  return\n",
    OUTCOME_RAISES | OUTCOME_RETURNS
  );
}

static void calls_that_never_return(void **state) {
  (void)state;
  check_outcome("  sys.exit(1)\n", OUTCOME_RAISES);
  check_outcome("  exit()\n  return\n", OUTCOME_RAISES);
  check_outcome("  pytest.fail('x')\n", OUTCOME_RAISES);
  check_outcome("  await g()\nasync def g():\n  raise a\n", OUTCOME_RAISES);
  check_outcome("  g()\nasync def g():\n  raise a\n", OUTCOME_FALLS); /* not awaited */
  check_outcome("  g()\ndef g():\n  if a:\n    raise a\n", OUTCOME_FALLS);
  check_outcome("  g()\ndef g():\n  h()\ndef h():\n  sys.exit()\n", OUTCOME_RAISES);
  check_outcome("  g()\n@decorated\ndef g():\n  raise a\n", OUTCOME_FALLS);
  check_outcome("  g()\ndef g():\n  raise NotImplementedError\n", OUTCOME_FALLS); /* a stub */
  check_outcome("  g()\ndef g():\n  yield\n  raise a\n", OUTCOME_FALLS);
  check_outcome(
    "  g()\ndef g():\n  g()\n", OUTCOME_FALLS
  ); /* ends nowhere, but does not hang here */
  check_outcome("  sys = a\n  sys.exit()\n", OUTCOME_FALLS);
}

static void methods_that_never_return(void **state) {
  (void)state;
  Module *module = module_of(
    "class C:\n  async def f(self):\n    self._stop()\n    a()\n  def _stop(self):\n    raise a\n"
    "  def g(self):\n    self.check()\n    a()\n  def check(self):\n    raise a\n"
  );
  assert_int_equal(outcome_of(module, module_function(module, 1)->body), OUTCOME_RAISES);
  assert_int_equal(
    outcome_of(module, module_function(module, 3)->body), OUTCOME_FALLS
  ); /* may be replaced */
}

static void never_returning_patterns_of_the_project(void **state) {
  (void)state;
  static const Str PATTERNS[] = { { "pkg.errors.*", 12 } };
  Vocabulary vocabulary = { .never_return = { PATTERNS, 1 } };
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") },
                            .target = { 8 },
                            .vocabulary = &vocabulary };
  Module *module = module_with("from pkg import errors\ndef f():\n  errors.stop()\n", &options);
  assert_int_equal(outcome_of(module, module_function(module, 1)->body), OUTCOME_RAISES);
}

static void never_returning_methods_of_the_project(void **state) {
  (void)state;
  static const Str PATTERNS[] = { { "*.leave", 7 } };
  Vocabulary vocabulary = { .never_return = { PATTERNS, 1 } };
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") },
                            .target = { 8 },
                            .vocabulary = &vocabulary };
  Module *module = module_with(
    "class A:\n  def leave(self): ...\n  def f(self): self.leave()\n"
    "  def g(self): self.host.leave(1)\n  def h(self): self.believe()\n",
    &options
  );
  assert_int_equal(outcome_of(module, module_function(module, 2)->body), OUTCOME_RAISES);
  assert_int_equal(outcome_of(module, module_function(module, 3)->body), OUTCOME_RAISES);
  assert_int_equal(outcome_of(module, module_function(module, 4)->body), OUTCOME_FALLS);
}

static void functions_of_frameworks_that_never_return(void **state) {
  (void)state;
  Module *module = module_of("from flask import abort\ndef f():\n  abort(404)\n");
  assert_int_equal(outcome_of(module, module_function(module, 1)->body), OUTCOME_RAISES);
}

static void methods_of_libraries_that_never_return(void **state) {
  (void)state;
  static const struct {
    const char *text;
    unsigned outcome;
  } cases[] = {
    { "import click\ndef f(ctx: click.Context):\n  ctx.exit(1)\n", OUTCOME_RAISES },
    { "import typer\ndef f(ctx: 'typer.Context'):\n  ctx.fail('x')\n", OUTCOME_RAISES },
    { "import click\n@click.pass_context\ndef f(ctx):\n  ctx.abort()\n", OUTCOME_RAISES },
    { "import click\ndef f():\n  click.get_current_context().exit()\n", OUTCOME_RAISES },
    { "import click\ndef f():\n  c = click.get_current_context()\n  c.fail('x')\n",
      OUTCOME_RAISES },
    { "import argparse\ndef f():\n  p = argparse.ArgumentParser()\n  p.error('x')\n",
      OUTCOME_RAISES },
    { "import click\ndef f(ctx: click.Context):\n  ctx.invoke(1)\n", OUTCOME_FALLS },
    { "import click\ndef f(ctx: click.Context):\n  ctx = g()\n  ctx.exit()\n", OUTCOME_FALLS },
    { "def f(ctx):\n  ctx.fail(reason='x')\n", OUTCOME_FALLS },
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
    if (outcome_in(cases[i].text) != cases[i].outcome) fail_msg("wrong of %s", cases[i].text);
  }
}

static void helpers_in_handlers_are_known_by_name(void **state) {
  (void)state;
  static const struct {
    const char *statement;
    bool raises;
  } CASES[] = {
    { "reraise(e)", true },
    { "self.raise_for(x)", true },
    { "convert_error(e)", true },
    { "convert_error(x)", false },
    { "self.fail('no')", true },
    { "abort(404)", true },
    { "transport.abort()", false },
    { "await context.abort(1)", true },
    { "job.fail(error=e)", true },
    { "job.fail()", false },
    { "log(e)", false },
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    Str text = str_format(
      support_arena(),
      "async def f(self, x):\n  try:\n    a()\n  except E as e:\n    %s\n",
      CASES[i].statement
    );
    Module *module = module_of(str_terminated(support_arena(), text));
    bool raises = handler_always_raises(module, node_of(module, KIND_EXCEPT_CLAUSE, 0));
    if (raises != CASES[i].raises) print_error("%s\n", CASES[i].statement);
    assert_int_equal(raises, CASES[i].raises);
  }
  check_outcome("  reraise(e)\n", OUTCOME_FALLS); /* not in a handler */
}

static void handlers(void **state) {
  (void)state;
  Module *module = module_of(
    "try:\n  a()\nexcept A:\n  log()\n  raise\nexcept B:\n  if c: raise\nexcept C:\n  pass\n"
    "except D:\n  while True:\n    if x: raise\n"
  );
  Nodes clauses = try_handlers(module, node_of(module, KIND_TRY_STATEMENT, 0));
  assert_int_equal(clauses.count, 4);
  assert_true(handler_always_raises(module, clauses.items[0]));
  assert_false(handler_always_raises(module, clauses.items[1]));
  assert_true(handler_may_raise(module, clauses.items[1]));
  assert_false(handler_may_raise(module, clauses.items[2]));
  assert_true(handler_always_raises(module, clauses.items[3]));
}

static Caught caught_of(Module *module, uint32_t n) {
  return caught_by(module, node_of(module, KIND_EXCEPT_CLAUSE, n));
}

static void caught_classes(void **state) {
  (void)state;
  Module *module = module_of(
    IMPORTS
    "from asyncio import CancelledError as Gone, exceptions\n"
    "try:\n  a()\n"
    "except:\n  pass\n"
    "except BaseException as e:\n  pass\n"
    "except (Exception, Gone):\n  pass\n"
    "except anyio.get_cancelled_exc_class():\n  pass\n"
    "except concurrent.futures.CancelledError:\n  pass\n"
    "except (TimeoutError, asyncio.TimeoutError, concurrent.futures.TimeoutError):\n  pass\n"
    "except* ExceptionGroup as g:\n  pass\n"
    "except (a.b, KeyError):\n  pass\n"
  );
  assert_true(caught_of(module, 0).is_bare);
  assert_int_equal(caught_of(module, 0).types, NODE_NONE);
  Caught base = caught_of(module, 1);
  assert_true(base.base_exception);
  assert_false(base.exception);
  assert_false(base.is_bare);
  assert_str(tree_text(&module->tree, base.types), "BaseException");
  assert_str(tree_text(&module->tree, base.base_type), "BaseException");
  assert_str(tree_text(&module->tree, base.variable), "e");
  assert_true(tree_is(&module->tree, base.body, KIND_BLOCK));
  Caught pair = caught_of(module, 2);
  assert_true(pair.exception && pair.cancelled && !pair.others);
  assert_str(tree_text(&module->tree, pair.cancelled_type), "Gone");
  assert_str(tree_text(&module->tree, pair.exception_type), "Exception");
  assert_str(tree_text(&module->tree, pair.types), "(Exception, Gone)");
  assert_true(caught_of(module, 3).cancelled);
  assert_true(caught_of(module, 4).foreign_cancelled);
  assert_false(caught_of(module, 4).cancelled);
  Caught timeouts = caught_of(module, 5);
  assert_true(
    timeouts.timeout && timeouts.asyncio_timeout && timeouts.futures_timeout && !timeouts.others
  );
  assert_true(caught_of(module, 6).group);
  assert_true(caught_of(module, 7).others);
  assert_false(caught_of(module, 7).exception);
}

static void caught_through_names(void **state) {
  (void)state;
  Module *module = module_of(
    IMPORTS
    "ERRORS = (ValueError, asyncio.CancelledError)\nMORE = ERRORS + (Exception,)\nLOOP = (LOOP,)\n"
    "try:\n  a()\nexcept ERRORS:\n  pass\nexcept (OSError, *MORE):\n  pass\nexcept LOOP:\n  pass\n"
    "except unknown():\n  pass\n"
  );
  Caught first = caught_of(module, 0);
  assert_true(first.cancelled && first.others && !first.exception);
  assert_str(tree_text(&module->tree, first.cancelled_type), "ERRORS");
  Caught second = caught_of(module, 1);
  assert_true(second.cancelled && second.exception);
  assert_str(tree_text(&module->tree, second.exception_type), "MORE");
  assert_true(caught_of(module, 2).others);
  assert_true(caught_of(module, 3).others);
}

static void caught_without_parentheses(void **state) {
  (void)state;
  Module *module =
    module_of(IMPORTS "try:\n  a()\nexcept ValueError, asyncio.CancelledError:\n  pass\n");
  Caught caught = caught_of(module, 0);
  assert_true(caught.cancelled && caught.others);
}

static void caught_by_suppressing(void **state) {
  (void)state;
  Module *module = module_of(
    IMPORTS
    "with contextlib.suppress(Exception, asyncio.CancelledError) as x: pass\nwith open(f): pass\n"
    "with pytest.raises(ValueError): pass\n"
  );
  Node call = suppressing_call(module, node_of(module, KIND_WITH_ITEM, 0));
  assert_int_not_equal(call, NODE_NONE);
  Caught caught = caught_by_suppress(module, call);
  assert_true(caught.exception && caught.cancelled);
  assert_int_equal(caught.body, NODE_NONE);
  assert_int_equal(suppressing_call(module, node_of(module, KIND_WITH_ITEM, 1)), NODE_NONE);
  assert_int_not_equal(suppressing_call(module, node_of(module, KIND_WITH_ITEM, 2)), NODE_NONE);
}

static void cancellation_is_an_exception_before_3_8(void **state) {
  (void)state;
  const char *text = "try:\n  a()\nexcept Exception:\n  pass\n";
  ModuleOptions old = { .identity = { .name = STR("pkg.mod") }, .target = { 7 } };
  Module *before = module_with(text, &old), *since = module_of(text);
  Caught caught = caught_of(before, 0);
  assert_true(caught_cancellation(before, &caught));
  caught = caught_of(since, 0);
  assert_false(caught_cancellation(since, &caught));
}

static void parts_and_surroundings(void **state) {
  (void)state;
  Module *module =
    module_of("def f():\n  try:\n    try:\n      a()\n    except A:\n      b()\n      "
              "raise\n    else:\n      c()\n    finally:\n      d()\n"
              "  except B:\n    e()\n    g(lambda: h())\n    def k():\n      l()\n");
  Node outer = node_of(module, KIND_TRY_STATEMENT, 0),
       inner = node_of(module, KIND_TRY_STATEMENT, 1);
  Node a = node_at(module, "a()", 0), b = node_at(module, "b()", 0), c = node_at(module, "c()", 0),
       d = node_at(module, "d()", 0);
  assert_int_equal(try_around(module, a), inner);
  assert_int_equal(try_around(module, inner), outer);
  assert_int_equal(try_around(module, outer), NODE_NONE);
  assert_int_equal(try_around(module, b), outer);
  assert_int_equal(try_around(module, c), outer);
  assert_int_equal(try_around(module, d), outer);
  assert_true(tree_inside(&module->tree, a, try_body(module, inner)));
  assert_true(tree_inside(&module->tree, d, try_finally(module, inner)));
  assert_int_equal(try_finally(module, outer), NODE_NONE);
  assert_false(is_unwinding(module, a));
  assert_true(is_unwinding(module, b)); /* its handler always raises */
  assert_false(is_unwinding(module, c));
  assert_true(is_unwinding(module, d));
  assert_false(is_unwinding(module, node_at(module, "e()", 0)));
}

static void surroundings_end_at_the_function(void **state) {
  (void)state;
  Module *module = module_of("try:\n  f(lambda: a())\n  def g(x=b()):\n    c()\n  class C:\n    "
                             "d()\nfinally:\n  def h():\n    e()\n");
  Node statement = node_of(module, KIND_TRY_STATEMENT, 0);
  assert_int_equal(try_around(module, node_at(module, "a()", 0)), NODE_NONE);
  assert_int_equal(try_around(module, node_at(module, "b()", 0)), statement);
  assert_int_equal(try_around(module, node_at(module, "c()", 0)), NODE_NONE);
  assert_int_equal(try_around(module, node_at(module, "d()", 0)), statement);
  assert_false(is_unwinding(module, node_at(module, "e()", 0)));
}

static void large_bodies_end(void **state) {
  (void)state;
  Arena *arena = support_arena();
  const uint32_t count = 20000;
  char *branches = arena_alloc(arena, 30 * count + 1);
  size_t len = 0;
  for (uint32_t i = 0; i < count; i++) {
    memcpy(branches + len, "  elif b:\n    g()\n", 18);
    len += 18;
  }
  Str text = str_format(arena, "def f():\n  if a:\n    g()\n%sdef g():\n  f()\n", branches);
  assert_int_equal(outcome_in(str_terminated(arena, text)), OUTCOME_FALLS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(simple_statements),
    cmocka_unit_test(branches),
    cmocka_unit_test(loops),
    cmocka_unit_test(tries),
    cmocka_unit_test(withs),
    cmocka_unit_test(calls_that_never_return),
    cmocka_unit_test(methods_that_never_return),
    cmocka_unit_test(never_returning_patterns_of_the_project),
    cmocka_unit_test(never_returning_methods_of_the_project),
    cmocka_unit_test(functions_of_frameworks_that_never_return),
    cmocka_unit_test(methods_of_libraries_that_never_return),
    cmocka_unit_test(helpers_in_handlers_are_known_by_name),
    cmocka_unit_test(handlers),
    cmocka_unit_test(caught_classes),
    cmocka_unit_test(caught_through_names),
    cmocka_unit_test(caught_without_parentheses),
    cmocka_unit_test(caught_by_suppressing),
    cmocka_unit_test(cancellation_is_an_exception_before_3_8),
    cmocka_unit_test(parts_and_surroundings),
    cmocka_unit_test(surroundings_end_at_the_function),
    cmocka_unit_test(large_bodies_end),
  };
  return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
