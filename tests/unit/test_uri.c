#include "lsp/uri.h"

#include "unit.h"

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

#define assert_path(arena, uri, path) \
  assert_str(uri_path((arena), STR(uri), STR("/folder")), (path))

static void files_have_the_path_that_is_written(void **state) {
  assert_path(*state, "file:///a/b.py", "/a/b.py");
  assert_path(*state, "file://localhost/a/b.py", "/a/b.py");
  assert_path(*state, "file:///a%20b/%C3%A9%2b.py", "/a b/é+.py");
  assert_path(*state, "file:///a/./b/../c//d/", "/a/c/d");
  assert_path(*state, "file:///", "/");
}

static void what_is_no_escape_stands_for_itself(void **state) {
  assert_path(*state, "file:///a%", "/a%");
  assert_path(*state, "file:///a%2", "/a%2");
  assert_path(*state, "file:///a%zz%00", "/a%zz%00");
}

static void others_have_a_path_that_no_file_has(void **state) {
  assert_path(*state, "untitled:Untitled-1", "/folder/untitled:Untitled-1");
  assert_path(*state, "git:/a/b.py?HEAD", "/folder/git:-a-b.py?HEAD");
  assert_path(*state, "file://nothing", "/folder/file:--nothing");
  assert_path(*state, "../..", "/folder/..-..");
}

static void a_path_comes_back_from_its_uri(void **state) {
  Str paths[] = { STR("/a/b.py"), STR("/a b/é%#?.py"), STR("/\xff") };
  assert_str(uri_of(*state, paths[0]), "file:///a/b.py");
  assert_str(uri_of(*state, paths[1]), "file:///a%20b/%C3%A9%25%23%3F.py");
  for (int i = 0; i < 3; i++) {
    Str back = uri_path(*state, uri_of(*state, paths[i]), STR("/folder"));
    assert_true(str_equal(back, paths[i]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(files_have_the_path_that_is_written),
    cmocka_unit_test(what_is_no_escape_stands_for_itself),
    cmocka_unit_test(others_have_a_path_that_no_file_has),
    cmocka_unit_test(a_path_comes_back_from_its_uri),
  };
  return cmocka_run_group_tests(tests, make_arena, free_arena);
}
