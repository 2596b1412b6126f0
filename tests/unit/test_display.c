#include "report/display.h"

#include "unit.h"

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

static Str shown(void **state, const Excerpt *excerpt) {
  Text text = { .arena = *state };
  add_excerpt(&text, excerpt);
  return text_str(&text);
}

static void assert_shown(void **state, Str line, Span wanted, const char *expected) {
  Excerpt excerpt = excerpt_of(line, wanted, 20);
  assert_str(shown(state, &excerpt), expected);
}

static void a_line_that_fits_is_shown_whole(void **state) {
  assert_shown(state, STR("await f()"), (Span){ 6, 9 }, "await f()");
  assert_shown(state, STR("12345678901234567890"), (Span){ 19, 20 }, "12345678901234567890");
}

static void of_a_long_line_the_part_that_is_wanted(void **state) {
  Str line = STR("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  assert_shown(state, line, (Span){ 3, 5 }, "abcdefghijklmnopqrs…");
  assert_shown(state, line, (Span){ 30, 32 }, "…yzABCDEFGHIJKLMNOP…");
  assert_shown(state, line, (Span){ 30, 43 }, "…zABCDEFGHIJKLMNOPQ…");
  assert_shown(state, line, (Span){ 50, 52 }, "…HIJKLMNOPQRSTUVWXYZ");
  /* What is too long itself: its beginning. */
  assert_shown(state, line, (Span){ 30, 52 }, "…ABCDEFGHIJKLMNOPQR…");
}

static void columns_are_those_of_the_part(void **state) {
  (void)state;
  Str line = STR("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  Excerpt excerpt = excerpt_of(line, (Span){ 30, 32 }, 20);
  assert_int_equal(excerpt_column(&excerpt, 30), 7);
  assert_int_equal(excerpt_column(&excerpt, 32), 9);
  /* What lies outside is at the signs. */
  assert_int_equal(excerpt_column(&excerpt, 2), 0);
  assert_int_equal(excerpt_column(&excerpt, 51), 19);
}

static void tabs_and_wide_characters_take_their_columns(void **state) {
  Str line = STR("\tx = '寿司🚀e\xcc\x81'");
  Excerpt excerpt = excerpt_of(line, (Span){ 0, 1 }, 20);
  assert_str(shown(state, &excerpt), "    x = '寿司🚀e\xcc\x81'");
  assert_int_equal(excerpt_column(&excerpt, 1), 4);
  assert_int_equal(excerpt_column(&excerpt, line.len), 17);
}

static void what_steers_a_terminal_is_a_dot(void **state) {
  assert_shown(state, STR("a\x1b[31m\x7f\xc2\x9b\xe2\x80\xae"), (Span){ 0, 1 }, "a.[31m...");
}

static void any_number_of_marks_without_a_column_is_cut(void **state) {
  Text line = { .arena = *state };
  for (int i = 0; i < 10000; i++) text_add(&line, STR("\xcc\x81"));
  Excerpt excerpt = excerpt_of(text_str(&line), (Span){ 10000, 10002 }, 20);
  assert_true(excerpt.is_cut && excerpt.is_cut_off);
  assert_true(excerpt.start < 10000 && excerpt.end > 10000);
}

static void a_terminal_leaves_what_the_numbers_do_not_take(void **state) {
  (void)state;
  assert_int_equal(display_room(80, 6), 74);
  assert_int_equal(display_room(10, 6), 20);
  assert_int_equal(display_room(0, 6), 140);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_line_that_fits_is_shown_whole),
    cmocka_unit_test(of_a_long_line_the_part_that_is_wanted),
    cmocka_unit_test(columns_are_those_of_the_part),
    cmocka_unit_test(tabs_and_wide_characters_take_their_columns),
    cmocka_unit_test(what_steers_a_terminal_is_a_dot),
    cmocka_unit_test(any_number_of_marks_without_a_column_is_cut),
    cmocka_unit_test(a_terminal_leaves_what_the_numbers_do_not_take),
  };
  return cmocka_run_group_tests(tests, make_arena, free_arena);
}
