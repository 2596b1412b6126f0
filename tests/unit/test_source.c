#include "source/source.h"

#include "base/text.h"
#include "unit.h"

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

static void assert_position(const Source *source, uint32_t offset, uint32_t line, uint32_t column) {
  Position position = source_position(source, offset);
  assert_int_equal(position.line, line);
  assert_int_equal(position.column, column);
  assert_int_equal(source_line_of(source, offset), line);
}

static void every_line_ending_ends_a_line(void **state) {
  Source source = source_build(*state, STR("a.py"), STR("one\ntwo\r\nthree\rfour\n\n"));
  assert_int_equal(source.line_count, 6);
  assert_str(source_line(&source, 1), "one");
  assert_str(source_line(&source, 2), "two");
  assert_str(source_line(&source, 3), "three");
  assert_str(source_line(&source, 4), "four");
  assert_str(source_line(&source, 5), "");
  assert_str(source_line(&source, 6), "");
  assert_str(source_line(&source, 7), "");
  assert_str(source_line(&source, 0), "");
  assert_position(&source, 0, 1, 1);
  assert_position(&source, 3, 1, 4);
  assert_position(&source, 4, 2, 1);
  assert_position(&source, 9, 3, 1);
  assert_position(&source, 15, 4, 1);
  assert_position(&source, 21, 6, 1);
  assert_position(&source, 99, 6, 1);
}

static void an_empty_text_has_one_line(void **state) {
  Source source = source_build(*state, STR("a.py"), STR_EMPTY);
  assert_int_equal(source.line_count, 1);
  assert_position(&source, 0, 1, 1);
  assert_int_equal(source_offset(&source, (Position){ 3, 3 }), 0);
}

static void columns_count_characters(void **state) {
  // 2, 3 and 4 bytes
  Source source = source_build(*state, STR("a.py"), STR("ä€😀x = 1"));
  assert_position(&source, 2, 1, 2);
  assert_position(&source, 5, 1, 3);
  assert_position(&source, 9, 1, 4);
  assert_int_equal(source_offset(&source, (Position){ 1, 4 }), 9);
  assert_int_equal(source_offset(&source, (Position){ 1, 2 }), 2);
}

static void a_byte_order_mark_is_no_character(void **state) {
  Source source = source_build(*state, STR("a.py"), STR("\xef\xbb\xbfx = 1\n"));
  assert_position(&source, 0, 1, 1);
  assert_position(&source, 3, 1, 1);
  assert_position(&source, 4, 1, 2);
  assert_str(source_line(&source, 1), "x = 1");
  assert_int_equal(source_offset(&source, (Position){ 1, 1 }), 3);
}

static void columns_count_what_is_asked_for(void **state) {
  Source source = source_build(*state, STR("a.py"), STR("\xef\xbb\xbf\n\xc3\xa4\xf0\x9f\x98\x80x"));
  uint32_t x = source.text.len - 1;
  assert_int_equal(source_column(&source, x, COLUMN_CHARACTERS), 3);
  assert_int_equal(source_column(&source, x, COLUMN_UTF16_UNITS), 4);
  assert_int_equal(source_column(&source, x, COLUMN_BYTES), 7);
  assert_int_equal(source_column(&source, 0, COLUMN_BYTES), 1);
  assert_int_equal(source_written_line(&source, x), 2);
}

static void columns_of_long_lines_are_those_of_short_ones(void **state) {
  Text text = { .arena = *state };
  text_add(&text, STR("\xef\xbb\xbf#\n"));
  for (int i = 0; i < 2000; i++) text_add(&text, STR("a\xc3\xa4\xf0\x9f\x98\x80"));
  Source source = source_build(*state, STR("a.py"), text_str(&text));
  Source copy = source_copy(*state, &source);
  for (uint32_t i = 0; i < 2000; i++) {
    uint32_t offset = 5 + 7 * i;
    assert_int_equal(source_column(&source, offset, COLUMN_CHARACTERS), 3 * i + 1);
    assert_int_equal(source_column(&source, offset, COLUMN_UTF16_UNITS), 4 * i + 1);
    assert_int_equal(source_column(&source, offset, COLUMN_BYTES), 7 * i + 1);
    assert_int_equal(source_column(&copy, offset, COLUMN_UTF16_UNITS), 4 * i + 1);
  }
}

static void offsets_stay_inside_line_and_text(void **state) {
  Source source = source_build(*state, STR("a.py"), STR("ab\r\ncd"));
  assert_int_equal(source_offset(&source, (Position){ 1, 3 }), 2);
  assert_int_equal(source_offset(&source, (Position){ 1, 99 }), 2);
  assert_int_equal(source_offset(&source, (Position){ 2, 99 }), 6);
  assert_int_equal(source_offset(&source, (Position){ 9, 1 }), 6);
  assert_int_equal(source_offset(&source, (Position){ 0, 0 }), 0);
  assert_str(source_text(&source, (Span){ 4, 99 }), "cd");
}

static Source three_cells(Arena *arena) {
  Cells cells = { 0 };
  vec_push(arena, &cells, (Cell){ .number = 2, .text = STR("a\nb"), .code = STR("a\nb") });
  vec_push(arena, &cells, (Cell){ .number = 3, .text = STR("!c\n"), .code = STR("0 \n") });
  vec_push(arena, &cells, (Cell){ .number = 7, .text = STR("d\n\ne"), .code = STR("d\n\ne") });
  return source_build_notebook(arena, STR("n.ipynb"), &cells);
}

