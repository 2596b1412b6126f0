#include "lsp/action.h"

#include "base/text.h"
#include "editor.h"

static Editor editor;

static int set_up(void **state) {
  (void)state;
  editor_begin(&editor);
  editor.client.knows_preferred_actions = true;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  editor_end(&editor);
  return 0;
}

/* On the Pythons below 3.11 the handler never runs: a safe fix. To await what was called and
   dropped is an unsafe one. */
static const char TWO[] = "import asyncio\n"
                          "async def save(db): await db.write()\n"
                          "async def main(db):\n"
                          "    save(db)\n"
                          "    try:\n"
                          "        await asyncio.wait_for(db.close(), 5)\n"
                          "    except TimeoutError:\n"
                          "        pass\n";

static json_t *kinds(const char *text) {
  json_error_t error;
  return text ? json_loads(text, 0, &error) : NULL;
}

/* The titles of what is offered where the words stand, a line for each. */
static void
offers_in(const char *words, const char *only, bool is_automatic, const char *expected) {
  json_t *wanted = kinds(only);
  ActionRequest request = { .range = editor_span(&editor, words),
                            .only = wanted,
                            .is_automatic = is_automatic };
  Actions actions = actions_for(editor.arena, &editor.view, &editor.findings, &request);
  Text shown = { .arena = editor.arena };
  for (uint32_t i = 0; i < actions.count; i++) {
    json_t *action = action_json(editor.arena, &editor.view, &actions.items[i]);
    text_format(
      &shown,
      "%s %s%s\n",
      json_string_value(json_object_get(action, "kind")),
      json_string_value(json_object_get(action, "title")),
      json_is_true(json_object_get(action, "isPreferred")) ? " *" : ""
    );
    json_decref(action);
  }
  json_decref(wanted);
  assert_str(text_str(&shown), expected);
}

static void fixes_come_first_then_suppressions_then_all(void **state) {
  (void)state;
  editor_open(&editor, TWO);
  offers_in(
    "except Timeout",
    NULL,
    false,
    "quickfix awry: Catch asyncio.TimeoutError, too *\n"
    "quickfix awry: Ignore wrong-timeout-error in this line\n"
    "quickfix awry: Ignore wrong-timeout-error in this file\n"
    "source.fixAll.awry awry: Make all safe fixes of this file\n"
  );
  offers_in(
    "save(db)\n",
    NULL,
    false,
    "quickfix awry: Await it (unsafe)\n"
    "quickfix awry: Ignore unawaited-coroutine in this line\n"
    "quickfix awry: Ignore unawaited-coroutine in this file\n"
    "source.fixAll.awry awry: Make all safe fixes of this file\n"
  );
}

static void only_kinds_that_are_asked_for_are_offered(void **state) {
  (void)state;
  editor_open(&editor, TWO);
  static const char all[] = "source.fixAll.awry awry: Make all safe fixes of this file\n";
  offers_in("import", "[\"source.fixAll\"]", true, all);
  offers_in("import", "[\"source.fixAll.awry\"]", true, all);
  offers_in("import", "[\"source\"]", true, all);
  offers_in("import", "[\"\"]", true, all);
  offers_in("except Timeout", "[\"source.fixAll\", 1]", true, all);
  offers_in("except Timeout", "[\"source.fixAll.ruff\"]", true, "");
  offers_in("except Timeout", "[\"source.fix\"]", true, "");
  offers_in("except Timeout", "[\"source.organizeImports\"]", true, "");
  offers_in("except Timeout", "[\"notebook\"]", true, "");
  offers_in("except Timeout", "[]", true, "");
  offers_in("import", "[\"quickfix\"]", false, "");
}

static void an_editor_that_asks_by_itself_is_told_of_the_place_only(void **state) {
  (void)state;
  editor_open(&editor, TWO);
  offers_in("import", NULL, true, "");
  offers_in(
    "save(db)\n",
    NULL,
    true,
    "quickfix awry: Await it (unsafe)\n"
    "quickfix awry: Ignore unawaited-coroutine in this line\n"
    "quickfix awry: Ignore unawaited-coroutine in this file\n"
  );
}

static void a_diagnostic_of_the_line_counts_wherever_the_cursor_is(void **state) {
  (void)state;
  editor_open(&editor, TWO);
  json_t *shown =
    json_pack("[o]", diagnostic_json(editor.arena, &editor.view, &editor.findings.items[0]));
  ActionRequest request = { .range = editor_span(&editor, "import"), .diagnostics = shown };
  Actions actions = actions_for(editor.arena, &editor.view, &editor.findings, &request);
  assert_int_equal(actions.count, 4);
  assert_ptr_equal(actions.items[0].finding, &editor.findings.items[0]);
  json_decref(shown);
}

