#include "proof/harness.h"

#include "support.h"

static void assert_harness(const char *text, const char *wanted, const char *function) {
  Harness harness;
  Str message = STR_EMPTY;
  assert_true(harness_find(support_arena(), module_of(text), str_from(wanted), &harness, &message));
  assert_str(harness.function, function);
}

static void assert_none(const char *text, const char *wanted, const char *part) {
  Harness harness;
  Str message = STR_EMPTY;
  assert_false(harness_find(support_arena(), module_of(text), str_from(wanted), &harness, &message)
  );
  assert_true(str_contains(message, str_from(part)));
}

#define MAIN "async def main(): pass\n"
#define SCRIPT "if __name__ == '__main__':\n    run()\n"

static void the_first_that_is_there(void **state) {
  (void)state;
  assert_harness("async def scenario(): pass\n" MAIN SCRIPT, "", "scenario");
  assert_harness(MAIN SCRIPT, "", "main");
  assert_harness("def main(): pass\n" SCRIPT, "", "");
  assert_harness("def main(): pass\n", "", "main");
}

static void scripts(void **state) {
  (void)state;
  assert_harness("import asyncio\nasyncio.run(go())\n", "", "");
  assert_harness("loop.run_until_complete(go())\n", "", "");
  assert_none("def go():\n    asyncio.run(x())\n", "", "it is no script");
}

static void functions_with_arguments(void **state) {
  (void)state;
  assert_harness("async def main(a=1, *b, c=2, **d): pass\n", "", "main");
  assert_none("async def main(a): pass\n", "", "--func names a function");
  assert_none("async def main(*, a): pass\n", "", "--func names a function");
}

static void the_wanted_one(void **state) {
  (void)state;
  assert_harness("def go(): pass\n" MAIN, "go", "go");
  assert_none("def go(a): pass\n" MAIN, "go", "its function go() takes arguments");
  assert_none("class A:\n    def go(self): pass\n", "go", "it has no function go()");
}

static void lines_of_a_function(void **state) {
  (void)state;
  Module *module = module_of("import x\nclass A:\n    def go(self):\n        x()\n        y()\n");
  Module *other = module_of("class A:\n    def go(self):\n        x()\n");
  Harness before = { 0 }, after = { 0 };
  assert_true(harness_focus(module, 4, &before));
  assert_int_equal(before.first_line, 3);
  assert_int_equal(before.last_line, 5);
  assert_true(harness_focus_again(module, &before, other, &after));
  assert_int_equal(after.first_line, 2);
  assert_int_equal(after.last_line, 3);
  assert_false(harness_focus(module, 1, &before));
  assert_false(harness_focus_again(module, &before, module_of("x\n"), &after));
}

static void broken_files(void **state) {
  (void)state;
  assert_none("", "", "nothing in it can be run");
  assert_none("if\nasync def (:\nclass\n", "", "nothing in it can be run");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_first_that_is_there),  cmocka_unit_test(scripts),
    cmocka_unit_test(functions_with_arguments), cmocka_unit_test(the_wanted_one),
    cmocka_unit_test(lines_of_a_function),      cmocka_unit_test(broken_files),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
