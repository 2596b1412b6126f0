#include "lint/path_pattern.h"

#include "unit.h"

static void fits(const char *pattern, const char *path) {
  if (!path_fits(str_from(path), str_from(pattern))) fail_msg("%s does not fit %s", pattern, path);
}

static void fits_not(const char *pattern, const char *path) {
  if (path_fits(str_from(path), str_from(pattern))) fail_msg("%s fits %s", pattern, path);
}

static void a_bare_name_fits_at_any_depth(void **state) {
  (void)state;
  fits("conftest.py", "conftest.py");
  fits("conftest.py", "a/b/conftest.py");
  fits("tests", "a/tests/b.py");
  fits("test_*.py", "a/test_x.py");
  fits("?.py", "a/b.py");
  fits_not("conftest.py", "a/xconftest.py");
  fits_not("test_*.py", "a/test_x.pyi");
  fits_not("?.py", "ab.py");
  fits_not("a", "ba/c.py");
}

static void a_pattern_with_a_slash_starts_at_the_root(void **state) {
  (void)state;
  fits("a/b.py", "a/b.py");
  fits("/b.py", "b.py");
  fits("./a", "a/b.py");
  fits_not("a/b.py", "x/a/b.py");
  fits_not("/b.py", "a/b.py");
  fits_not("a/b", "a/bc.py");
}

static void a_folder_covers_what_lies_in_it(void **state) {
  (void)state;
  fits("a/", "a/b/c.py");
  fits("src/gen", "src/gen/x/y.py");
  fits("src/*", "src/gen/x/y.py");
  fits_not("src/gen", "src/generated/x.py");
}

static void one_star_stays_within_a_part_and_two_cross(void **state) {
  (void)state;
  fits("a/*.py", "a/b.py");
  fits("a/**/*.py", "a/b.py");
  fits("a/**/*.py", "a/b/c/d.py");
  fits("**/migrations/*.py", "x/y/migrations/0001.py");
  fits("**/migrations/*.py", "migrations/0001.py");
  fits("a/**", "a/b/c.py");
  fits("a**c.py", "a/b/c.py");
  fits("*a*b*", "xaxbx");
  fits_not("a/*.py", "a/b/c.py");
  fits_not("**/migrations/*.py", "x/mymigrations/0001.py");
  fits_not("a/**/d.py", "a/bd.py");
}

static void nothing_fits_nothing(void **state) {
  (void)state;
  fits_not("", "a");
  fits_not("/", "a");
  fits_not("a", "");
}

static void many_stars_end_soon(void **state) {
  (void)state;
  char pattern[400], path[4000];
  for (size_t i = 0; i + 2 < sizeof pattern; i += 2) memcpy(pattern + i, "*a", 2);
  memcpy(pattern + sizeof pattern - 2, "b", 2);
  memset(path, 'a', sizeof path - 1);
  path[sizeof path - 1] = '\0';
  fits_not(pattern, path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_bare_name_fits_at_any_depth),
    cmocka_unit_test(a_pattern_with_a_slash_starts_at_the_root),
    cmocka_unit_test(a_folder_covers_what_lies_in_it),
    cmocka_unit_test(one_star_stays_within_a_part_and_two_cross),
    cmocka_unit_test(nothing_fits_nothing),
    cmocka_unit_test(many_stars_end_soon),
  };
  return cmocka_run_group_tests_name("path_pattern", tests, NULL, NULL);
}
