#include "project/python_version.h"

#include "unit.h"

static void target(const char *text, int expected) {
  uint16_t minor = 0;
  bool is_version = python_version_parse(str_from(text), &minor);
  if (is_version != (expected >= 0)) fail_msg("%s", text);
  if (is_version) assert_int_equal(minor, expected);
}

static void versions_are_written_in_two_ways(void **state) {
  (void)state;
  target("py311", 11);
  target("3.11", 11);
  target("py38", 8);
  target("3.6", 6);
  target("3.14", 14);
}

static void anything_else_is_none(void **state) {
  (void)state;
  target("", -1);
  target("3", -1);
  target("3.", -1);
  target("py3", -1);
  target("py27", -1);
  target("2.7", -1);
  target("3.5", -1);
  target("3.08", -1);
  target("3.11.2", -1);
  target("py3110", -1);
  target("3.x", -1);
  target("311", -1);
}

static void lowest(const char *specifier, uint16_t expected) {
  uint16_t minor = python_version_lowest(str_from(specifier));
  if (minor != expected) fail_msg("%s: %u is not %u", specifier, minor, expected);
}

static void the_lowest_version_of_a_specifier(void **state) {
  (void)state;
  lowest(">=3.9", 9);
  lowest(">=3.9,<4", 9);
  lowest(">= 3.9 , < 4", 9);
  lowest("<4.0,>=3.10", 10);
  lowest(">3.8", 8);
  lowest("~=3.8", 8);
  lowest("~=3.8.2", 8);
  lowest("==3.11.*", 11);
  lowest("===3.12.1", 12);
  lowest("^3.8", 8);
  lowest("~3.7", 7);
  lowest("3.13", 13);
  lowest(">=3.8 <3.12", 8);
  lowest(">=3.8,!=3.9.0,>=3.10", 10);
  lowest("^3.8 || ^3.10", 8);
  lowest("^3.11|^3.9", 9);
}

static void what_bounds_nothing_is_zero(void **state) {
  (void)state;
  lowest("", 0);
  lowest("*", 0);
  lowest(">=3", 0);
  lowest(">=2.7", 0);
  lowest("<4", 0);
  lowest("!=3.9", 0);
  lowest("^3.8 || *", 0);
  lowest(">=3.999999999999", 0);
  lowest("python", 0);
  lowest(">=", 0);
}

static void setup_says(const char *text, uint16_t minor) {
  assert_int_equal(python_version_of_setup(str_from(text)), minor);
}

static void setup_files_tell_a_version(void **state) {
  (void)state;
  setup_says("setup(\n    name='x', python_requires='>=3.9',\n)", 9);
  setup_says("kwargs = {\"python_requires\": \">=3.11, <4\"}", 11);
  setup_says("[options]\npython_requires = >= 3.8  # old\nx = 3.12", 8);
  setup_says("python_requires = None\nsetup(python_requires=\">=3.10\")", 10);
  setup_says("setup(python_requires='>={}'.format(LOWEST))", 0);
  setup_says("REQUIRES = '>=3.13'\nsetup(python_requires=REQUIRES, x=1)", 13);
  setup_says("setup(python_requires=unknown)", 0);
  setup_says("setup(python_requires", 0);
  setup_says("", 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(versions_are_written_in_two_ways),
    cmocka_unit_test(anything_else_is_none),
    cmocka_unit_test(the_lowest_version_of_a_specifier),
    cmocka_unit_test(what_bounds_nothing_is_zero),
    cmocka_unit_test(setup_files_tell_a_version),
  };
  return cmocka_run_group_tests_name("python_version", tests, NULL, NULL);
}
