#include "python/cancel_wait.h"

#include "python/asyncio_call.h"
#include "support.h"

/* Whether the task of the first .cancel() in the text is left to itself. */
static bool leaves(const char *text) {
  Module *module = module_of(text);
  for (Node node = 0; node < module->tree.count; node++) {
    if (!tree_is(&module->tree, node, KIND_CALL)) continue;
    if (str_is(call_method(module, node), "cancel"))
      return leaves_cancelled_task(module, node, &(LeftTask){ 0 }, &(Reason){ NULL });
  }
  fail_msg("nothing is cancelled in %s", text);
  return false;
}

#define LOCAL "import asyncio\nasync def f():\n  t = asyncio.create_task(work())\n"
#define CLASS \
  "import asyncio\nclass C:\n  def __init__(self):\n    self.t = asyncio.create_task(work())\n"

#define WAIT "  async def wait(self):\n    await self.t\n"

static void a_task_that_nobody_waits_for_is_left(void **state) {
  (void)state;
  assert_true(leaves(LOCAL "  t.cancel()\n"));
  assert_true(leaves(LOCAL "  t.cancel()\n  if not t.done():\n    print(t)\n"));
  assert_true(leaves(CLASS "  async def stop(self):\n    self.t.cancel()\n    self.t = None\n"));
}

static void a_task_that_is_awaited_or_handed_on_is_not(void **state) {
  (void)state;
  assert_false(leaves(LOCAL "  t.cancel()\n  await t\n"));
  assert_false(leaves(LOCAL "  t.cancel()\n  await asyncio.gather(t, return_exceptions=True)\n"));
  assert_false(leaves(LOCAL "  t.cancel()\n  return t\n"));
  assert_false(leaves(LOCAL "  t.cancel()\n  reap(t)\n"));
  assert_false(leaves("import asyncio\nasync def f(t: asyncio.Task):\n  t.cancel()\n"));
  assert_false(leaves("import asyncio\nasync def f():\n  asyncio.current_task().cancel()\n"));
}

static void a_plain_function_cannot_wait(void **state) {
  (void)state;
  assert_false(leaves(CLASS "  def stop(self):\n    self.t.cancel()\n"));
}

static void another_method_may_wait_while_the_attribute_keeps_the_task(void **state) {
  (void)state;
  assert_false(leaves(CLASS WAIT "  async def stop(self):\n    self.t.cancel()\n"));
  assert_true(leaves(CLASS WAIT "  async def stop(self):\n    self.t.cancel()\n    self.t = None\n")
  );
}

static void what_goes_away_under_the_task_is_told(void **state) {
  (void)state;
  Module *module =
    module_of("import asyncio\nclass C:\n  def __init__(self):\n    self.t = "
              "asyncio.create_task(self.run())\n"
              "  async def run(self):\n    await self.step()\n  async def step(self):\n    await "
              "self.q.get()\n"
              "  async def stop(self):\n    self.t.cancel()\n    self.t = None\n    self.q = None\n"
    );
  LeftTask left = { .release = NODE_NONE };
  Reason why = NULL;
  for (Node node = 0; node < module->tree.count; node++) {
    bool is_call = tree_is(&module->tree, node, KIND_CALL);
    if (is_call && str_is(call_method(module, node), "cancel"))
      assert_true(leaves_cancelled_task(module, node, &left, &why));
  }
  assert_true(tree_text_is(&module->tree, left.release, "self.q = None"));
  assert_true(tree_text_is(&module->tree, left.used, "self.step()"));
}

static void a_task_has_its_turn_at_the_next_await(void **state) {
  (void)state;
  assert_false(leaves(LOCAL "  t.cancel()\n  await asyncio.sleep(0)\n"));
  assert_false(leaves(LOCAL "  t.cancel()\n  await other()\n"));
  assert_true(leaves(LOCAL "  if x:\n    t.cancel()\n    return\n  await other()\n"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_task_that_nobody_waits_for_is_left),
    cmocka_unit_test(a_task_that_is_awaited_or_handed_on_is_not),
    cmocka_unit_test(a_plain_function_cannot_wait),
    cmocka_unit_test(what_goes_away_under_the_task_is_told),
    cmocka_unit_test(a_task_has_its_turn_at_the_next_await),
    cmocka_unit_test(another_method_may_wait_while_the_attribute_keeps_the_task),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
