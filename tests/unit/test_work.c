#include "python/awaits.h"
#include "python/work.h"

#include "support.h"

#include "python/facts.h"

/* The same text as a project of one file, so that its functions are known. */
static Module *project_of(const char *text) {
  Arena *arena = support_arena();
  Facts *facts = arena_make(arena, Facts);
  *facts = facts_collect(module_of(text), arena);
  const Facts *all[] = { facts };
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") }, .target = { 8 } };
  options.project = project_merge(arena, all, 1, NULL);
  return module_with(text, &options);
}

#define IMPORTS "import asyncio\nfrom contextlib import suppress\n"

/* The work of the first await in a coroutine with these lines. */
static WorkKind work_in(const char *body) {
  Str text =
    str_format(support_arena(), IMPORTS "async def f(self, given, client, tasks):\n%s\n", body);
  Module *module = project_of(str_terminated(support_arena(), text));
  return work_of(module, node_of(module, KIND_AWAIT, 0));
}

static void test_fresh_work(void **state) {
  (void)state;
  assert_int_equal(work_in("  await client.fetch()"), WORK_FRESH);
  assert_int_equal(work_in("  await client.get(url)"), WORK_FRESH);
  assert_int_equal(work_in("  await asyncio.wait_for(client.fetch(), 3)"), WORK_FRESH);
  assert_int_equal(work_in("  await asyncio.gather(*(client.get(u) for u in urls))"), WORK_FRESH);
  assert_int_equal(work_in("  t = asyncio.create_task(client.fetch())\n  await t"), WORK_FRESH);
  assert_int_equal(
    work_in("  ts = []\n  for u in urls:\n    ts.append(asyncio.create_task(client.get(u)))\n  "
            "await asyncio.gather(*ts)"),
    WORK_FRESH
  );
  assert_int_equal(
    work_in("  ts = [client.get(u) for u in urls]\n  for t in ts:\n    await t"), WORK_FRESH
  );
  assert_int_equal(
    work_in("  a, b = asyncio.create_task(client.a()), asyncio.create_task(client.b())\n  await b"),
    WORK_FRESH
  );
  assert_int_equal(
    work_in("  await asyncio.wait(map(asyncio.create_task, [client.a(), client.b()]))"), WORK_FRESH
  );
  assert_int_equal(work_in("  await asyncio.gather(*map(client.fetch, urls))"), WORK_FRESH);
  assert_int_equal(
    work_in("  loop = asyncio.get_running_loop()\n  await loop.run_in_executor(None, work)"),
    WORK_FRESH
  );
  assert_int_equal(
    work_in(
      "  await asyncio.wait([asyncio.create_task(client.a()), asyncio.create_task(client.b())])"
    ),
    WORK_FRESH
  );
  assert_int_equal(
    work_in("  t = None\n  if given:\n    t = asyncio.create_task(client.a())\n  await t"),
    WORK_FRESH
  );
}

static void test_owned_work(void **state) {
  (void)state;
  assert_int_equal(work_in("  await self._task"), WORK_OWNED);
  assert_int_equal(work_in("  await given"), WORK_OWNED);
  assert_int_equal(work_in("  await asyncio.gather(*tasks)"), WORK_OWNED);
  assert_int_equal(work_in("  await asyncio.gather(client.fetch(), self._task)"), WORK_OWNED);
  assert_int_equal(work_in("  await asyncio.shield(client.fetch())"), WORK_OWNED);
  assert_int_equal(work_in("  await asyncio.gather(*asyncio.all_tasks())"), WORK_OWNED);
  assert_int_equal(work_in("  await self.futures.pop(3)"), WORK_OWNED);
  assert_int_equal(work_in("  await self.futures.get(3)"), WORK_OWNED);
  assert_int_equal(work_in("  await self.server.wait_closed()"), WORK_OWNED);
  assert_int_equal(work_in("  await self.process.wait()"), WORK_OWNED);
  assert_int_equal(work_in("  for t in tasks:\n    await t"), WORK_OWNED);
  assert_int_equal(work_in("  t = self._task\n  await t"), WORK_OWNED);
  assert_int_equal(
    work_in("  t = self._task = asyncio.create_task(client.a())\n  await t"), WORK_OWNED
  );
  assert_int_equal(
    work_in("  fut = asyncio.get_running_loop().create_future()\n  await fut"), WORK_OWNED
  );
  assert_int_equal(
    work_in(
      "  ts = [asyncio.create_task(client.a())]\n  ts.extend(tasks)\n  await asyncio.gather(*ts)"
    ),
    WORK_OWNED
  );
}

