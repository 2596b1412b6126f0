#include "lsp/position.h"

#include "unit.h"

/* One byte, two, three and four: é is one unit of UTF-16, 😀 two. */
static const char LINE[] = "aé€😀b";

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

static Ruler ruler_of(Arena *arena, const char *text, Encoding encoding) {
  Source *source = arena_make(arena, Source);
  *source = source_build(arena, STR("a.py"), str_from(text));
  return (Ruler){ source, encoding, true };
}

static void assert_place(const Ruler *ruler, uint32_t offset, uint32_t line, uint32_t character) {
  LinePosition position = position_at(ruler, offset);
  assert_int_equal(position.line, line);
  assert_int_equal(position.character, character);
  uint32_t back = 0;
  assert_true(position_find(ruler, 0, position, &back));
  assert_int_equal(back, offset);
}

static void each_encoding_counts_its_units(void **state) {
  static const uint32_t offsets[] = { 0, 1, 3, 6, 10, 11 };
  static const uint32_t units[][6] = {
    [ENCODING_UTF16] = { 0, 1, 2, 3, 5, 6 },
    [ENCODING_UTF8] = { 0, 1, 3, 6, 10, 11 },
    [ENCODING_UTF32] = { 0, 1, 2, 3, 4, 5 },
  };
  for (Encoding encoding = ENCODING_UTF16; encoding <= ENCODING_UTF32; encoding++) {
    Ruler ruler = ruler_of(*state, LINE, encoding);
    for (int i = 0; i < 6; i++) assert_place(&ruler, offsets[i], 0, units[encoding][i]);
  }
}

static uint32_t find(const Ruler *ruler, uint32_t line, uint32_t character) {
  uint32_t offset = UINT32_MAX;
  assert_true(position_find(ruler, 0, (LinePosition){ line, character }, &offset));
  return offset;
}

static void a_position_within_a_character_is_its_start(void **state) {
  Ruler pairs = ruler_of(*state, LINE, ENCODING_UTF16),
        bytes = ruler_of(*state, LINE, ENCODING_UTF8);
  assert_int_equal(find(&pairs, 0, 4), 6);
  for (uint32_t i = 6; i < 10; i++) assert_int_equal(find(&bytes, 0, i), 6);
  assert_int_equal(find(&bytes, 0, 2), 1);
}

static void a_position_behind_its_line_is_the_end_of_that(void **state) {
  Ruler ruler = ruler_of(*state, "ab\r\ncd\rx\n", ENCODING_UTF16);
  assert_int_equal(find(&ruler, 0, 99), 2);
  assert_int_equal(find(&ruler, 1, UINT32_MAX), 6);
  assert_int_equal(find(&ruler, 2, 1), 8);
  assert_int_equal(find(&ruler, 3, 0), 9);
  assert_place(&ruler, 4, 1, 0);
  assert_place(&ruler, 7, 2, 0);
}

static void lines_exist_up_to_one_behind_the_last(void **state) {
  Ruler ruler = ruler_of(*state, "ab\ncd", ENCODING_UTF16);
  uint32_t offset = 0;
  assert_int_equal(find(&ruler, 2, 0), 5);
  assert_false(position_find(&ruler, 0, (LinePosition){ 3, 0 }, &offset));
  assert_int_equal(offset, 5);
}

static void the_mark_is_a_character_only_of_the_clients_text(void **state) {
  Ruler ruler = ruler_of(*state, "\xef\xbb\xbfx\ny", ENCODING_UTF16);
  assert_place(&ruler, 3, 0, 1);
  assert_int_equal(find(&ruler, 0, 0), 0);
  ruler.counts_mark = false;
  assert_place(&ruler, 3, 0, 0);
  assert_place(&ruler, 5, 1, 0);
}

static void places_in_a_notebook_count_within_their_cell(void **state) {
  Arena *arena = *state;
  Cells cells = { 0 };
  vec_push(arena, &cells, (Cell){ .number = 1, .text = STR("a\nb"), .code = STR("a\nb") });
  vec_push(arena, &cells, (Cell){ .number = 3, .text = STR("é\nd"), .code = STR("é\nd") });
  Source source = source_build_notebook(arena, STR("a.ipynb"), &cells);
  Ruler ruler = { &source, ENCODING_UTF16, true };
  uint32_t offset = 0;
  assert_true(position_find(&ruler, 3, (LinePosition){ 1, 1 }, &offset));
  assert_int_equal(offset, 8);
  LinePosition position = position_at(&ruler, offset);
  assert_int_equal(position.line, 1);
  assert_int_equal(position.character, 1);
  assert_false(position_find(&ruler, 2, (LinePosition){ 0, 0 }, &offset));
  assert_false(position_find(&ruler, 1, (LinePosition){ 2, 0 }, &offset));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_encoding_counts_its_units),
    cmocka_unit_test(a_position_within_a_character_is_its_start),
    cmocka_unit_test(a_position_behind_its_line_is_the_end_of_that),
    cmocka_unit_test(lines_exist_up_to_one_behind_the_last),
    cmocka_unit_test(the_mark_is_a_character_only_of_the_clients_text),
    cmocka_unit_test(places_in_a_notebook_count_within_their_cell),
  };
  return cmocka_run_group_tests(tests, make_arena, free_arena);
}
