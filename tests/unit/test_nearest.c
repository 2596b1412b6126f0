#include "lint/nearest.h"

#include "unit.h"

static const char *const words[] = { "select", "extend-select", "ignore", "exclude" };

static void check(const char *written, const char *expected) {
  Arena *arena = arena_new();
  const char *nearest = nearest_word(arena, str_from(written), words, 4);
  if (expected == NULL) assert_null(nearest);
  else assert_string_equal(nearest, expected);
  arena_free(arena);
}

static void a_slip_of_the_pen_is_understood(void **state) {
  (void)state;
  check("selct", "select");
  check("seelct", "select");
  check("sselect", "select");
  check("selecz", "select");
  check("extend_select", "extend-select");
  check("ingore", "ignore");
}

static void something_else_is_not(void **state) {
  (void)state;
  check("", NULL);
  check("x", NULL);
  check("fixable", NULL);
  check("selected-things-and-more", NULL);
}

static void an_overlong_word_is_nobodys(void **state) {
  (void)state;
  char text[2000] = { 0 };
  memset(text, 's', sizeof text - 1);
  check(text, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_slip_of_the_pen_is_understood),
    cmocka_unit_test(something_else_is_not),
    cmocka_unit_test(an_overlong_word_is_nobodys),
  };
  return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