static void test_trivial_work(void **state) {
  (void)state;
  assert_int_equal(work_in("  await asyncio.sleep(1)"), WORK_TRIVIAL);
  assert_int_equal(work_in("  await self.stop_event.wait()"), WORK_TRIVIAL);
  assert_int_equal(work_in("  e = asyncio.Event()\n  await e.wait()"), WORK_TRIVIAL);
  assert_int_equal(work_in("  await self.queue.get()"), WORK_TRIVIAL);
  assert_int_equal(work_in("  await asyncio.Future()"), WORK_TRIVIAL);
  assert_int_equal(work_in("  await asyncio.wait_for(asyncio.sleep(1), 3)"), WORK_TRIVIAL);
}

static void test_callees_of_the_project(void **state) {
  (void)state;
  const char *text = IMPORTS "class A:\n"
                             "  def tracked(self):\n    return self._task\n"
                             "  def made(self):\n    return self.work()\n"
                             "  async def work(self):\n    return await self.client.get(1)\n"
                             "  async def a(self):\n    await self.tracked()\n"
                             "  async def b(self):\n    await self.work()\n"
                             "  async def c(self):\n    await self.made()\n";
  Module *module = project_of(text);
  assert_int_equal(work_of(module, node_at(module, "self.tracked()", 0)), WORK_OWNED);
  assert_int_equal(work_of(module, node_at(module, "self.work()", 1)), WORK_FRESH);
  assert_int_equal(work_of(module, node_at(module, "self.made()", 0)), WORK_FRESH);
}

static Module *try_in(const char *before, const char *body) {
  const char *format = IMPORTS "async def f(self, given, client, tasks):\n%s  try:\n%s  except "
                               "asyncio.CancelledError:\n    pass\n";
  Str text = str_format(support_arena(), format, before, body);
  return project_of(str_terminated(support_arena(), text));
}

static Node guarded(const Module *module) {
  return tree_child(&module->tree, node_of(module, KIND_TRY_STATEMENT, 0), FIELD_BODY);
}

static void test_awaits_of_a_block(void **state) {
  (void)state;
  Module *module = try_in(
    "",
    "    async with client.stream() as s, self.lock:\n"
    "      async for x in s:\n"
    "        await x.done\n"
    "    def g():\n      return [await y for y in z]\n"
    "    [await w async for w in s]\n"
  );
  Nodes awaits = awaits_in(module, guarded(module));
  assert_int_equal(awaits.count, 6);
  assert_true(awaits_fresh_work(module, guarded(module)));

  module = try_in("", "    async with self.lock, asyncio.timeout(3):\n      await self._task\n");
  assert_false(awaits_fresh_work(module, guarded(module)));
  assert_true(awaits_only_owned(module, guarded(module)));

  module = try_in("", "    await asyncio.shield(self._task)\n");
  assert_true(awaits_shielded(module, guarded(module)));

  module = try_in("", "    pass\n");
  assert_false(awaits_only_owned(module, guarded(module)));
}

static bool is_linked(const char *before, const char *body) {
  Module *module = try_in(before, body);
  return block_awaits_cancelled(module, guarded(module));
}

static void test_cancel_links(void **state) {
  (void)state;
  assert_true(is_linked("  self._task.cancel()\n", "    await self._task\n"));
  assert_true(is_linked(
    "  if self._task and not self._task.done():\n    self._task.cancel()\n",
    "    await self._task\n"
  ));
  assert_true(is_linked("  t = self._task\n  t.cancel()\n", "    await t\n"));
  assert_true(is_linked("  t = self._task\n  self._task.cancel()\n", "    await t\n"));
  assert_true(is_linked(
    "  for t in tasks:\n    t.cancel()\n",
    "    await asyncio.gather(*tasks, return_exceptions=True)\n"
  ));
  assert_true(is_linked("  [t.cancel() for t in tasks]\n", "    await asyncio.wait(tasks)\n"));
  assert_true(
    is_linked("  list(map(lambda t: t.cancel(), tasks))\n", "    await asyncio.gather(*tasks)\n")
  );
  assert_true(is_linked(
    "  for t in self.ts.values():\n    t.cancel()\n",
    "    await asyncio.gather(*self.ts.values())\n"
  ));
  assert_true(is_linked(
    "  for t in (given, client):\n    t.cancel()\n", "    await asyncio.wait_for(given, 1)\n"
  ));
  assert_true(is_linked(
    "  a = asyncio.create_task(x())\n  ts = [a]\n  a.cancel()\n", "    await asyncio.gather(*ts)\n"
  ));
  assert_true(is_linked(
    "  done, pending = await asyncio.wait(tasks)\n  for t in pending:\n    t.cancel()\n",
    "    await asyncio.gather(*pending)\n"
  ));
  assert_true(is_linked(
    "  for t in tasks:\n    t.cancel()\n  for t in tasks:\n   pass\n",
    "    for t in tasks:\n      await t\n"
  ));
  assert_true(is_linked("  cancel_all(given)\n", "    await given\n"));
  assert_true(
    is_linked("  asyncio.get_running_loop().call_later(3, given.cancel)\n", "    await given\n")
  );
  assert_true(is_linked("  given.cancel()\n", "    await given\n    await asyncio.sleep(0)\n"));
  assert_true(is_linked("", "    given.cancel()\n    await given\n"));
  assert_true(
    is_linked("  t = asyncio.create_task(x())\n  self.stop_event.set()\n", "    await t\n")
  );
}

