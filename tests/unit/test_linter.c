#include "lint/linter.h"

#include "base/text.h"
#include "fresh.h"

#define WORK "import asyncio\n\n\nasync def work():\n    raise ValueError\n\n\n"

/* Lines 8 to 10. */
#define LOST WORK "async def main():\n    asyncio.create_task(work())\n    work()\n"

static Strs list(const char *words) {
  Strs strings = { 0 };
  for (Str rest = str_from(words); rest.len > 0;) vec_push(arena, &strings, str_next(&rest, ' '));
  return strings;
}

static Settings select_only(const char *select) { return (Settings){ .select = list(select) }; }

static Linter *build(const Settings *settings) {
  SelectorProblems problems = { 0 };
  Linter *linter = linter_build(arena, settings, &problems);
  assert_int_equal(problems.count, 0);
  return linter;
}

static Findings lint(const Settings *settings, LintInput input, const char *text) {
  Source *source = arena_make(arena, Source);
  *source = source_build(arena, STR("/p/pkg/mod.py"), str_from(text));
  input.source = source;
  input.identity.name = STR("pkg.mod");
  if (input.relative_path.len == 0) input.relative_path = STR("pkg/mod.py");
  return lint_source(build(settings), &input, parser, arena);
}

/* "8:1 dangling-task; 9:1 unawaited-coroutine" */
static Str shown_findings(const Findings *findings) {
  Text text = { .arena = arena };
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    const char *name = finding->rule->name;
    text_format(
      &text, "%s%u:%u %s", i > 0 ? "; " : "", finding->start.line, finding->start.column, name
    );
  }
  return text_str(&text);
}

static void finds_with(Settings settings, const char *text, const char *expected) {
  Findings findings = lint(&settings, (LintInput){ 0 }, text);
  assert_str(shown_findings(&findings), expected);
}

static void finds(const char *text, const char *expected) {
  finds_with((Settings){ 0 }, text, expected);
}

static void findings_come_in_source_order(void **state) {
  (void)state;
  finds(LOST, "9:5 dangling-task; 10:5 unawaited-coroutine");
  finds("", "");
  finds("\xef\xbb\xbf", "");
}

/* One part of it after the other, or by two threads: see module_is_long. */
static void a_long_file_is_linted_in_parts(void **state) {
  (void)state;
  enum { COROUTINES = 1500 };
  Text text = { .arena = arena };
  text_add(&text, STR(WORK));
  for (uint32_t i = 0; i < COROUTINES; i++)
    text_format(&text, "async def f%u():\n    asyncio.create_task(work())\n", i);
  text_add(&text, STR("async def last():\n    work()  # awry: ignore\n"));
  text_add_char(&text, '\0');
  const char *code = text_str(&text).data;
  Source source = source_build(arena, STR("x.py"), str_from(code));
  Tree tree = parse_source(parser, &source, arena);
  assert_true(module_is_long(&tree));
  Findings findings = lint(&(Settings){ 0 }, (LintInput){ 0 }, code);
  assert_int_equal(findings.count, COROUTINES);
  for (uint32_t i = 0; i < COROUTINES; i++) {
    assert_string_equal(findings.items[i].rule->name, "dangling-task");
    assert_int_equal(findings.items[i].start.line, 9 + 2 * i);
  }
}

static void selectors_say_which_rules_run(void **state) {
  (void)state;
  finds_with(select_only("dangling-task"), LOST, "9:5 dangling-task");
  finds_with(select_only("awr301"), LOST, "10:5 unawaited-coroutine");
  finds_with(select_only("AWR3"), LOST, "9:5 dangling-task; 10:5 unawaited-coroutine");
  finds_with(select_only("AWR2"), LOST, "");
  finds_with((Settings){ .ignore = list("AWR302") }, LOST, "10:5 unawaited-coroutine");
  finds_with((Settings){ .ignore = list("ALL") }, LOST, "");
}

static void the_more_exact_selector_decides(void **state) {
  (void)state;
  Settings settings = { .select = list("ALL"), .ignore = list("AWR3") };
  finds_with(settings, LOST, "");
  settings.extend_select = list("AWR302");
  finds_with(settings, LOST, "9:5 dangling-task");
  settings = (Settings){ .select = list("AWR3"), .ignore = list("AWR3") };
  finds_with(settings, LOST, "");
  settings = (Settings){ .select = list("AWR302"), .ignore = list("ALL") };
  finds_with(settings, LOST, "9:5 dangling-task");
}

