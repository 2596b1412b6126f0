/* What facts say of uses: what becomes of the coroutines that a file makes. */
#include "python/facts.h"

#include "support.h"

static Facts facts_of(const char *text) { return facts_collect(module_of(text), support_arena()); }

/* The use of the callee that the file records, or NULL. */
static const CallFacts *use_in(const Facts *facts, const char *callee) {
  for (uint32_t i = 0; i < facts->calls.count; i++) {
    if (str_is(facts->calls.items[i].callee, callee)) return &facts->calls.items[i];
  }
  return NULL;
}

#define assert_use(text, callee, expected) \
  assert_use_at((text), (callee), (expected), __FILE__, __LINE__)

static const char *const USE_NAMES[] = { "awaited", "awaited in tail", "started", "referenced" };

static CallFacts
assert_use_at(const char *text, const char *callee, CallUse expected, const char *file, int line) {
  Facts facts = facts_of(text);
  const CallFacts *call = use_in(&facts, callee);
  if (call == NULL || call->use != expected) {
    print_error("%s is %s in\n%s", callee, call == NULL ? "not used" : USE_NAMES[call->use], text);
    _fail(file, line);
  }
  return *call;
}

static void awaits_are_uses(void **state) {
  (void)state;
  CallFacts call =
    assert_use("from m import g\nasync def f():\n  x = await g()\n", "m.g", CALL_AWAITED);
  assert_str(call.caller, "pkg.mod.f");
  assert_false(call.is_fanned_out);
  assert_use("from m import g\nasync def f():\n  return await g()\n", "m.g", CALL_AWAITED_IN_TAIL);
  assert_use("from m import g\nasync def f():\n  h()\n  await g()\n", "m.g", CALL_AWAITED_IN_TAIL);
  assert_use("from m import g\nasync def f():\n  await g()\n  h()\n", "m.g", CALL_AWAITED);
  assert_use("from m import g\nasync def f():\n  c = g()\n  x = await c\n", "m.g", CALL_AWAITED);
  assert_use(
    "import asyncio\nfrom m import g\nasync def f():\n  x = await asyncio.wait_for(g(), 1)\n",
    "m.g",
    CALL_AWAITED
  );
  assert_use("async def f(x):\n  y = await x.run()\n", ".run", CALL_AWAITED);
  assert_use(
    "class C:\n  async def f(self):\n    y = await self.run()\n", "pkg.mod.C.run", CALL_AWAITED
  );
  assert_use(
    "from m import B\nclass C(B):\n  async def f(self):\n    y = await super().f()\n",
    "m.B.f",
    CALL_AWAITED
  );
  assert_use("from m import *\nasync def f():\n  y = await g()\n", "pkg.mod.g", CALL_AWAITED);
  assert_use(
    "from m import items\nasync def f():\n  async for i in items(): pass\n", "m.items", CALL_AWAITED
  );
}

static void starts_are_uses(void **state) {
  (void)state;
  assert_use(
    "import asyncio\nfrom m import g\nasync def f():\n  asyncio.create_task(g())\n",
    "m.g",
    CALL_STARTED
  );
  assert_use(
    "import asyncio\nfrom m import g\nasync def f():\n  await asyncio.gather(g(), h())\n",
    "m.g",
    CALL_STARTED
  );
  assert_use("import asyncio\nfrom m import g\nasyncio.run(g())\n", "m.g", CALL_STARTED);
  assert_use(
    "import asyncio\nfrom m import g\nasync def f():\n  c = g()\n  t = asyncio.ensure_future(c)\n",
    "m.g",
    CALL_STARTED
  );
  assert_use(
    "import asyncio\nfrom m import g\nasync def f():\n  cs = []\n  cs.append(g())\n  await "
    "asyncio.wait(cs)\n",
    "m.g",
    CALL_STARTED
  );
  assert_use("from m import g\nasync def f(app):\n  app.spawn(g())\n", "m.g", CALL_STARTED);
  assert_use(
    "from m import g\nasync def f(scheduler):\n  scheduler.add_job(g, 'interval')\n",
    "m.g",
    CALL_STARTED
  );
  assert_use(
    "import anyio\nfrom functools import partial\nfrom m import g\n"
    "async def f():\n  async with anyio.create_task_group() as tg:\n    tg.start_soon(partial(g, "
    "1))\n",
    "m.g",
    CALL_STARTED
  );
  assert_use(
    "import asyncio\nfrom m import g\ndef f(loop):\n  loop.call_soon(lambda: "
    "asyncio.create_task(g()))\n",
    "m.g",
    CALL_STARTED
  );
}