static void test_no_cancel_link(void **state) {
  (void)state;
  assert_false(is_linked("", "    await given\n"));
  assert_false(is_linked("  self._other.cancel()\n", "    await self._task\n"));
  assert_false(
    is_linked("  if given:\n    client.cancel()\n  else:\n    pass\n", "    await given\n")
  );
  assert_false(is_linked("  given.cancel()\n", "    await given\n    await client.fetch()\n"));
  assert_false(is_linked("  given.cancel()\n", "    await asyncio.gather(given, client.fetch())\n")
  );
  assert_false(is_linked("", "    await given\n  except OSError:\n    given.cancel()\n"));
  assert_false(is_linked(
    "  a = asyncio.create_task(x())\n  b = asyncio.create_task(x())\n  a.cancel()\n",
    "    await b\n"
  ));
}

static void test_helper_that_cancels(void **state) {
  (void)state;
  const char *text = IMPORTS "async def end(task):\n  task.cancel()\n  await task\n"
                             "async def f(t):\n  end(t)\n  await t\n"
                             "async def g(t):\n  note(t)\n  await t\n";
  Module *module = project_of(text);
  assert_true(is_cancelled_before(module, node_at(module, "await t", 0)));
  assert_false(is_cancelled_before(module, node_at(module, "await t", 1)));
  assert_false(cancels_before(module, node_at(module, "await t", 1)));
  assert_true(cancels_before(module, node_at(module, "await task", 0)));
}

static void test_callees_that_answer(void **state) {
  (void)state;
  const char *text = IMPORTS
    "import logging\nlog = logging.getLogger()\n"
    "async def safe(u):\n  try:\n    await u.get()\n  except Exception:\n    log.exception('x')\n"
    "async def outer(u):\n  await safe(u)\n"
    "async def risky(u):\n  await u.get()\n"
    "async def f(u):\n"
    "  await asyncio.gather(safe(u), outer(u), risky(u), return_exceptions=True)\n";
  Module *module = project_of(text);
  assert_true(handles_own_errors(module, node_at(module, "safe(u)", 1)));
  assert_true(handles_own_errors(module, node_at(module, "outer(u)", 0)));
  assert_false(handles_own_errors(module, node_at(module, "risky(u)", 0)));
}

static void test_cleanup_words_of_settings(void **state) {
  (void)state;
  Str words[] = { STR("*.decommission"), STR("pkg.mod.Pool.wind_up") };
  Vocabulary vocabulary = { .cleanup = { words, 2 } };
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") },
                            .target = { 8 },
                            .vocabulary = &vocabulary };
  Module *module = module_with(
    "class Pool:\n  def decommission(self): x()\n  def wind_up(self): y()\n"
    "class Toy:\n  def wind_up(self): z()\n",
    &options
  );
  assert_true(in_cleanup_function(module, node_at(module, "x()", 0)));
  assert_true(in_cleanup_function(module, node_at(module, "y()", 0)));
  assert_false(in_cleanup_function(module, node_at(module, "z()", 0)));
  assert_true(is_cleanup_name(module, STR("decommission")));
}