static void nothing_is_offered_to_fix_where_nothing_is_safe(void **state) {
  (void)state;
  editor_open(&editor, "async def f(): pass\nasync def g():\n    f()\n");
  offers_in("async", "[\"source.fixAll\"]", false, "");
}

static void an_unused_suppression_is_not_to_be_ignored(void **state) {
  (void)state;
  editor_open(&editor, "x = 1  # awry: ignore dangling-task\n");
  offers_in("awry", "[\"quickfix\"]", false, "quickfix awry: Delete the suppression *\n");
}

/* The text after the n-th of the actions where the words stand. */
static void becomes(const char *words, uint32_t n, const char *expected) {
  ActionRequest request = { .range = editor_span(&editor, words) };
  Actions actions = actions_for(editor.arena, &editor.view, &editor.findings, &request);
  assert_true(n < actions.count);
  json_t *data = action_data(editor.arena, &editor.view, &actions.items[n]);
  Action action;
  assert_true(action_find(data, &editor.findings, &action));
  json_decref(data);
  assert_int_equal(action.kind, actions.items[n].kind);
  assert_ptr_equal(action.finding, actions.items[n].finding);
  Edits edits = action_edits(editor.arena, &editor.source, &action, editor.parser);
  Str text;
  assert_true(edits_apply(editor.arena, editor.source.text, &edits, &text));
  assert_str(text, expected);
}

static void what_the_client_keeps_leads_to_the_edits(void **state) {
  (void)state;
  editor_open(&editor, "async def f(a): await a\nasync def g(a):\n    f(a)\n");
  becomes("f(a)\n", 0, "async def f(a): await a\nasync def g(a):\n    await f(a)\n");
  becomes(
    "f(a)\n",
    1,
    "async def f(a): await a\nasync def g(a):\n    f(a)  # awry: ignore unawaited-coroutine\n"
  );
  becomes(
    "f(a)\n",
    2,
    "# awry: ignore-file unawaited-coroutine\nasync def f(a): await a\nasync def g(a):\n    f(a)\n"
  );
}

static void data_of_something_else_leads_nowhere(void **state) {
  (void)state;
  editor_open(&editor, TWO);
  static const char *const wrong[] = {
    "{}",
    "[]",
    "{\"action\": 1}",
    "{\"action\": \"fix\"}",
    "{\"action\": \"fly\"}",
    "{\"action\": \"fix\", \"finding\": \"0\"}",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    json_t *data = kinds(wrong[i]);
    Action action;
    assert_false(action_find(data, &editor.findings, &action));
    json_decref(data);
  }
  Action action;
  assert_false(action_find(NULL, &editor.findings, &action));
}

static void edits_name_the_version_that_they_are_for(void **state) {
  (void)state;
  editor_open(&editor, "a\n");
  Edits edits = { 0 };
  vec_push(editor.arena, &edits, (Edit){ .span = { 0, 1 }, .text = STR("b") });
  assert_json(
    view_edit(editor.arena, &editor.view, &edits),
    "{\"changes\": {\"file:///p/a.py\": [{\"newText\": \"b\", \"range\": {"
    "\"start\": {\"line\": 0, \"character\": 0}, \"end\": {\"line\": 0, \"character\": 1}}}]}}"
  );
  editor.client.versions_edits = true;
  assert_json(
    view_edit(editor.arena, &editor.view, &edits),
    "{\"documentChanges\": [{\"textDocument\": {\"uri\": \"file:///p/a.py\", \"version\": 3},"
    " \"edits\": [{\"newText\": \"b\", \"range\": {"
    "\"start\": {\"line\": 0, \"character\": 0}, \"end\": {\"line\": 0, \"character\": 1}}}]}]}"
  );
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(fixes_come_first_then_suppressions_then_all, set_up, tear_down),
    cmocka_unit_test_setup_teardown(only_kinds_that_are_asked_for_are_offered, set_up, tear_down),
    cmocka_unit_test_setup_teardown(
      an_editor_that_asks_by_itself_is_told_of_the_place_only, set_up, tear_down
    ),
    cmocka_unit_test_setup_teardown(
      a_diagnostic_of_the_line_counts_wherever_the_cursor_is, set_up, tear_down
    ),
    cmocka_unit_test_setup_teardown(
      nothing_is_offered_to_fix_where_nothing_is_safe, set_up, tear_down
    ),
    cmocka_unit_test_setup_teardown(an_unused_suppression_is_not_to_be_ignored, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_the_client_keeps_leads_to_the_edits, set_up, tear_down),
    cmocka_unit_test_setup_teardown(data_of_something_else_leads_nowhere, set_up, tear_down),
    cmocka_unit_test_setup_teardown(edits_name_the_version_that_they_are_for, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
