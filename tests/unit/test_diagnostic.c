#include "lsp/diagnostic.h"

#include "editor.h"

static Editor editor;

static int set_up(void **state) {
  (void)state;
  editor_begin(&editor);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  editor_end(&editor);
  return 0;
}

static const char SWALLOWED[] = "import asyncio\n"
                                "async def f(q):\n"
                                "    while True:\n"
                                "        try:\n"
                                "            '\xf0\x9f\x98\x80'; await q.get()\n"
                                "        except asyncio.CancelledError: print()\n";

static json_t *one(void) {
  assert_int_equal(editor.findings.count, 1);
  return diagnostic_json(editor.arena, &editor.view, &editor.findings.items[0]);
}

static void assert_member(json_t *diagnostic, const char *name, const char *expected) {
  assert_json(json_incref(json_object_get(diagnostic, name)), expected);
}

static void a_finding_is_a_diagnostic(void **state) {
  (void)state;
  editor_open(&editor, SWALLOWED);
  assert_json(
    one(),
    "{\"range\": {\"start\": {\"line\": 5, \"character\": 15}, \"end\": {\"line\": 5, "
    "\"character\": 37}},"
    " \"severity\": 2, \"code\": \"AWR101\", \"source\": \"awry\","
    " \"message\": \"cancelling this task has no effect: CancelledError is swallowed and the loop "
    "goes on"
    "\\nhelp: raise it again when the handler has cleaned up, or move the clean-up to `finally`"
    "\\nline 5: a cancellation arrives here\"}"
  );
}

static void the_story_is_told_where_it_happens_if_the_client_can_show_it(void **state) {
  (void)state;
  editor.client.shows_related = true;
  editor_open(&editor, SWALLOWED);
  json_t *diagnostic = one();
  /* 12 blanks, quotes, a character that is a pair of UTF-16, a semicolon, a blank. */
  assert_member(
    diagnostic,
    "relatedInformation",
    "[{\"message\": \"a cancellation arrives here\", \"location\": {\"uri\": \"file:///p/a.py\","
    " \"range\": {\"start\": {\"line\": 4, \"character\": 18}, \"end\": {\"line\": 4, "
    "\"character\": 31}}}}]"
  );
  assert_member(
    diagnostic,
    "message",
    "\"cancelling this task has no effect: CancelledError is swallowed and the loop goes on"
    "\\nhelp: raise it again when the handler has cleaned up, or move the clean-up to `finally`\""
  );
  json_decref(diagnostic);
}

static void places_count_as_agreed(void **state) {
  (void)state;
  editor.client.shows_related = true;
  editor.client.encoding = ENCODING_UTF8;
  editor_open(&editor, SWALLOWED);
  json_t *diagnostic = one();
  assert_member(
    diagnostic,
    "relatedInformation",
    "[{\"message\": \"a cancellation arrives here\", \"location\": {\"uri\": \"file:///p/a.py\","
    " \"range\": {\"start\": {\"line\": 4, \"character\": 20}, \"end\": {\"line\": 4, "
    "\"character\": 33}}}}]"
  );
  json_decref(diagnostic);
}

static void what_the_client_can_use_is_added(void **state) {
  (void)state;
  editor.client.shows_description_links = true;
  editor.client.shows_unnecessary = true;
  editor.client.keeps_data = true;
  editor_open(&editor, "x = 1  # awry: ignore dangling-task -- why\n");
  json_t *diagnostic = one();
  assert_member(diagnostic, "tags", "[1]");
  const char *href =
    json_string_value(json_object_get(json_object_get(diagnostic, "codeDescription"), "href"));
  assert_non_null(href);
  assert_true(str_ends_with(str_from(href), STR("/unused-suppression.md")));
  json_t *data = json_object_get(diagnostic, "data");
  assert_member(data, "rule", "\"unused-suppression\"");
  assert_member(data, "version", "3");
  json_decref(diagnostic);
}

static void living_code_is_not_called_unnecessary(void **state) {
  (void)state;
  editor.client.shows_unnecessary = true;
  editor_open(&editor, SWALLOWED);
  json_t *diagnostic = one();
  assert_null(json_object_get(diagnostic, "tags"));
  json_decref(diagnostic);
}

static void notes_in_other_files_lead_there(void **state) {
  (void)state;
  editor_open(&editor, SWALLOWED);
  Note note = { .path = STR("lib/b c.py"),
                .start = { 7, 5 },
                .end = { 7, 5 },
                .message = STR("it is called here") };
  vec_push(editor.arena, &editor.findings.items[0].notes, note);
  json_t *folded = one();
  const char *message = json_string_value(json_object_get(folded, "message"));
  assert_true(str_ends_with(str_from(message), STR("\nlib/b c.py:7: it is called here")));
  json_decref(folded);

  editor.client.shows_related = true;
  json_t *related = one();
  assert_json(
    json_incref(json_array_get(json_object_get(related, "relatedInformation"), 1)),
    "{\"message\": \"it is called here\", \"location\": {\"uri\": \"file:///p/lib/b%20c.py\","
    " \"range\": {\"start\": {\"line\": 6, \"character\": 4}, \"end\": {\"line\": 6, "
    "\"character\": 4}}}}"
  );
  json_decref(related);
}

