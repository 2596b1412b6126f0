#include "python/handler.h"

#include "support.h"

#define IMPORTS "import asyncio, sys, os, logging\nlogger = logging.getLogger()\n"

/* The first except clause in a coroutine with these lines. */
typedef struct {
  Module *module;
  Node clause;
} Case;

static Case case_in(const char *body) {
  Str text = str_format(support_arena(), IMPORTS "async def f(self, given, client):\n%s", body);
  Module *module = module_of(str_terminated(support_arena(), text));
  return (Case){ module, node_of(module, KIND_EXCEPT_CLAUSE, 0) };
}

/* A handler with these lines around an await, in a coroutine that ends with `after`. */
static Case handler_with(const char *body, const char *after) {
  const char *format = "  try:\n    await client.fetch()\n  except BaseException as e:\n%s%s";
  return case_in(str_terminated(support_arena(), str_format(support_arena(), format, body, after)));
}

static bool escapes(const char *body, const char *after) {
  Case it = handler_with(body, after);
  return exception_escapes(it.module, it.clause);
}

static void test_exception_that_escapes(void **state) {
  (void)state;
  assert_true(escapes("    return e\n", ""));
  assert_true(escapes("    self.error = e\n", ""));
  assert_true(escapes("    given.set_exception(e)\n", ""));
  assert_true(escapes("    saved = e\n", "  raise saved\n"));
  assert_true(escapes("    saved = given or e\n", "  if saved:\n    raise saved\n"));
  assert_true(escapes("    given.append((1, e))\n", ""));
  assert_true(escapes("    return None, e\n", ""));
  assert_true(escapes("    await self.on_error(e)\n", ""));
}

static void test_exception_that_is_only_told(void **state) {
  (void)state;
  assert_false(escapes("    pass\n", ""));
  assert_false(escapes("    logger.error('x %s', e)\n", ""));
  assert_false(escapes("    logger.error('x', extra={'e': e})\n", ""));
  assert_false(escapes("    return {'error': str(e)}\n", ""));
  assert_false(escapes("    self.error = f'{e}'\n", ""));
  assert_false(escapes("    print(type(e), e.args)\n", ""));
  assert_false(escapes("    sentry_sdk.capture_exception(e)\n", ""));
  assert_false(escapes("    saved = e\n", "  logger.info(saved)\n"));
  assert_false(escapes("    if isinstance(e, OSError):\n      given()\n", ""));
}

static bool flags(const char *body, const char *after) {
  Case it = handler_with(body, after);
  return sets_flag(it.module, it.clause);
}

static void test_flags(void **state) {
  (void)state;
  assert_true(flags("    cancelled = True\n", "  if cancelled:\n    raise OSError()\n"));
  assert_true(flags("    ok = False\n", "  return ok\n"));
  assert_true(flags("    self.failed = True\n", "  if self.failed:\n    return 1\n"));
  assert_true(flags("    error = OSError()\n", "  if error:\n    raise error\n"));
  Case loop = case_in("  while self.running:\n    try:\n      await given\n    except "
                      "asyncio.CancelledError:\n      self.running = False\n");
  assert_true(sets_flag(loop.module, loop.clause));
  Case event = case_in("  while not given.is_set():\n    try:\n      await client.a()\n    except "
                       "asyncio.CancelledError:\n      given.set()\n");
  assert_true(sets_flag(event.module, event.clause));
}

static void test_what_is_no_flag(void **state) {
  (void)state;
  assert_false(flags("    status = 'failed'\n", "  return status\n"));
  assert_false(flags("    result = None\n", "  if result is None:\n    return []\n"));
  assert_false(flags("    cancelled = True\n", "  print(cancelled)\n"));
  assert_false(flags("    cancelled = True\n", ""));
  assert_false(flags("    text = f'failed: {e}'\n", "  raise OSError(text)\n"));
  assert_false(flags("    self.failed = True\n", ""));
}

static bool is_handed_on(const char *body) {
  Case it = handler_with(body, "");
  return hands_on_failure(it.module, it.clause);
}

