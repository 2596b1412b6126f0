#include "base/text.h"

#include "unit.h"

static void everything_added_is_there(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Text text = { .arena = arena };
  assert_str(text_str(&text), "");
  text_add(&text, STR("a"));
  text_add(&text, (Str){ 0 });
  text_add_char(&text, ':');
  text_add_repeated(&text, '^', 3);
  text_add_repeated(&text, '^', 0);
  text_format(&text, " %s=%d", "x", 7);
  text_add(&text, STR("."));
  assert_str(text_str(&text), "a:^^^ x=7.");
  arena_free(arena);
}

static void it_grows_in_small_and_large_steps(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Text text = { .arena = arena };
  for (int i = 0; i < 10000; i++) text_format(&text, "%d,", i % 10);
  text_add_repeated(&text, 'x', 1 << 20);
  text_add_char(&text, 'y');
  Str all = text_str(&text);
  assert_int_equal(all.len, 20000 + (1 << 20) + 1);
  assert_true(str_starts_with(all, STR("0,1,2,")));
  assert_true(str_ends_with(all, STR("xxy")));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(everything_added_is_there),
    cmocka_unit_test(it_grows_in_small_and_large_steps),
  };
  return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