static void opt_in_rules_are_off_until_selected(void **state) {
  (void)state;
  const char *absorbed = "import asyncio\nasync def f(q):\n  try:\n    await q.get()\n"
                         "  except asyncio.CancelledError:\n    print()\n";
  finds_with((Settings){ 0 }, absorbed, "");
  finds_with(
    (Settings){ .extend_select = list("absorbed-cancellation") },
    absorbed,
    "5:10 absorbed-cancellation"
  );
  finds_with(select_only("ALL"), absorbed, "5:10 absorbed-cancellation");
}

static void unknown_selectors_are_reported_and_select_nothing(void **state) {
  (void)state;
  Settings settings = select_only("dangling-tsk");
  settings.ignore = list("E501");
  PathSelectors ignores = { .pattern = STR("*"), .selectors = list("AWR9") };
  vec_push(arena, &settings.per_file_ignores, ignores);
  SelectorProblems problems = { 0 };
  linter_build(arena, &settings, &problems);
  assert_int_equal(problems.count, 3);
  assert_str(problems.items[0].selector, "dangling-tsk");
  assert_str(
    problems.items[0].message, "unknown rule \"dangling-tsk\"; did you mean \"dangling-task\"?"
  );
  assert_str(problems.items[1].message, "unknown rule \"E501\"");
  assert_str(problems.items[2].message, "unknown rule \"AWR9\"");
}

static void in_tests_only_some_of_the_defaults_run(void **state) {
  (void)state;
  LintInput test = { .identity.is_test = true };
  Settings settings = { 0 };
  Findings findings = lint(&settings, test, LOST);
  assert_str(shown_findings(&findings), "10:5 unawaited-coroutine");
  settings = select_only("ALL");
  findings = lint(&settings, test, LOST);
  assert_str(shown_findings(&findings), "9:5 dangling-task; 10:5 unawaited-coroutine");
  settings = (Settings){ .extend_select = list("dangling-task") };
  findings = lint(&settings, test, LOST);
  assert_str(shown_findings(&findings), "9:5 dangling-task; 10:5 unawaited-coroutine");
}

static void per_file_ignores_follow_the_path(void **state) {
  (void)state;
  Settings settings = select_only("AWR302 AWR301");
  PathSelectors ignores = { .pattern = STR("scripts/*"), .selectors = list("AWR302") };
  vec_push(arena, &settings.per_file_ignores, ignores);
  finds_with(settings, LOST, "9:5 dangling-task; 10:5 unawaited-coroutine");
  LintInput input = { .relative_path = STR("scripts/a.py") };
  Findings findings = lint(&settings, input, LOST);
  assert_str(shown_findings(&findings), "10:5 unawaited-coroutine");
}

static void rules_run_for_the_versions_they_are_about(void **state) {
  (void)state;
  const char *text = WORK "async def main():\n    await asyncio.wait([work(), work()])\n";
  Settings settings = select_only("wait-on-coroutine");
  Findings findings = lint(&settings, (LintInput){ .target_minor = 10 }, text);
  assert_str(shown_findings(&findings), "");
  findings = lint(&settings, (LintInput){ .target_minor = 11 }, text);
  assert_true(findings.count > 0);
}

static void code_that_does_not_run_is_passed_over(void **state) {
  (void)state;
  finds(
    "import asyncio\nfrom typing import TYPE_CHECKING\n\n\nasync def work():\n    raise "
    "ValueError\n\n\n"
    "if TYPE_CHECKING:\n    work()\nelse:\n    work()\n"
    "if not TYPE_CHECKING:\n    work()\nelse:\n    work()\n",
    "12:5 unawaited-coroutine; 14:5 unawaited-coroutine"
  );
}

static void suppressed_findings_are_gone(void **state) {
  (void)state;
  finds(
    WORK
    "async def main():\n    asyncio.create_task(work())  # awry: ignore dangling-task -- kept\n"
    "    # awry: ignore\n    work()\n    work()  # noqa: AWR301\n",
    ""
  );
  finds("# awry: ignore-file AWR3\n" LOST, "");
}