static void work_per_item_is_fanned_out(void **state) {
  (void)state;
  static const char *const FANNED[] = {
    "import asyncio\nfrom m import g\nasync def f(xs):\n  await asyncio.gather(*(g(x) for x in "
    "xs))\n",
    "import asyncio\nfrom m import g\nasync def f(xs):\n  ts = [asyncio.create_task(g(x)) for x in "
    "xs]\n  await asyncio.gather(*ts)\n",
    "import asyncio\nfrom m import g\nasync def f(xs):\n  ts = []\n  for x in xs:\n    "
    "ts.append(g(x))\n  await asyncio.gather(*ts)\n",
    "import asyncio\nfrom m import g\nasync def f(xs):\n  await asyncio.gather(*map(g, xs))\n",
    "from m import g\nasync def f(xs):\n  for x in xs:\n    url = base + x\n    await g(url)\n",
    "from m import g\nasync def f(xs, tg):\n  for x in xs:\n    tg.start_soon(g, x)\n",
  };
  for (size_t i = 0; i < sizeof(FANNED) / sizeof(*FANNED); i++) {
    Facts facts = facts_of(FANNED[i]);
    const CallFacts *call = use_in(&facts, "m.g");
    if (call == NULL || !call->is_fanned_out) fail_msg("not fanned out:\n%s", FANNED[i]);
  }
  static const char *const SINGLE[] = {
    "from m import g\nasync def f(x):\n  for attempt in range(3):\n    await g(x, attempt)\n",
    "from m import g\nasync def f(x):\n  for _ in range(3):\n    await g(x)\n",
    "from m import g\nasync def f(xs):\n  while xs:\n    await g(xs.pop())\n",
    "from m import g\nasync def f(xs):\n  for x in await g(xs):\n    h(x)\n",
  };
  for (size_t i = 0; i < sizeof(SINGLE) / sizeof(*SINGLE); i++) {
    Facts facts = facts_of(SINGLE[i]);
    const CallFacts *call = use_in(&facts, "m.g");
    if (call == NULL || call->is_fanned_out) fail_msg("fanned out:\n%s", SINGLE[i]);
  }
}

static void other_uses_are_references(void **state) {
  (void)state;
  assert_use("from m import g\ndef f(app):\n  app.register(g)\n", "m.g", CALL_REFERENCED);
  assert_use("from m import g\nTABLE = {'g': g}\n", "m.g", CALL_REFERENCED);
  assert_use(
    "class C:\n  def f(self, app):\n    app.register(self.g)\n  async def g(self): pass\n",
    "pkg.mod.C.g",
    CALL_REFERENCED
  );
  CallFacts call = assert_use(
    "from m import g\nfrom n import keep\ndef f():\n  keep(g())\n", "m.g", CALL_REFERENCED
  );
  assert_str(call.handed_to, "n.keep");
  Facts facts =
    facts_of("from m import g, LIMIT, Client\n"
             "x: Client = Client()\n"
             "def f(c: Client):\n  g()\n  print(g())\n  isinstance(c, Client)\n  h(LIMIT)\n");
  assert_int_equal(facts.calls.count, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(awaits_are_uses),
    cmocka_unit_test(starts_are_uses),
    cmocka_unit_test(work_per_item_is_fanned_out),
    cmocka_unit_test(other_uses_are_references),
  };
  return cmocka_run_group_tests_name("facts_call", tests, NULL, NULL);
}
