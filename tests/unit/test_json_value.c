#include "report/json_value.h"

#include "unit.h"

/* Gives the value up. */
static void assert_written_as_by_jansson(json_t *value) {
  Arena *arena = arena_new();
  Text text = { .arena = arena };
  char *expected = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
  text_add_json(&text, value);
  assert_string_equal(str_terminated(arena, text_str(&text)), expected);
  free(expected);
  arena_free(arena);
}

static void every_character_is_escaped_as_by_the_library(void **state) {
  (void)state;
  for (char c = 1; c > 0; c++) {
    char text[] = { 'a', c, 'b', c, '\0' };
    assert_written_as_by_jansson(json_string(text));
  }
  assert_written_as_by_jansson(json_stringn("a\0b", 3));
  assert_written_as_by_jansson(json_string(""));
  assert_written_as_by_jansson(json_string("é 漢字 \xF0\x9F\x90\x8D \xEF\xBF\xBD"));
}

static void every_number_is_written_as_by_the_library(void **state) {
  (void)state;
  static const json_int_t integers[] = { 0, 7, -1, 10, 1234567890, INT64_MAX, INT64_MIN };
  for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
    assert_written_as_by_jansson(json_integer(integers[i]));
  assert_written_as_by_jansson(json_real(0.1));
  assert_written_as_by_jansson(json_real(-1e300));
}

static void values_are_nested_as_by_the_library(void **state) {
  (void)state;
  assert_written_as_by_jansson(json_object());
  assert_written_as_by_jansson(json_array());
  assert_written_as_by_jansson(json_pack(
    "{s:{s:[], s:{}}, s:[n, b, b, [i, {s:s}]], s:s}",
    "z \"quoted\"",
    "list",
    "object",
    "list",
    1,
    0,
    3,
    "key",
    "value\n",
    "a",
    "last"
  ));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_character_is_escaped_as_by_the_library),
    cmocka_unit_test(every_number_is_written_as_by_the_library),
    cmocka_unit_test(values_are_nested_as_by_the_library),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