static void test_failures_handed_on(void **state) {
  (void)state;
  assert_true(is_handed_on("    given.set_exception(OSError())\n"));
  assert_true(is_handed_on("    sys.exit(1)\n"));
  assert_true(is_handed_on("    asyncio.current_task().cancel()\n"));
  assert_true(is_handed_on("    if asyncio.current_task().cancelling():\n      pass\n"));
  assert_true(is_handed_on("    self._done(*sys.exc_info())\n"));
  assert_true(is_handed_on("    self._future.cancel()\n"));
  assert_false(is_handed_on("    given.cancel()\n"));
  assert_false(is_handed_on("    logger.error('x', exc_info=sys.exc_info())\n"));
}

static bool is_endless(const char *body) {
  Case it = case_in(str_terminated(
    support_arena(), str_format(support_arena(), "  try:\n%s  except OSError:\n    pass\n", body)
  ));
  return try_holds_endless_loop(it.module, tree_parent(&it.module->tree, it.clause));
}

static void test_endless_bodies(void **state) {
  (void)state;
  assert_true(is_endless("    while True:\n      await given\n"));
  assert_true(is_endless("    while self.running:\n      await given\n"));
  assert_true(is_endless("    async with client as c:\n      async for x in c:\n        pass\n"));
  assert_true(is_endless("    await asyncio.Event().wait()\n"));
  assert_true(is_endless("    await asyncio.sleep(60 * 60 * 24)\n    pass\n"));
  assert_true(is_endless("    await asyncio.get_running_loop().create_future()\n"));
  assert_true(is_endless("    await server.serve_forever()\n"));
  assert_true(is_endless("    await self.stop_event.wait()\n"));
  assert_false(is_endless("    while n < 3:\n      await given\n"));
  assert_false(is_endless("    for x in given:\n      await x\n"));
  assert_false(is_endless("    await asyncio.sleep(5)\n"));
  assert_false(is_endless("    await given\n"));
}

static bool loops_back(const char *body) {
  Case it = case_in(body);
  return handler_loops_back(it.module, it.clause);
}

static void test_handlers_that_loop_back(void **state) {
  (void)state;
  assert_true(
    loops_back("  while True:\n    try:\n      await given\n    except OSError:\n      print()\n")
  );
  assert_true(loops_back(
    "  for x in client:\n    try:\n      await given\n    except OSError:\n      continue\n"
  ));
  assert_false(
    loops_back("  while True:\n    try:\n      await given\n    except OSError:\n      break\n")
  );
  assert_false(loops_back(
    "  while True:\n    try:\n      await given\n    except OSError:\n      pass\n    return\n"
  ));
  assert_false(
    loops_back("  try:\n    while True:\n      await given\n  except OSError:\n    pass\n")
  );
  assert_false(loops_back(
    "  for x in client:\n    pass\n  try:\n    await given\n  except OSError:\n    pass\n"
  ));
  Module *module =
    module_of("import asyncio\nfrom contextlib import suppress\nasync def f(x):\n  while True:\n"
              "    with suppress(asyncio.CancelledError):\n      await x.fetch()\n");
  assert_true(handler_loops_back(module, node_of(module, KIND_WITH_ITEM, 0)));
}

static bool follow(const char *body) {
  Case it = case_in(body);
  return awaits_follow(it.module, it.clause);
}

#define TRY "  try:\n    await client.fetch()\n  except OSError:\n"

static void test_awaits_that_follow(void **state) {
  (void)state;
  assert_true(follow(TRY "    pass\n  await client.fetch()\n"));
  assert_true(follow(TRY "    pass\n  async for x in client:\n    pass\n"));
  assert_false(follow(TRY "    return\n  await client.fetch()\n"));
  assert_false(follow(TRY "    await client.fetch()\n"));
  assert_false(follow(TRY "    pass\n  await client.close()\n"));
  assert_false(follow(TRY "    pass\n  finally:\n    await client.fetch()\n"));
  assert_false(follow(TRY "    pass\n  given.cancel()\n  await given\n"));
}

static Releases released(Case it) {
  return releases_in(it.module, caught_by(it.module, it.clause).body);
}

