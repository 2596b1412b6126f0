#include "lint/screen.h"

#include "unit.h"

static Screen *screen_of(Arena *arena, const char *const *words) {
  Screen *screen = arena_make(arena, Screen);
  for (; *words != NULL; words++) screen_add(arena, screen, str_from(*words));
  screen_build(arena, screen);
  return screen;
}

static void a_word_is_found_wherever_it_stands(void **state) {
  (void)state;
  static const char *const words[] = { "await", "create_task", "gather", NULL };
  Arena *arena = arena_new();
  const Screen *screen = screen_of(arena, words);
  for (uint32_t before = 0; before < 40; before++) {
    for (uint32_t after = 0; after < 5; after++) {
      for (uint32_t word = 0; words[word] != NULL; word++) {
        Str text = str_format(
          arena,
          "%.*s%s%.*s",
          (int)before,
          "a crate of wait, gat her and awai tasks, aw",
          words[word],
          (int)after,
          "tasks"
        );
        assert_true(screen_passes(screen, text));
      }
    }
  }
  arena_free(arena);
}

static void what_only_looks_alike_does_not_pass(void **state) {
  (void)state;
  static const char *const words[] = { "await", "create_task", NULL };
  Arena *arena = arena_new();
  const Screen *screen = screen_of(arena, words);
  assert_false(screen_passes(screen, STR("")));
  assert_false(screen_passes(screen, STR("aw")));
  assert_false(screen_passes(screen, STR("awai")));
  assert_false(screen_passes(screen, STR("Await wait create_tas reate_task")));
  arena_free(arena);
}

static void without_words_nothing_passes(void **state) {
  (void)state;
  static const char *const words[] = { NULL };
  Arena *arena = arena_new();
  assert_false(screen_passes(screen_of(arena, words), STR("await")));
  arena_free(arena);
}

static void a_short_word_lets_everything_pass(void **state) {
  (void)state;
  static const char *const words[] = { "await", "ab", NULL };
  Arena *arena = arena_new();
  assert_true(screen_passes(screen_of(arena, words), STR("x")));
  arena_free(arena);
}

static void a_word_within_another_stands_for_both(void **state) {
  (void)state;
  static const char *const words[] = { "asyncio", "async", "asyncio.run", NULL };
  Arena *arena = arena_new();
  const Screen *screen = screen_of(arena, words);
  assert_int_equal(screen->words.count, 1);
  assert_true(screen_passes(screen, STR("an async def")));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_word_is_found_wherever_it_stands),
    cmocka_unit_test(what_only_looks_alike_does_not_pass),
    cmocka_unit_test(without_words_nothing_passes),
    cmocka_unit_test(a_short_word_lets_everything_pass),
    cmocka_unit_test(a_word_within_another_stands_for_both),
  };
  return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