static Str after_fix(const char *text, uint32_t index, const char *message) {
  Settings settings = { 0 };
  Findings findings = lint(&settings, (LintInput){ 0 }, text);
  assert_in_range(index, 0, findings.count - 1);
  Finding *finding = &findings.items[index];
  assert_string_equal(finding->rule->name, "unused-suppression");
  assert_str(finding->message, message);
  assert_int_equal(finding->fix.applicability, FIX_SAFE);
  Str fixed;
  edits_sort(arena, &finding->fix.edits);
  assert_true(edits_apply(arena, str_from(text), &finding->fix.edits, &fixed));
  return fixed;
}

static void unused_suppressions_are_reported_and_deleted(void **state) {
  (void)state;
  const char *of_task = "no finding of \"dangling-task\" is suppressed here";
  assert_str(
    after_fix("x = 1  # awry: ignore dangling-task -- old\ny = 2\n", 0, of_task), "x = 1\ny = 2\n"
  );
  assert_str(
    after_fix("x = 1\n  # awry: ignore dangling-task\r\ny = 2\n", 0, of_task), "x = 1\ny = 2\n"
  );
  assert_str(after_fix("x = 1  # awry: ignore dangling-task", 0, of_task), "x = 1");
  assert_str(
    after_fix("f() \\\n# awry: ignore dangling-task\ny = 2\n", 0, of_task), "f() \\\n\ny = 2\n"
  );
  assert_str(after_fix("# awry: ignore dangling-task", 0, of_task), "");
  assert_str(
    after_fix("x = 1  # noqa: E501 # awry: ignore dangling-task\n", 0, of_task),
    "x = 1  # noqa: E501\n"
  );
  assert_str(
    after_fix("x = 1  # awry: ignore dangling-task  # type: ignore\n", 0, of_task),
    "x = 1  # type: ignore\n"
  );
  assert_str(
    after_fix("x = 1  # noqa: AWR302\n", 0, "no finding of \"AWR302\" is suppressed here"),
    "x = 1\n"
  );
  assert_str(
    after_fix(
      "# awry: ignore-file AWR301, AWR302\n",
      0,
      "no finding of \"AWR301\", \"AWR302\" is suppressed here"
    ),
    ""
  );
  assert_str(
    after_fix(
      WORK "work()  # awry: ignore AWR302, unawaited-coroutine, AWR201 -- why\n",
      0,
      "no finding of \"AWR302\", \"AWR201\" is suppressed here"
    ),
    WORK "work()  # awry: ignore unawaited-coroutine -- why\n"
  );
}

static void a_bare_suppression_is_unused_only_if_the_defaults_ran(void **state) {
  (void)state;
  assert_str(after_fix("x = 1  # awry: ignore\n", 0, "no finding is suppressed here"), "x = 1\n");
  finds_with(select_only("AWR001 AWR302"), "x = 1  # awry: ignore\n", "");
}

static void suppressions_of_what_did_not_run_are_left_alone(void **state) {
  (void)state;
  finds_with(select_only("AWR001 AWR301"), "x = 1  # awry: ignore dangling-task\n", "");
  finds("x = 1  # awry: ignore absorbed-cancellation\n", "");
  finds("x = 1  # awry: ignore AWR1\n", "");
  finds("x = 1  # noqa\n", "");
  finds("x = 1  # noqa: AWR302, E501\n", "");
  finds("x = 1  # noqa: RUF006\n", "");
  finds("x = 1  # awry: ignore dangling-task\ndef f(: pass\n", "2:7 syntax-error");
  finds_with((Settings){ .ignore = list("AWR001") }, "x = 1  # awry: ignore dangling-task\n", "");
}

static void an_unknown_name_in_a_suppression_is_reported_without_a_fix(void **state) {
  (void)state;
  Settings settings = { 0 };
  Findings findings = lint(&settings, (LintInput){ 0 }, "x = 1  # awry: ignore dangling-tsk\n");
  assert_int_equal(findings.count, 1);
  assert_str(
    findings.items[0].message, "unknown rule \"dangling-tsk\"; did you mean \"dangling-task\"?"
  );
  assert_int_equal(findings.items[0].fix.applicability, FIX_NONE);
}

static void an_unused_suppression_can_be_suppressed_by_name(void **state) {
  (void)state;
  finds("x = 1  # awry: ignore dangling-task, unused-suppression\n", "");
  finds("# awry: ignore-file AWR001\nx = 1  # awry: ignore dangling-task\n", "");
  finds(
    "# awry: ignore-file AWR0\nx = 1  # awry: ignore dangling-task\n", "2:8 unused-suppression"
  );
}