static void test_cleanup_names(void **state) {
  (void)state;
  Module *module = project_of(
    "async def _shutdown_all():\n  await x()\nasync def aclose():\n  def g():\n    return y()\n"
    "async def work():\n  await gather(a.close(), b.disconnect(), c.fetch())\n"
  );
  assert_true(is_cleanup_name(module, STR("teardown")));
  assert_true(is_cleanup_name(module, STR("pkg.mod.Pool.closeAll")));
  assert_true(is_cleanup_name(module, STR("__aexit__")));
  assert_false(is_cleanup_name(module, STR("block_reader")));
  assert_false(is_cleanup_name(module, STR("find_closest")));
  assert_true(in_cleanup_function(module, node_at(module, "x()", 0)));
  assert_true(in_cleanup_function(module, node_at(module, "y()", 0)));
  Node calls[] = { node_at(module, "a.close()", 0),
                   node_at(module, "b.disconnect()", 0),
                   node_at(module, "c.fetch()", 0) };
  assert_false(in_cleanup_function(module, calls[0]));
  assert_true(all_cleanup_calls(module, &(Nodes){ .items = calls, .count = 2 }));
  assert_false(all_cleanup_calls(module, &(Nodes){ .items = calls, .count = 3 }));
}

static Started started(Module *module, const char *definition) {
  for (FunctionId id = 0; id < module->symbols.functions.count; id++) {
    if (str_is(module_function(module, id)->qualified, definition)) return started_as(module, id);
  }
  fail_msg("no function %s", definition);
  return STARTED_UNKNOWN;
}

static void test_how_coroutines_start(void **state) {
  (void)state;
  const char *text = IMPORTS
    "async def root():\n  x = 1\n  return await tail()\n"
    "async def tail():\n  await helper()\n  return 1\n"
    "async def helper():\n  pass\n"
    "async def both():\n  await helper()\n  await public()\n"
    "async def nobody():\n  await both()\n  asyncio.create_task(both())\n  return await public()\n"
    "async def public():\n  pass\n"
    "async def api():\n  return await inner()\n"
    "async def inner():\n  pass\n"
    "asyncio.run(root())\n";
  Module *module = project_of(text);
  assert_int_equal(started(module, "root"), STARTED_AS_TASK);
  assert_int_equal(started(module, "tail"), STARTED_AS_TASK);
  assert_int_equal(started(module, "helper"), STARTED_BY_AWAIT);
  assert_int_equal(started(module, "both"), STARTED_BOTH);
  assert_int_equal(started(module, "nobody"), STARTED_UNKNOWN);
  assert_int_equal(started(module, "inner"), STARTED_UNKNOWN);
}

static void test_fan_out(void **state) {
  (void)state;
  const char *text =
    IMPORTS "async def one(u):\n  return await two(u)\n"
            "async def two(u):\n  pass\n"
            "async def three(u):\n  pass\n"
            "async def all(us):\n  await three(1)\n  await asyncio.gather(*(one(u) for u in us))\n";
  Module *module = project_of(text);
  assert_true(is_fanned_out(module, 1));
  assert_true(is_fanned_out(module, 2));
  assert_false(is_fanned_out(module, 3));
}

static void settings_add_words_of_closing(void **state) {
  (void)state;
  Str patterns[] = { STR("*_wind_down"), STR("pkg.mod.Pump.hush") };
  Vocabulary vocabulary = { .cleanup = { patterns, 2 } };
  ModuleOptions options = { .identity = { .name = STR("pkg.mod") }, .vocabulary = &vocabulary };
  Module *module = module_with("x = 1\n", &options);
  assert_true(is_cleanup_name(module, STR("pump_wind_down")));
  assert_true(is_cleanup_name(module, STR("pkg.mod.Pump.hush")));
  assert_true(is_cleanup_name(module, STR("aclose")));
  assert_false(is_cleanup_name(module, STR("hush")));
  assert_false(is_cleanup_name(module, STR("wind_down_later")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_fresh_work),
    cmocka_unit_test(test_owned_work),
    cmocka_unit_test(test_trivial_work),
    cmocka_unit_test(test_callees_of_the_project),
    cmocka_unit_test(test_awaits_of_a_block),
    cmocka_unit_test(test_cancel_links),
    cmocka_unit_test(test_no_cancel_link),
    cmocka_unit_test(test_helper_that_cancels),
    cmocka_unit_test(test_callees_that_answer),
    cmocka_unit_test(test_cleanup_words_of_settings),
    cmocka_unit_test(test_cleanup_names),
    cmocka_unit_test(test_how_coroutines_start),
    cmocka_unit_test(test_fan_out),
    cmocka_unit_test(settings_add_words_of_closing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