static void places_in_other_files_count_as_agreed(void **state) {
  (void)state;
  Str path = STR("/p/lib/c.py"), text = STR("\n'\xc3\xa9\xf0\x9f\x98\x80'; x()\n");
  static const uint32_t columns[] = {
    [ENCODING_UTF16] = 7, [ENCODING_UTF8] = 10, [ENCODING_UTF32] = 6
  };
  for (Encoding encoding = ENCODING_UTF16; encoding <= ENCODING_UTF32; encoding++) {
    Elsewhere *elsewhere = elsewhere_new(editor.arena, editor.workspace, encoding);
    LinePosition unknown = elsewhere_position(elsewhere, path, (Position){ 2, 7 });
    assert_int_equal(unknown.character, 6);
    workspace_open(editor.workspace, path, text);
    elsewhere = elsewhere_new(editor.arena, editor.workspace, encoding);
    LinePosition place = elsewhere_position(elsewhere, path, (Position){ 2, 7 });
    assert_int_equal(place.line, 1);
    assert_int_equal(place.character, columns[encoding]);
    LinePosition behind = elsewhere_position(elsewhere, path, (Position){ 9, 7 });
    assert_int_equal(behind.line, 2);
    workspace_close(editor.workspace, path);
  }
}

static void each_cell_has_its_own_diagnostics(void **state) {
  (void)state;
  Cells cells = { 0 };
  vec_push(
    editor.arena,
    &cells,
    (Cell){ .number = 1, .text = STR("import asyncio"), .code = STR("import asyncio") }
  );
  Str code = STR("\nasyncio.create_task(f())");
  vec_push(editor.arena, &cells, (Cell){ .number = 3, .text = code, .code = code });
  editor.source = source_build_notebook(editor.arena, STR("a.ipynb"), &cells);
  ViewText texts[] = { { STR("cell:1"), 1 }, { STR("cell:2"), 1 }, { STR("cell:3"), 1 } };
  editor.view = (View){
    .client = &editor.client,
    .ruler = { .source = &editor.source },
    .texts = texts,
    .text_count = 3,
  };
  editor_lint(&editor);
  assert_int_equal(editor.findings.count, 1);
  assert_json(diagnostics_json(editor.arena, &editor.view, &editor.findings, 0), "[]");
  assert_json(diagnostics_json(editor.arena, &editor.view, &editor.findings, 1), "[]");
  json_t *list = diagnostics_json(editor.arena, &editor.view, &editor.findings, 2);
  assert_int_equal(json_array_size(list), 1);
  /* The cell ends without a line ending. */
  assert_member(
    json_array_get(list, 0),
    "range",
    "{\"start\": {\"line\": 1, \"character\": 0}, \"end\": {\"line\": 1, \"character\": 24}}"
  );
  json_decref(list);
}

static bool is_found(json_t *diagnostics) {
  bool is_shown = false;
  diagnostics_find(
    editor.arena, &editor.view, &editor.findings, &editor.text, diagnostics, &is_shown
  );
  return is_shown;
}

static void a_diagnostic_leads_back_to_its_finding(void **state) {
  (void)state;
  editor_open(&editor, SWALLOWED);
  json_t *diagnostic = one();
  json_t *list = json_pack("[{}, i, o]", 1, diagnostic);
  assert_true(is_found(list));
  json_object_set_new(diagnostic, "code", json_string("AWR102"));
  assert_false(is_found(list));
  assert_false(is_found(NULL));
  json_decref(list);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_finding_is_a_diagnostic, set_up, tear_down),
    cmocka_unit_test_setup_teardown(
      the_story_is_told_where_it_happens_if_the_client_can_show_it, set_up, tear_down
    ),
    cmocka_unit_test_setup_teardown(places_count_as_agreed, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_the_client_can_use_is_added, set_up, tear_down),
    cmocka_unit_test_setup_teardown(living_code_is_not_called_unnecessary, set_up, tear_down),
    cmocka_unit_test_setup_teardown(notes_in_other_files_lead_there, set_up, tear_down),
    cmocka_unit_test_setup_teardown(places_in_other_files_count_as_agreed, set_up, tear_down),
    cmocka_unit_test_setup_teardown(each_cell_has_its_own_diagnostics, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_diagnostic_leads_back_to_its_finding, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