static void a_syntax_error_does_not_end_the_analysis(void **state) {
  (void)state;
  Settings settings = { 0 };
  Findings findings = lint(&settings, (LintInput){ 0 }, "x = (]\n\n" LOST);
  assert_true(findings.count >= 1);
  assert_string_equal(findings.items[0].rule->name, "syntax-error");
  assert_str(
    findings.items[0].message,
    "cannot be parsed as Python here; the rest of the file was still analysed"
  );
  finds("# awry: ignore-file syntax-error\ndef f(: pass\n", "");
}

static void fingerprints_outlive_unrelated_edits(void **state) {
  (void)state;
  Settings settings = { 0 };
  Findings before = lint(&settings, (LintInput){ 0 }, WORK "work()\nwork()\n");
  Findings after =
    lint(&settings, (LintInput){ 0 }, "# more\n" WORK "if x:\n    work()\nx = 1\nwork()\n");
  assert_int_equal(before.count, 2);
  assert_int_equal(after.count, 2);
  assert_true(str_equal(before.items[0].fingerprint, after.items[0].fingerprint));
  assert_true(str_equal(before.items[1].fingerprint, after.items[1].fingerprint));
  assert_false(str_equal(before.items[0].fingerprint, before.items[1].fingerprint));
  LintInput elsewhere = { .relative_path = STR("pkg/other.py") };
  Findings moved = lint(&settings, elsewhere, WORK "work()\nwork()\n");
  assert_false(str_equal(before.items[0].fingerprint, moved.items[0].fingerprint));
}

static void columns_count_characters(void **state) {
  (void)state;
  finds(WORK "s = 'äöü'; work(); work()\n", "8:12 unawaited-coroutine; 8:20 unawaited-coroutine");
}

static void the_screen_follows_the_rules_that_are_on(void **state) {
  (void)state;
  Settings settings = select_only("narrow-exception-check");
  const Linter *linter = build(&settings);
  assert_true(linter_wants(linter, STR("await gather(*tasks, return_exceptions=True)")));
  assert_false(linter_wants(linter, STR("gather(*tasks, return_exceptions=True)")));
  assert_false(linter_wants(linter, STR("import asyncio\nasync def f(): await g()\n")));
  settings = select_only("AWR001");
  assert_true(linter_wants(build(&settings), STR("x = 1  # awry: ignore\n")));
  settings = select_only("AWR002 AWR003");
  assert_false(linter_wants(build(&settings), STR("async def f(): await g()\n")));
}

static void a_file_that_is_parsed_already_is_not_parsed_again(void **state) {
  (void)state;
  Settings settings = { 0 };
  const char *text = "import asyncio\nasync def f():\n    asyncio.sleep(1)\n";
  Source source = source_build(arena, STR("x.py"), str_from(text));
  Tree tree = parse_source(parser, &source, arena);
  LintInput input = { .source = &source, .tree = &tree };
  Findings findings = lint_source(build(&settings), &input, NULL, arena);
  assert_str(shown_findings(&findings), "3:5 unawaited-coroutine");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_fresh, free_fresh)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(findings_come_in_source_order),
    TEST(a_long_file_is_linted_in_parts),
    TEST(selectors_say_which_rules_run),
    TEST(the_more_exact_selector_decides),
    TEST(opt_in_rules_are_off_until_selected),
    TEST(unknown_selectors_are_reported_and_select_nothing),
    TEST(in_tests_only_some_of_the_defaults_run),
    TEST(per_file_ignores_follow_the_path),
    TEST(rules_run_for_the_versions_they_are_about),
    TEST(code_that_does_not_run_is_passed_over),
    TEST(suppressed_findings_are_gone),
    TEST(unused_suppressions_are_reported_and_deleted),
    TEST(a_bare_suppression_is_unused_only_if_the_defaults_ran),
    TEST(suppressions_of_what_did_not_run_are_left_alone),
    TEST(an_unknown_name_in_a_suppression_is_reported_without_a_fix),
    TEST(an_unused_suppression_can_be_suppressed_by_name),
    TEST(a_syntax_error_does_not_end_the_analysis),
    TEST(fingerprints_outlive_unrelated_edits),
    TEST(columns_count_characters),
    TEST(a_file_that_is_parsed_already_is_not_parsed_again),
    TEST(the_screen_follows_the_rules_that_are_on),
  };
  return cmocka_run_group_tests_name("linter", tests, NULL, NULL);
}
