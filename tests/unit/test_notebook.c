#include "project/notebook.h"

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

static Cells read(Arena *arena, const char *json) {
  Cells cells = { 0 };
  NotebookFault fault;
  if (!notebook_read(arena, str_from(json), &cells, &fault))
    fail_msg("%s in %s", fault.message, json);
  return cells;
}

static void assert_fault(Arena *arena, const char *json, const char *place, const char *words) {
  Cells cells = { 0 };
  NotebookFault fault;
  if (notebook_read(arena, str_from(json), &cells, &fault)) fail_msg("nothing wrong in %s", json);
  if (strstr(fault.message, words) == NULL)
    fail_msg("\"%s\" does not say %s", fault.message, words);
  assert_true(fault.offset <= strlen(json));
  if (strncmp(json + fault.offset, place, strlen(place)) != 0)
    fail_msg("\"%s\" is blamed on %s", fault.message, json + fault.offset);
}

#define CODE(source) \
  "{\"cell_type\": \"code\", \"metadata\": {}, \"outputs\": [], \"source\": " source "}"

static void code_cells_are_numbered_among_all(void **state) {
  Cells cells = read(
    *state,
    "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": \"# x\"}, " CODE("\"a\\nb\""
    ) ", " CODE("[]") ", " CODE("[\"c\\n\", \"d\"]") "], \"nbformat\": 4}"
  );
  assert_int_equal(cells.count, 2);
  assert_int_equal(cells.items[0].number, 2);
  assert_str(cells.items[0].text, "a\nb");
  assert_int_equal(cells.items[1].number, 4);
  assert_str(cells.items[1].text, "c\nd");
}

static void lines_of_cells_are_known_in_the_file(void **state) {
  Cells cells = read(
    *state,
    "{\"cells\": [\n" CODE("[\n\"a\\n\",\n\"b\\nc\\n\",\n\"d\"]") ",\n" CODE("\"e\\nf\"") "]}"
  );
  Source source = source_build_notebook(*state, STR("n.ipynb"), &cells);
  uint32_t expected[] = { 3, 4, 4, 5, 6, 6 };
  for (uint32_t i = 0; i < sizeof expected / sizeof *expected; i++)
    assert_int_equal(source_written_line(&source, 2 * i), expected[i]);
}

static void the_text_stays_beside_the_code(void **state) {
  Cells cells = read(*state, "{\"cells\": [" CODE("\"!ls\\nx\"") "]}");
  assert_str(cells.items[0].text, "!ls\nx");
  assert_str(cells.items[0].code, "0  \nx");
}

static void escapes_mean_characters(void **state) {
  Cells cells = read(
    *state,
    "{\"cells\": [" CODE("\"\\u0041\\u00e4\\u20AC\\ud83d\\ude00\\t\\\"\\\\\\/\\b\\f\\r\"") "]}"
  );
  assert_str(cells.items[0].text, "Aä€😀\t\"\\/\b\f\r");
}

static void other_languages_have_no_cells_for_us(void **state) {
  assert_int_equal(
    read(
      *state,
      "{\"cells\": [" CODE("\"x\"") "], \"metadata\": {\"kernelspec\": {\"language\": \"R\"}}}"
    )
      .count,
    0
  );
  assert_int_equal(
    read(
      *state,
      "{\"metadata\": {\"kernelspec\": {\"language\": \"scala\"}, \"language_info\": {\"name\": "
      "\"Python\"}}, "
      "\"cells\": [" CODE("\"x\"") "]}"
    )
      .count,
    1
  );
  assert_int_equal(
    read(
      *state,
      "{\"cells\": [{\"cell_type\": \"code\", \"metadata\": {\"vscode\": {\"languageId\": "
      "\"sql\"}}, \"source\": "
      "\"x\"}, " CODE("\"y\"") "]}"
    )
      .count,
    1
  );
}

