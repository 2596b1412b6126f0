#include "proof/linemap.h"

#include "unit.h"

static const Str BEFORE = { "a\nb\nc\nd\n", 8 };

typedef struct {
  Arena *arena;
  Source before, after;
  Edits edits;
} Fixture;

/* The text with what stands at [start, end) replaced. */
static LineMap replace(Fixture *fixture, uint32_t start, uint32_t end, Str text) {
  vec_push(fixture->arena, &fixture->edits, (Edit){ { start, end }, text });
  edits_sort(fixture->arena, &fixture->edits);
  Str after;
  assert_true(edits_apply(fixture->arena, BEFORE, &fixture->edits, &after));
  fixture->before = source_build(fixture->arena, STR("a.py"), BEFORE);
  fixture->after = source_build(fixture->arena, STR("a.py"), after);
  return (LineMap){ &fixture->before, &fixture->after, &fixture->edits };
}

static void assert_lines(const LineMap *map, uint32_t line, uint32_t first, uint32_t last) {
  LineRange range = linemap_before(map, line);
  assert_int_equal(range.first, first);
  assert_int_equal(range.last, last);
}

static void lines_that_were_put_in_stand_for_their_place(void **state) {
  (void)state;
  Fixture fixture = { .arena = arena_new() };
  LineMap map = replace(&fixture, 2, 2, STR("x\ny\n"));
  assert_lines(&map, 1, 1, 1);
  assert_lines(&map, 2, 2, 2);
  assert_lines(&map, 3, 2, 2);
  assert_lines(&map, 4, 2, 2);
  assert_lines(&map, 5, 3, 3);
  arena_free(fixture.arena);
}

static void a_word_in_a_line_moves_nothing(void **state) {
  (void)state;
  Fixture fixture = { .arena = arena_new() };
  LineMap map = replace(&fixture, 4, 4, STR("  await "));
  for (uint32_t line = 1; line <= 4; line++) assert_lines(&map, line, line, line);
  arena_free(fixture.arena);
}

static void a_new_line_stands_for_all_that_it_replaces(void **state) {
  (void)state;
  Fixture fixture = { .arena = arena_new() };
  LineMap map = replace(&fixture, 2, 6, STR("x\n"));
  assert_lines(&map, 1, 1, 1);
  assert_lines(&map, 2, 2, 3);
  assert_lines(&map, 3, 4, 4);
  arena_free(fixture.arena);
}

static void several_edits_add_up(void **state) {
  (void)state;
  Fixture fixture = { .arena = arena_new() };
  replace(&fixture, 0, 0, STR("import x\n"));
  LineMap map = replace(&fixture, 4, 6, STR(""));
  assert_lines(&map, 2, 1, 1);
  assert_lines(&map, 3, 2, 2);
  assert_lines(&map, 4, 4, 4);
  arena_free(fixture.arena);
}

static void lines_that_are_not_there(void **state) {
  (void)state;
  Fixture fixture = { .arena = arena_new() };
  LineMap map = replace(&fixture, 0, 0, STR("x"));
  assert_lines(&map, 0, 1, 0);
  assert_lines(&map, 99, 1, 0);
  arena_free(fixture.arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines_that_were_put_in_stand_for_their_place),
    cmocka_unit_test(a_word_in_a_line_moves_nothing),
    cmocka_unit_test(a_new_line_stands_for_all_that_it_replaces),
    cmocka_unit_test(several_edits_add_up),
    cmocka_unit_test(lines_that_are_not_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
