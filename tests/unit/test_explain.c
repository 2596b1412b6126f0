#include "lint/explain.h"

#include "fresh.h"
#include "lint/rule.h"

static Source source;

static Explanation explain(const Settings *settings, const char *text, uint32_t line) {
  SelectorProblems problems = { 0 };
  const Linter *linter = linter_build(arena, settings, &problems);
  source = source_build(arena, STR("mod.py"), str_from(text));
  LintInput input = {
    .source = &source,
    .identity = { .name = STR("mod") },
    .relative_path = STR("mod.py"),
  };
  return explain_line(linter, &input, line, parser, arena);
}

static const RuleExplanation *by_rule(const Explanation *explanation, const char *name) {
  for (uint32_t i = 0; i < explanation->rules.count; i++) {
    if (str_is(str_from(explanation->rules.items[i].rule->name), name))
      return &explanation->rules.items[i];
  }
  fail_msg("no rule is named %s", name);
  return NULL;
}

/* Line 4 makes the task, lines 5 to 7 wait for it. */
#define WORK "import asyncio\n\nasync def work(stop):\n    task = asyncio.create_task(stop())\n"
#define KEPT WORK "    await asyncio.wait_for(\n        task, 1\n    )\n"

static void a_rule_that_lets_code_pass_says_why(void **state) {
  (void)state;
  Settings settings = { 0 };
  Explanation explanation = explain(&settings, KEPT, 4);
  const RuleExplanation *rule = by_rule(&explanation, "dangling-task");
  assert_int_equal(explanation.rules.count, rule_entry_count);
  assert_int_equal(rule->findings.count, 0);
  assert_int_equal(rule->hidden.count, 0);
  assert_int_equal(rule->quiet.count, 1);
  assert_int_equal(rule->quiet.items[0].start.line, 4);
  assert_int_equal(rule->quiet.items[0].start.column, 12);
  assert_str(rule->quiet.items[0].shown, "asyncio.create_task(stop())");
  assert_true(rule->has_words);
  assert_false(by_rule(&explanation, "leaked-session")->has_words);
}

static void what_is_reported_is_no_silence(void **state) {
  (void)state;
  Settings settings = { 0 };
  Explanation explanation = explain(&settings, WORK, 4);
  const RuleExplanation *rule = by_rule(&explanation, "dangling-task");
  assert_int_equal(rule->findings.count, 1);
  assert_int_equal(rule->hidden.count, 0);
  assert_int_equal(rule->quiet.count, 0);
  assert_true(explanation_says(rule));
}

static void a_rule_that_is_off_tells_what_it_would_say(void **state) {
  (void)state;
  Settings settings = { 0 };
  vec_push(arena, &settings.ignore, STR("dangling-task"));
  Explanation explanation = explain(&settings, WORK, 4);
  const RuleExplanation *rule = by_rule(&explanation, "dangling-task");
  assert_str(rule->why_off, "ignored by the settings or options");
  assert_int_equal(rule->findings.count, 0);
  assert_int_equal(rule->hidden.count, 1);
  assert_str(rule->hidden.items[0].why, "ignored by the settings or options");
}

static void a_suppression_is_named_with_its_reason(void **state) {
  (void)state;
  Settings settings = { 0 };
  const char *text = "import asyncio\n\nasync def work(stop):\n"
                     "    # awry: ignore dangling-task -- it is short\n"
                     "    asyncio.create_task(stop())\n";
  Explanation explanation = explain(&settings, text, 5);
  const RuleExplanation *rule = by_rule(&explanation, "dangling-task");
  assert_int_equal(rule->findings.count, 0);
  assert_int_equal(rule->hidden.count, 1);
  assert_str(rule->hidden.items[0].why, "suppressed by the comment in line 4: it is short");
}

static void any_line_of_a_statement_stands_for_it(void **state) {
  (void)state;
  Settings settings = { 0 };
  for (uint32_t line = 5; line <= 7; line++) {
    Explanation explanation = explain(&settings, KEPT, line);
    assert_int_equal(explanation.first, 5);
    assert_int_equal(explanation.last, 7);
    assert_true(explanation_says(by_rule(&explanation, "unawaited-gather")));
  }
  Explanation empty = explain(&settings, KEPT, 2);
  assert_false(empty.has_code);
  for (uint32_t i = 0; i < empty.rules.count; i++)
    assert_false(explanation_says(&empty.rules.items[i]));
}

static void what_goes_on_around_the_line_is_named(void **state) {
  (void)state;
  Settings settings = { 0 };
  const char *text = "import asyncio\n\nasync def work(stop):\n    try:\n        await stop()\n"
                     "    except BaseException:\n        print('over')\n        raise\n";
  Explanation explanation = explain(&settings, text, 7);
  assert_int_equal(explanation.around.count, 1);
  assert_int_equal(explanation.around.items[0], 6);
}

static void target_versions_and_test_files_count(void **state) {
  (void)state;
  Settings settings = { 0 };
  SelectorProblems problems = { 0 };
  const Linter *linter = linter_build(arena, &settings, &problems);
  LintInput input = { .target_minor = 12, .identity = { .is_test = true } };
  Explanation explanation = explain(&settings, WORK, 1);
  const Rule *timeout = by_rule(&explanation, "wrong-timeout-error")->rule;
  assert_str(
    linter_why_off(linter, timeout, &input, arena),
    "for Python 3.10 and earlier; the target is 3.12"
  );
  const Rule *dangling = by_rule(&explanation, "dangling-task")->rule;
  assert_str(
    linter_why_off(linter, dangling, &input, arena), "off in test files unless it is selected"
  );
}

static void a_file_that_is_not_parsed_is_explained_all_the_same(void **state) {
  (void)state;
  Settings settings = { 0 };
  Explanation explanation = explain(&settings, "x = 1\n", 1);
  assert_str(explanation.why_unread, "the file has no word of async");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_rule_that_lets_code_pass_says_why),
    cmocka_unit_test(what_is_reported_is_no_silence),
    cmocka_unit_test(a_rule_that_is_off_tells_what_it_would_say),
    cmocka_unit_test(a_suppression_is_named_with_its_reason),
    cmocka_unit_test(any_line_of_a_statement_stands_for_it),
    cmocka_unit_test(what_goes_on_around_the_line_is_named),
    cmocka_unit_test(target_versions_and_test_files_count),
    cmocka_unit_test(a_file_that_is_not_parsed_is_explained_all_the_same),
  };
  return cmocka_run_group_tests_name("explain", tests, make_fresh, free_fresh);
}