static void outputs_are_passed_over_whatever_they_hold(void **state) {
  Text deep = { .arena = *state };
  text_add(&deep, STR("{\"x\": NaN, \"y\": 1e999, \"z\": \"\\ud800\", \"deep\": "));
  text_add_repeated(&deep, '[', 100000);
  text_add_repeated(&deep, ']', 100000);
  text_add(&deep, STR(", \"cells\": [" CODE("\"x\"") "]}"));
  assert_int_equal(read(*state, str_terminated(*state, text_str(&deep))).count, 1);
}

static void a_byte_order_mark_is_fine(void **state) {
  assert_int_equal(read(*state, "\xef\xbb\xbf{\"cells\": []}").count, 0);
}

static void what_is_not_json_is_blamed_where_it_starts(void **state) {
  assert_fault(*state, "", "", "is empty");
  assert_fault(*state, " \n", " \n", "is empty");
  assert_fault(*state, "hello", "hello", "a value is expected");
  assert_fault(*state, "{\"cells\": [\n<<<<<<< HEAD", "<<<", "a value is expected");
  assert_fault(*state, "{\"cells\": []", "", "too early");
  assert_fault(*state, "{\"cells\": [] \"x\": 1}", "\"x\"", "a comma is missing");
  assert_fault(*state, "{\"cells\" []}", "[", "a colon is missing");
  assert_fault(*state, "{1: 2}", "1", "a key in quotes");
  assert_fault(*state, "{\"cells\": []} x", "x", "behind its end");
  assert_fault(*state, "{\"x\": [}", "}", "closes nothing");
  assert_fault(*state, "{\"x\": \"abc", "\"abc", "a string without an end");
  assert_fault(*state, "{\"x", "\"x", "a string without an end");
  assert_fault(*state, "{\"cells\": [" CODE("\"\\q\"") "]}", "\\q", "no such escape");
  assert_fault(*state, "{\"cells\": [" CODE("\"\\u12\"") "]}", "\\u12", "four digits");
}

static void what_is_no_notebook_is_blamed_where_it_differs(void **state) {
  assert_fault(*state, "[1]", "[1]", "it is no object");
  assert_fault(*state, "{}", "", "it has no `cells`");
  assert_fault(*state, "{\"nbformat\": 3, \"worksheets\": []}", "", "an old format");
  assert_fault(*state, "{\"nbformat\": \"3\"}", "", "it has no `cells`");
  assert_fault(*state, "{\"cells\": {}}", "{}", "`cells` is no list");
  assert_fault(*state, "{\"cells\": [1]}", "1]", "a cell is no object");
  assert_fault(*state, "{\"cells\": [" CODE("5") "]}", "5}", "neither a text nor a list");
  assert_fault(*state, "{\"cells\": [" CODE("[\"x\", 5]") "]}", "5]", "is no text");
  assert_fault(*state, "{\"cells\": [" CODE("\"x\\u0000\"") "]}", "\\u0000", "a NUL byte");
  assert_fault(*state, "{\"cells\": [" CODE("\"\\ud800x\"") "]}", "\\ud800", "half of a character");
  assert_fault(*state, "{\"cells\": [" CODE("\"\\udc00\"") "]}", "\\udc00", "half of a character");
}

static void names_tell_notebooks(void **state) {
  (void)state;
  assert_true(is_notebook(STR("a/b.ipynb")));
  assert_false(is_notebook(STR("a/b.py")));
  assert_false(is_notebook(STR("ipynb")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, free_arena)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(code_cells_are_numbered_among_all),
    TEST(lines_of_cells_are_known_in_the_file),
    TEST(the_text_stays_beside_the_code),
    TEST(escapes_mean_characters),
    TEST(other_languages_have_no_cells_for_us),
    TEST(outputs_are_passed_over_whatever_they_hold),
    TEST(a_byte_order_mark_is_fine),
    TEST(what_is_not_json_is_blamed_where_it_starts),
    TEST(what_is_no_notebook_is_blamed_where_it_differs),
    TEST(names_tell_notebooks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
