#include "lsp/hover.h"

#include "editor.h"

static Editor editor;

static int set_up(void **state) {
  (void)state;
  editor_begin(&editor);
  editor.client.reads_markdown = true;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  editor_end(&editor);
  return 0;
}

static json_t *hover_at(const char *words) {
  uint32_t offset = editor_span(&editor, words).start;
  return hover_json(editor.arena, &editor.view, &editor.findings, offset, editor.parser);
}

/* What is shown where the words stand. */
static Str shown_at(const char *words) {
  json_t *hover = hover_at(words);
  if (!hover) fail_msg("nothing is shown at %s", words);
  const char *value =
    json_string_value(json_object_get(json_object_get(hover, "contents"), "value"));
  Str shown = str_copy(editor.arena, str_from(value));
  json_decref(hover);
  return shown;
}

static void nothing_at(const char *words) { assert_null(hover_at(words)); }

static const char DROPPED[] = "async def f(a): await a\nasync def g(a):\n    f(a)\n    a()\n";

static void a_finding_shows_the_page_of_its_rule(void **state) {
  (void)state;
  editor_open(&editor, DROPPED);
  Str page = shown_at("f(a)\n");
  assert_true(str_starts_with(page, STR("### ")));
  assert_true(str_contains(page, STR("`unawaited-coroutine` · `AWR301`")));
  assert_true(str_contains(page, STR("\n#### What happens at run time\n")));
  assert_true(str_contains(page, STR("```python\n")));
  assert_true(str_contains(page, STR("/unawaited-coroutine.md)\n")));
  assert_false(str_contains(page, STR("Measured")));
  json_t *hover = hover_at("(a)\n");
  assert_json(
    json_incref(json_object_get(hover, "range")),
    "{\"start\": {\"line\": 2, \"character\": 4}, \"end\": {\"line\": 2, \"character\": 8}}"
  );
  json_decref(hover);
  nothing_at("a()\n");
  nothing_at("async def f");
}

static void names_and_codes_in_comments_show_their_page(void **state) {
  (void)state;
  editor_open(
    &editor,
    "a()  # awry: ignore dangling-task, AWR301 -- reason\n"
    "b()  # noqa: AWR101\n"
    "# awry: ignore-file narrow-exception-check\n"
    "c = '# awry: ignore leaked-session'\n"
  );
  assert_true(str_contains(shown_at("ask, AWR"), STR("`dangling-task`")));
  assert_true(str_contains(shown_at("R301"), STR("`unawaited-coroutine`")));
  assert_true(str_contains(shown_at("AWR101"), STR("`swallowed-cancellation`")));
  assert_true(str_contains(shown_at("exception-check"), STR("`narrow-exception-check`")));
  nothing_at("session");
}

static void what_other_linters_call_it_shows_our_pages(void **state) {
  (void)state;
  editor_open(&editor, "a()  # noqa: RUF006, E501\nb()  # noqa: ASYNC102\n");
  Str same = shown_at("RUF006"), near = shown_at("ASYNC102");
  assert_true(
    str_starts_with(same, STR("`RUF006` is a rule of ruff. In a comment it silences the same"))
  );
  assert_true(str_contains(same, STR("`dangling-task`")));
  assert_true(str_contains(near, STR("silences nothing of awry")));
  assert_true(str_contains(near, STR("`AWR103`")) && str_contains(near, STR("`AWR111`")));
  nothing_at("E501");
}

static void the_beginning_of_a_code_shows_its_rules(void **state) {
  (void)state;
  editor_open(&editor, "a()  # noqa: AWR30\n");
  Str list = shown_at("AWR30");
  assert_true(str_starts_with(list, STR("- `AWR301` `unawaited-coroutine`: ")));
  assert_true(str_contains(list, STR("\n- `AWR302` `dangling-task`: ")));
  assert_false(str_contains(list, STR("AWR401")));
}

static void editors_without_markdown_get_plain_text(void **state) {
  (void)state;
  editor.client.reads_markdown = false;
  editor_open(&editor, DROPPED);
  Str page = shown_at("f(a)\n");
  assert_false(str_contains(page, STR("```")));
  assert_false(str_contains(page, STR("#")));
  assert_true(str_contains(page, STR("\nWhat happens at run time\n")));
  assert_true(str_contains(page, STR("/unawaited-coroutine.md\n")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_finding_shows_the_page_of_its_rule, set_up, tear_down),
    cmocka_unit_test_setup_teardown(names_and_codes_in_comments_show_their_page, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_other_linters_call_it_shows_our_pages, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_beginning_of_a_code_shows_its_rules, set_up, tear_down),
    cmocka_unit_test_setup_teardown(editors_without_markdown_get_plain_text, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
