#include "unit.h"

#include "project/import_scan.h"

static void
assert_imports_in(const ModuleIdentity *identity, const char *text, const char *expected) {
  Arena *arena = arena_new();
  Strs names = { 0 };
  import_scan(arena, identity, str_from(text), &names);
  Str found = STR_EMPTY;
  for (uint32_t i = 0; i < names.count; i++) found = str_join(arena, found, ' ', names.items[i]);
  assert_str(found, expected);
  arena_free(arena);
}

static void assert_imports(const char *text, const char *expected) {
  assert_imports_in(NULL, text, expected);
}

static void modules_are_named(void **state) {
  (void)state;
  assert_imports("import a.b\nimport c as d, e.f  # import g\n", "a.b c e.f");
  assert_imports("try:\n    import a\nexcept ImportError:\n\timport b\n", "a b");
  assert_imports("importlib.load('x')\nimported = 1\n", "");
  assert_imports("import a", "a");
}

static void members_are_named_with_their_module(void **state) {
  (void)state;
  assert_imports("from a.b import c, d as e\n", "a.b.c a.b.d");
  assert_imports("from a import *\n", "a.*");
  assert_imports("from a import (b)\n", "a.b");
  assert_imports(
    "from a import (\n    b,  # not c\n    d as e,\n)\nfrom f import g\n", "a.b a.d f.g"
  );
  assert_imports("from a import (b, c\n", "a.b a.c");
}

static void relative_imports_start_from_the_module(void **state) {
  (void)state;
  ModuleIdentity module = { .name = STR("p.q.m") };
  assert_imports_in(
    &module, "from . import a\nfrom .b import c\nfrom ..d import e\n", "p.q.a p.q.b.c p.d.e"
  );
  ModuleIdentity package = { .name = STR("p.q"), .is_package = true };
  assert_imports_in(
    &package, "from . import a\nfrom .. import b\nfrom .... import c\n", "p.q.a p.b"
  );
}

static void brackets_that_are_not_closed_hide_nothing(void **state) {
  (void)state;
  assert_imports("from a import (\nfrom b import c\n", "b.c");
  assert_imports("from a import (b,\n c)\nfrom d import e\n", "a.b a.c d.e");
}

static void relative_and_broken_imports_are_left_out(void **state) {
  (void)state;
  assert_imports("from . import a\nfrom .b import c\nfrom ..d.e import f\n", "");
  assert_imports("from a\nfrom\nimport\nfrom a import\n", "");
  assert_imports("", "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(modules_are_named),
    cmocka_unit_test(members_are_named_with_their_module),
    cmocka_unit_test(relative_imports_start_from_the_module),
    cmocka_unit_test(brackets_that_are_not_closed_hide_nothing),
    cmocka_unit_test(relative_and_broken_imports_are_left_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
