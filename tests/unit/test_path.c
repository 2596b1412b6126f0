#include "base/path.h"

#include "unit.h"

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

static void joining(void **state) {
  assert_str(path_join(*state, STR("a"), STR("b")), "a/b");
  assert_str(path_join(*state, STR("a/"), STR("b")), "a/b");
  assert_str(path_join(*state, STR("/"), STR("b")), "/b");
  assert_str(path_join(*state, STR("a"), STR("/b")), "/b");
  assert_str(path_join(*state, STR("."), STR("b")), "b");
  assert_str(path_join(*state, STR_EMPTY, STR("b")), "b");
  assert_str(path_join(*state, STR("a"), STR(".")), "a");
}

static void normalising(void **state) {
  assert_str(path_normalise(*state, STR("a//b/./c/")), "a/b/c");
  assert_str(path_normalise(*state, STR("a/../b")), "b");
  assert_str(path_normalise(*state, STR("a/b/../..")), ".");
  assert_str(path_normalise(*state, STR("../../a/..")), "../..");
  assert_str(path_normalise(*state, STR("a/../../b")), "../b");
  assert_str(path_normalise(*state, STR("/../a")), "/a");
  assert_str(path_normalise(*state, STR("/a/b/../c")), "/a/c");
  assert_str(path_normalise(*state, STR("/..")), "/");
  assert_str(path_normalise(*state, STR("//a")), "/a");
  assert_str(path_normalise(*state, STR("")), ".");
  assert_str(path_normalise(*state, STR("./")), ".");
  assert_str(path_normalise(*state, STR("..a/...")), "..a/...");
}

static void going_up_ends(void **state) {
  (void)state;
  assert_str(path_parent(STR("a/b/c")), "a/b");
  assert_str(path_parent(STR("a")), ".");
  assert_str(path_parent(STR(".")), ".");
  assert_str(path_parent(STR("/a")), "/");
  assert_str(path_parent(STR("/")), "/");
}

static void parts_of_a_name(void **state) {
  (void)state;
  assert_str(path_name(STR("a/b.py")), "b.py");
  assert_str(path_name(STR("b.py")), "b.py");
  assert_str(path_extension(STR("a.b/c.tar.gz")), "gz");
  assert_str(path_extension(STR("a.b/Makefile")), "");
  assert_str(path_extension(STR("a/.profile")), "");
  assert_str(path_stem(STR("a/b.py")), "b");
  assert_str(path_stem(STR("a/.profile")), ".profile");
}

static void inside(void **state) {
  (void)state;
  assert_true(path_is_inside(STR("a/b"), STR("a")));
  assert_true(path_is_inside(STR("a"), STR("a")));
  assert_false(path_is_inside(STR("ab"), STR("a")));
  assert_false(path_is_inside(STR("a"), STR("a/b")));
  assert_true(path_is_inside(STR("a"), STR(".")));
  assert_false(path_is_inside(STR("../a"), STR(".")));
  assert_true(path_is_inside(STR("..a"), STR(".")));
  assert_true(path_is_inside(STR("/a"), STR("/")));
  assert_false(path_is_inside(STR("/a"), STR(".")));
  assert_true(path_is_inside(STR("../a"), STR("..")));
  assert_false(path_is_inside(STR("../.."), STR("..")));
}

static void relative_to_a_folder(void **state) {
  assert_str(path_relative(*state, STR("/a/b/c"), STR("/a")), "b/c");
  assert_str(path_relative(*state, STR("/a/b"), STR("/a/c/d")), "../../b");
  assert_str(path_relative(*state, STR("/a"), STR("/a")), ".");
  assert_str(path_relative(*state, STR("/a"), STR("/")), "a");
  assert_str(path_relative(*state, STR("/a"), STR("/b")), "../a");
  assert_str(path_relative(*state, STR("a/b"), STR(".")), "a/b");
  assert_str(path_relative(*state, STR("."), STR("a")), "..");
  assert_str(path_relative(*state, STR("../b"), STR("a")), "../../b");
  assert_str(path_relative(*state, STR("../b"), STR("../a")), "../b");
  assert_str(path_relative(*state, STR("b"), STR("../a")), "b");
  assert_str(path_relative(*state, STR("/b"), STR("a")), "/b");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(joining),       cmocka_unit_test(normalising),
    cmocka_unit_test(going_up_ends), cmocka_unit_test(parts_of_a_name),
    cmocka_unit_test(inside),        cmocka_unit_test(relative_to_a_folder),
  };
  return cmocka_run_group_tests_name("path", tests, make_arena, free_arena);
}
