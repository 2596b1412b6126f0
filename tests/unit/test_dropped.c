#include "python/dropped.h"

#include "python/asyncio_call.h"
#include "support.h"

/* Whether the first task made in the text is dropped. */
static bool drops(const char *text) {
  Module *module = module_of(text);
  for (Node node = 0; node < module->tree.count; node++) {
    if (!tree_is(&module->tree, node, KIND_CALL)) continue;
    if (call_meaning(module, node) == CALL_CREATE_TASK)
      return is_dropped_task(module, node, &(Reason){ NULL });
  }
  fail_msg("no task is made in %s", text);
  return false;
}

#define MAKE "asyncio.create_task(work())"

static void tasks_that_nobody_has_are_dropped(void **state) {
  (void)state;
  assert_true(drops("import asyncio\n" MAKE "\n"));
  assert_true(drops("import asyncio\ndef f():\n  _ = " MAKE "\n"));
  assert_true(drops("import asyncio\ndef f():\n  x and " MAKE "\n"));
  assert_true(drops("import asyncio\ndef f():\n  ts = [" MAKE "]\n"));
  assert_true(drops("import asyncio\ndef f():\n  ts = []\n  ts.append(" MAKE ")\n"));
  assert_true(drops("import asyncio\nbutton.on(lambda: " MAKE ")\n"));
  assert_true(drops("import asyncio\ndef f():\n  t = " MAKE "\n  t.add_done_callback(s.discard)\n")
  );
}

static void tasks_that_somebody_has_are_not(void **state) {
  (void)state;
  assert_false(drops("import asyncio\nt = " MAKE "\n"));
  assert_false(drops("import asyncio\ndef f():\n  return " MAKE "\n"));
  assert_false(drops("import asyncio\ndef f(s):\n  s.append(" MAKE ")\n"));
  assert_false(drops("import asyncio\ndef f():\n  ts = []\n  ts.append(" MAKE ")\n  return ts\n"));
  assert_false(drops("import asyncio\ndef f():\n  make = lambda: " MAKE "\n"));
  assert_false(drops("import asyncio\ndef f():\n  t = " MAKE "\n  s.add(t)\n"
                     "  t.add_done_callback(s.discard)\n"));
}

static void a_local_name_holds_a_task_while_the_function_awaits(void **state) {
  (void)state;
  assert_false(drops("import asyncio\nasync def f():\n  t = " MAKE "\n  await g()\n"));
  assert_true(drops("import asyncio\nasync def f():\n  await g()\n  t = " MAKE "\n"));
  assert_false(drops("import asyncio\nasync def f():\n  ts = []\n  ts.append(" MAKE ")\n"
                     "  await g()\n"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tasks_that_nobody_has_are_dropped),
    cmocka_unit_test(tasks_that_somebody_has_are_not),
    cmocka_unit_test(a_local_name_holds_a_task_while_the_function_awaits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
