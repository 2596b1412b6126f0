#include "python/swallow.h"

#include "support.h"

#define IMPORTS "import asyncio\nfrom contextlib import asynccontextmanager, suppress\n"

static Module *module_in(const char *text, uint16_t minor) {
  Str whole = str_format(support_arena(), IMPORTS "%s", text);
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") }, .target = { minor } };
  return module_with(str_terminated(support_arena(), whole), &options);
}

static Swallow swallowed(const char *text) {
  Module *module = module_in(text, 8);
  return swallow_of(module, node_of(module, KIND_EXCEPT_CLAUSE, 0), &(Reason){ NULL });
}

#define TRY "    try:\n      await x.fetch()\n"
#define CANCELLED "    except asyncio.CancelledError:\n"

static void test_shapes(void **state) {
  (void)state;
  assert_int_equal(
    swallowed("async def f(x):\n  while x.on:\n" TRY CANCELLED "      pass\n"), SWALLOW_IN_LOOP
  );
  assert_int_equal(
    swallowed("async def f(x):\n  for y in x:\n" TRY
              "    except (ValueError, asyncio.CancelledError):\n      pass\n"),
    SWALLOW_AS_FAILURE
  );
  assert_int_equal(
    swallowed("async def f(x):\n  if x:\n" TRY CANCELLED "      pass\n  await x.go()\n"),
    SWALLOW_AND_GO_ON
  );
  assert_int_equal(
    swallowed("async def f(x):\n  if x:\n" TRY CANCELLED "      return\n"), SWALLOW_AT_END
  );
}

static void test_what_is_let_out(void **state) {
  (void)state;
  assert_int_equal(
    swallowed("async def f(x):\n  while x.on:\n" TRY CANCELLED "      raise\n"), SWALLOW_NOT
  );
  assert_int_equal(
    swallowed("async def f(x):\n  while x.on:\n" TRY "    except Exception:\n      pass\n"),
    SWALLOW_NOT
  );
  assert_int_equal(
    swallowed("def f(x):\n  while x.on:\n    try:\n      x.fetch()\n" CANCELLED "      pass\n"),
    SWALLOW_NOT
  );
  assert_int_equal(
    swallowed(
      "async def f(x):\n  while x.on:\n    try:\n      await x.athrow(ValueError())\n" CANCELLED
      "      pass\n"
    ),
    SWALLOW_NOT
  );
}

static void test_idioms_that_lose_it(void **state) {
  (void)state;
  assert_int_equal(
    swallowed("async def f(x):\n  if x:\n" TRY CANCELLED "      return\n    yield x\n"),
    SWALLOW_TOLERATED
  );
  assert_int_equal(
    swallowed("async def f(x):\n  while True:\n    try:\n      return await "
              "asyncio.shield(x.job)\n" CANCELLED "      x.n()\n"),
    SWALLOW_TOLERATED
  );
  assert_int_equal(
    swallowed("async def f(x):\n  if x:\n    try:\n      await asyncio.wait(x.jobs)\n" CANCELLED
              "      pass\n"),
    SWALLOW_TOLERATED
  );
  assert_int_equal(
    swallowed("async def f(x):\n  if x:\n    try:\n      await x.job\n" CANCELLED "      pass\n"),
    SWALLOW_OF_CHILD
  );
  assert_int_equal(
    swallowed("async def f(x):\n  x.cancel()\n  if x:\n    try:\n      await x\n" CANCELLED
              "      pass\n"),
    SWALLOW_OF_CHILD
  );
}

static void test_exceptions_before_python_3_8(void **state) {
  (void)state;
  const char *text = "async def f(x):\n  if x:\n" TRY
                     "    except Exception as e:\n      x.restart(e)\n      return\n";
  Module *module = module_in(text, 7);
  assert_int_equal(
    swallow_of(module, node_of(module, KIND_EXCEPT_CLAUSE, 0), &(Reason){ NULL }), SWALLOW_AT_END
  );
  assert_int_equal(swallowed(text), SWALLOW_NOT);
}

static bool translates(const char *handler) {
  Str text = str_format(support_arena(), "async def f(x):\n  if x:\n" TRY "%s", handler);
  Module *module = module_in(str_terminated(support_arena(), text), 8);
  return translates_cancellation(
           module, node_of(module, KIND_EXCEPT_CLAUSE, 0), &(Reason){ NULL }
         ) != NODE_NONE;
}

static void test_translations(void **state) {
  (void)state;
  assert_true(translates(CANCELLED "      raise ValueError('x')\n"));
  assert_true(translates(CANCELLED "      x.close()\n      raise StopAsyncIteration from None\n"));
  assert_false(translates(CANCELLED "      raise\n"));
  assert_false(translates(CANCELLED "      if x.late:\n        raise ValueError()\n      raise\n"));
  assert_false(translates(CANCELLED "      raise asyncio.CancelledError('x')\n"));
  assert_false(translates(
    CANCELLED
    "      if asyncio.current_task().cancelling():\n        x()\n      raise ValueError()\n"
  ));
  assert_false(translates("    except Exception as e:\n      raise ValueError() from e\n"));
}

static void test_context_managers(void **state) {
  (void)state;
  const char *manager = "@asynccontextmanager\nasync def f(x):\n  try:\n    yield x\n  except "
                        "BaseException:\n    x.reset()\n";
  Module *module = module_in(manager, 8);
  Node clause = node_of(module, KIND_EXCEPT_CLAUSE, 0);
  assert_true(swallows_for_with(module, clause, &(Reason){ NULL }));
  assert_true(yields_to_with(module, guarded_block(module, clause)));
  module =
    module_in("async def f(x):\n  try:\n    yield x\n  except BaseException:\n    x.reset()\n", 8);
  assert_false(swallows_for_with(module, node_of(module, KIND_EXCEPT_CLAUSE, 0), &(Reason){ NULL })
  );
}

static bool exit_swallows(const char *body) {
  Str text = str_format(
    support_arena(), "class A:\n  async def __aexit__(self, kind, error, trace):\n%s", body
  );
  Module *module = module_in(str_terminated(support_arena(), text), 8);
  return swallowing_return(module, 1, &(Reason){ NULL }) != NODE_NONE;
}

static void test_exits(void **state) {
  (void)state;
  assert_true(exit_swallows("    await self.close()\n    return True\n"));
  assert_false(exit_swallows("    return kind is not None\n"));
  assert_false(exit_swallows("    if self.quiet:\n      return True\n"));
  assert_false(exit_swallows("    if kind is OSError:\n      self.n()\n    return True\n"));
}

static void test_lists_others(void **state) {
  (void)state;
  Module *module = module_in(
    "async def f(x):\n  try:\n    await x\n  except (OSError, asyncio.CancelledError, KeyError):\n "
    "   pass\n",
    8
  );
  Caught caught = caught_by(module, node_of(module, KIND_EXCEPT_CLAUSE, 0));
  assert_true(is_listed_with_others(module, &caught, caught.cancelled_type));
  module = module_in(
    "async def f(x):\n  try:\n    await x\n  except asyncio.CancelledError:\n    pass\n", 8
  );
  caught = caught_by(module, node_of(module, KIND_EXCEPT_CLAUSE, 0));
  assert_false(is_listed_with_others(module, &caught, caught.cancelled_type));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shapes),
    cmocka_unit_test(test_what_is_let_out),
    cmocka_unit_test(test_idioms_that_lose_it),
    cmocka_unit_test(test_exceptions_before_python_3_8),
    cmocka_unit_test(test_translations),
    cmocka_unit_test(test_context_managers),
    cmocka_unit_test(test_exits),
    cmocka_unit_test(test_lists_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
