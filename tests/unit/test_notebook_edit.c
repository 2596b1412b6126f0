#include "project/notebook_edit.h"

#include "project/notebook.h"
#include "unit.h"

static int make_arena(void **state) {
  *state = arena_new();
  return 0;
}

static int free_arena(void **state) {
  arena_free(*state);
  return 0;
}

// The notebook after one edit of its cells' text; "refused" if it cannot be made.
static Str edited(Arena *arena, const char *json, uint32_t start, uint32_t end, const char *text) {
  Cells cells = { 0 };
  NotebookFault fault;
  assert_true(notebook_read(arena, str_from(json), &cells, &fault));
  Source source = source_build_notebook(arena, STR("a.ipynb"), &cells);
  Edits edits = { 0 };
  vec_push(arena, &edits, (Edit){ .span = { start, end }, .text = str_from(text) });
  Str result;
  return notebook_edit(arena, str_from(json), &source, &edits, &result) ? result : STR("refused");
}

#define CELL(source) "{\"cell_type\": \"code\", \"source\": " source "}"
#define NOTEBOOK(cells) "{\"n\": 1.0, \"cells\": [" cells "]}"

static void only_what_is_edited_changes(void **state) {
  const char *json = NOTEBOOK(CELL("\"a\\u0041\\n\\/b\"") ", " CELL("\"c\""));
  assert_str(edited(*state, json, 1, 2, "x"), NOTEBOOK(CELL("\"ax\\n\\/b\"") ", " CELL("\"c\"")));
  assert_str(
    edited(*state, json, 4, 5, ""), NOTEBOOK(CELL("\"a\\u0041\\n\\/\"") ", " CELL("\"c\""))
  );
  assert_str(
    edited(*state, json, 6, 6, "d."), NOTEBOOK(CELL("\"a\\u0041\\n\\/b\"") ", " CELL("\"d.c\""))
  );
  assert_str(
    edited(*state, json, 7, 7, "d"), NOTEBOOK(CELL("\"a\\u0041\\n\\/b\"") ", " CELL("\"cd\""))
  );
}

static void lines_of_a_list_stay_strings_of_their_own(void **state) {
  const char *json = NOTEBOOK(CELL("[\"a\\n\",  \"b\\n\",  \"c\"]"));
  assert_str(
    edited(*state, json, 1, 1, "\nx"), NOTEBOOK(CELL("[\"a\\n\",  \"x\\n\",  \"b\\n\",  \"c\"]"))
  );
  assert_str(
    edited(*state, json, 2, 2, "x\n"), NOTEBOOK(CELL("[\"a\\n\",  \"x\\n\",  \"b\\n\",  \"c\"]"))
  );
  assert_str(
    edited(*state, json, 5, 5, "\nx"), NOTEBOOK(CELL("[\"a\\n\",  \"b\\n\",  \"c\\n\",  \"x\"]"))
  );
  assert_str(edited(*state, json, 1, 3, ""), NOTEBOOK(CELL("[\"a\\n\",  \"c\"]")));
  json = NOTEBOOK(CELL("[\n  \"a\"\n]"));
  assert_str(edited(*state, json, 1, 1, "\nx"), NOTEBOOK(CELL("[\n  \"a\\n\",\n  \"x\"\n]")));
}

static void characters_are_escaped_as_the_notebook_does(void **state) {
  const char *json = NOTEBOOK(CELL("\"a\""));
  assert_str(
    edited(*state, json, 1, 1, "\"\\\t\x01\xc3\xa9"),
    NOTEBOOK(CELL("\"a\\\"\\\\\\t\\u0001\\u00e9\""))
  );
  assert_str(edited(*state, json, 1, 1, "\xf0\x9f\x98\x80"), NOTEBOOK(CELL("\"a\\ud83d\\ude00\"")));
  json = NOTEBOOK(CELL("\"\xc3\xa4\""));
  assert_str(edited(*state, json, 2, 2, "\xc3\xa9"), NOTEBOOK(CELL("\"\xc3\xa4\xc3\xa9\"")));
}

static void no_edit_leaves_its_cell(void **state) {
  const char *json = NOTEBOOK(CELL("\"a\"") ", " CELL("\"b\""));
  assert_str(edited(*state, json, 0, 2, "x"), "refused");
  assert_str(edited(*state, json, 0, 3, "x"), "refused");
  assert_str(edited(*state, json, 0, 9, "x"), "refused");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, free_arena)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(only_what_is_edited_changes),
    TEST(lines_of_a_list_stay_strings_of_their_own),
    TEST(characters_are_escaped_as_the_notebook_does),
    TEST(no_edit_leaves_its_cell),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