static void assert_place(const Source *source, char sign, uint32_t cell, uint32_t line) {
  uint32_t offset =
    (uint32_t)((const char *)memchr(source->text.data, sign, source->text.len) - source->text.data);
  assert_int_equal(source_cell(source, offset), cell);
  assert_int_equal(source_position(source, offset).line, line);
  assert_int_equal(source_line_in(source, cell, line), source_line_of(source, offset));
}

static void positions_in_a_notebook_count_within_the_cell(void **state) {
  Source source = three_cells(*state);
  assert_str(source.text, "a\nb\n!c\nd\n\ne\n");
  assert_str(source.code, "a\nb\n0 \nd\n\ne\n");
  assert_place(&source, 'a', 2, 1);
  assert_place(&source, 'b', 2, 2);
  assert_place(&source, 'c', 3, 1);
  assert_place(&source, 'd', 7, 1);
  assert_place(&source, 'e', 7, 3);
  assert_int_equal(source_line_in(&source, 2, 3), 0);
  assert_int_equal(source_line_in(&source, 1, 1), 0);
  assert_int_equal(source_line_in(&source, 0, 1), 0);
}

static void cells_end_before_the_next_one(void **state) {
  Source source = three_cells(*state);
  assert_int_equal(source_cell_end(&source, 0), 3);
  assert_int_equal(source_cell_end(&source, 5), 6);
  assert_int_equal(source_cell_end(&source, 8), source.text.len);
  bool starts[] = { true, false, true, true, false, false };
  for (uint32_t line = 1; line <= 6; line++) {
    assert_int_equal(source_starts_cell(&source, line), starts[line - 1]);
  }
}

static void a_copy_has_the_cells(void **state) {
  Arena *other = arena_new();
  Source source = three_cells(other);
  Source copy = source_copy(*state, &source);
  arena_free(other);
  assert_str(copy.code, "a\nb\n0 \nd\n\ne\n");
  assert_place(&copy, 'e', 7, 3);
}

static void assert_fault(Str text, SourceFault expected, uint32_t expected_offset) {
  uint32_t offset = 0;
  assert_int_equal(source_fault(text, &offset), expected);
  assert_int_equal(offset, expected_offset);
}

static void a_copy_outlives_the_original(void **state) {
  Arena *other = arena_new();
  Source source = source_build(other, STR("x.py"), str_copy(other, STR("a\nb = 1\n")));
  Source copy = source_copy(*state, &source);
  arena_free(other);
  assert_str(copy.path, "x.py");
  assert_str(source_line(&copy, 2), "b = 1");
  assert_int_equal(source_line_of(&copy, copy.text.len), 3);
}

static void texts_without_fault(void **state) {
  (void)state;
  assert_fault(STR_EMPTY, SOURCE_OK, 0);
  assert_fault(STR("plain ASCII \x7f text of some length"), SOURCE_OK, 0);
  assert_fault(STR("\xef\xbb\xbf# ä € 😀 \xf4\x8f\xbf\xbf \xed\x9f\xbf"), SOURCE_OK, 0);
}

static void bytes_that_are_not_utf8(void **state) {
  (void)state;
  assert_fault(STR("0123456789\xff"), SOURCE_NOT_UTF8, 10);
  assert_fault(STR("caf\xe9 au lait"), SOURCE_NOT_UTF8, 3);  // Latin-1
  assert_fault(STR("\x80"), SOURCE_NOT_UTF8, 0);             // continues nothing
  assert_fault(STR("\xc0\xaf"), SOURCE_NOT_UTF8, 0);         // longer than needed
  assert_fault(STR("\xe0\x9f\xbf"), SOURCE_NOT_UTF8, 0);     // longer than needed
  assert_fault(STR("a\xed\xa0\x80"), SOURCE_NOT_UTF8, 1);    // a surrogate
  assert_fault(STR("\xf4\x90\x80\x80"), SOURCE_NOT_UTF8, 0); // above U+10FFFF
  assert_fault(STR("ab\xe2\x82"), SOURCE_NOT_UTF8, 2);       // cut off
  assert_fault(STR("ab\xf0\x9f\x98x"), SOURCE_NOT_UTF8, 2);
}

static void what_is_not_text_at_all(void **state) {
  (void)state;
  assert_fault(
    STR("\xff\xfe"
        "a\0"),
    SOURCE_UTF16,
    0
  );
  assert_fault(STR("\xfe\xff\0a"), SOURCE_UTF16, 0);
  assert_fault(STR("0123456789\0a"), SOURCE_NUL, 10);
  assert_fault(STR("\0"), SOURCE_NUL, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(positions_in_a_notebook_count_within_the_cell),
    cmocka_unit_test(cells_end_before_the_next_one),
    cmocka_unit_test(a_copy_has_the_cells),
    cmocka_unit_test(every_line_ending_ends_a_line),
    cmocka_unit_test(an_empty_text_has_one_line),
    cmocka_unit_test(columns_count_characters),
    cmocka_unit_test(a_byte_order_mark_is_no_character),
    cmocka_unit_test(offsets_stay_inside_line_and_text),
    cmocka_unit_test(columns_count_what_is_asked_for),
    cmocka_unit_test(columns_of_long_lines_are_those_of_short_ones),
    cmocka_unit_test(a_copy_outlives_the_original),
    cmocka_unit_test(texts_without_fault),
    cmocka_unit_test(bytes_that_are_not_utf8),
    cmocka_unit_test(what_is_not_text_at_all),
  };
  return cmocka_run_group_tests_name("source", tests, make_arena, free_arena);
}