static void test_releases(void **state) {
  (void)state;
  Case it = handler_with(
    "    await self.conn.aclose()\n    os.remove(given)\n    self.db.rollback()\n    "
    "self.jobs.pop(1)\n"
    "    given.set_exception(e)\n    logger.error('x')\n    await asyncio.to_thread(client.close)\n"
    "    del self.ids[given]\n    raise\n",
    ""
  );
  Releases all = released(it);
  assert_int_equal(all.count, 7);
  assert_true(tree_text_is(&it.module->tree, all.items[0].receiver, "self.conn"));
  assert_true(tree_text_is(&it.module->tree, all.items[1].receiver, "given"));
  assert_true(all.items[2].is_rollback);
  assert_true(all.items[3].is_container);
  assert_true(all.items[4].is_future);
  assert_true(tree_text_is(&it.module->tree, all.items[5].receiver, "client"));
  assert_true(all.items[6].is_container);
}

static bool releases_first(const char *body, bool is_container) {
  Case it = case_in(body);
  Releases all = released(it);
  return all.count > 0 && all.items[0].is_container == is_container;
}

static void test_names_of_releases(void **state) {
  (void)state;
  assert_true(releases_first(
    "  try:\n    await given\n  except Exception:\n    client.fail_connection(1)\n", false
  ));
  assert_true(releases_first(
    "  try:\n    await given\n  except Exception:\n    client.abort_transfer()\n", false
  ));
  assert_true(
    releases_first("  try:\n    await given\n  except Exception:\n    client.remove(given)\n", true)
  );
  assert_true(releases_first(
    "  c = await self.get()\n  try:\n    await c.open()\n  except Exception:\n    self.remove(c)\n",
    false
  ));
  assert_false(
    releases_first("  try:\n    await given\n  except Exception:\n    client.enclose()\n", false)
  );
}

/* True if what the first handler releases first is released on a cancellation as well. */
static bool is_covered(const char *body) {
  Case it = case_in(body);
  Releases all = released(it);
  assert_true(all.count > 0);
  return is_released_on_cancellation(
    it.module, tree_parent(&it.module->tree, it.clause), &all.items[0]
  );
}

#define CLOSING "  try:\n    await c.open()\n  except Exception:\n    c.close()\n    raise\n"

static void test_release_on_cancellation(void **state) {
  (void)state;
  assert_false(is_covered(CLOSING));
  assert_true(is_covered(CLOSING "  finally:\n    c.close()\n"));
  assert_false(is_covered(CLOSING "  finally:\n    given.close()\n"));
  assert_false(is_covered(CLOSING "  finally:\n    self.c = None\n"));
  assert_true(is_covered(CLOSING "  except BaseException:\n    await c.close()\n    raise\n"));
  assert_true(is_covered("  async with client.get() as c:\n    try:\n      await c.open()\n    "
                         "except Exception:\n      c.close()\n      raise\n"));
  assert_true(is_covered("  try:\n    try:\n      await c.open()\n    except Exception:\n      "
                         "c.close()\n      raise\n  finally:\n    c.close()\n"));
  assert_true(is_covered("  given.push_async_callback(c.close)\n" CLOSING));
  assert_true(is_covered("  try:\n    await c.open()\n  except Exception:\n    self.close()\n    "
                         "raise\n  finally:\n    self.close(1)\n"));
  assert_false(is_covered("  try:\n    await c.open()\n  except Exception:\n    self.abort()\n    "
                          "raise\n  finally:\n    self.cleanup()\n"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_exception_that_escapes),
    cmocka_unit_test(test_exception_that_is_only_told),
    cmocka_unit_test(test_flags),
    cmocka_unit_test(test_what_is_no_flag),
    cmocka_unit_test(test_failures_handed_on),
    cmocka_unit_test(test_endless_bodies),
    cmocka_unit_test(test_handlers_that_loop_back),
    cmocka_unit_test(test_awaits_that_follow),
    cmocka_unit_test(test_releases),
    cmocka_unit_test(test_names_of_releases),
    cmocka_unit_test(test_release_on_cancellation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
