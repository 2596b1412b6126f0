#include "lint/selector.h"

#include "lint/linter.h"
#include "unit.h"

static const Rule rule = { .code = "AWR101", .name = "swallowed-cancellation" };

static void check(const char *selector, Selected expected) {
  Selected selected = selector_selects(str_from(selector), &rule);
  if (selected != expected) fail_msg("%s: %d is not %d", selector, selected, expected);
}

static void names_codes_prefixes_and_all_select(void **state) {
  (void)state;
  check("swallowed-cancellation", SELECTED_BY_NAME);
  check("AWR101", SELECTED_BY_NAME);
  check("AWR10", SELECTED_BY_LONGER_PREFIX);
  check("AWR1", SELECTED_BY_LONG_PREFIX);
  check("AWR", SELECTED_BY_PREFIX);
  check("ALL", SELECTED_BY_ALL);
}

static void case_does_not_matter(void **state) {
  (void)state;
  check("Swallowed-Cancellation", SELECTED_BY_NAME);
  check("awr101", SELECTED_BY_NAME);
  check("awr1", SELECTED_BY_LONG_PREFIX);
  check("all", SELECTED_BY_ALL);
}

static void everything_else_does_not(void **state) {
  (void)state;
  check("", SELECTED_NOT);
  check("A", SELECTED_NOT);
  check("AW", SELECTED_NOT);
  check("AWR2", SELECTED_NOT);
  check("AWR1011", SELECTED_NOT);
  check("swallowed", SELECTED_NOT);
  check("swallowed-cancellation ", SELECTED_NOT);
  check("ASYNC101", SELECTED_NOT);
}

static void rules_are_found_by_name_and_code(void **state) {
  (void)state;
  const RuleEntry *by_name = linter_find_rule(STR("unused-suppression"));
  assert_non_null(by_name);
  assert_string_equal(by_name->rule->code, "AWR001");
  assert_ptr_equal(linter_find_rule(STR("awr001")), by_name);
  assert_null(linter_find_rule(STR("AWR0")));
  assert_null(linter_find_rule(STR("ALL")));
  assert_null(linter_find_rule(STR_EMPTY));
}

static void known_are_those_that_select_a_rule(void **state) {
  (void)state;
  assert_true(selector_is_known(STR("syntax-error")));
  assert_true(selector_is_known(STR("AWR0")));
  assert_true(selector_is_known(STR("ALL")));
  assert_false(selector_is_known(STR("AWR8")));
  assert_false(selector_is_known(STR("AWR009")));
  assert_false(selector_is_known(STR("sintax-error")));
}

static void the_message_guesses_what_was_meant(void **state) {
  (void)state;
  Arena *arena = arena_new();
  assert_str(
    selector_problem(arena, STR("sintax-error")),
    "unknown rule \"sintax-error\"; did you mean \"syntax-error\"?"
  );
  assert_str(
    selector_problem(arena, STR("Unused_Supression")),
    "unknown rule \"Unused_Supression\"; did you mean \"unused-suppression\"?"
  );
  assert_str(selector_problem(arena, STR("E501")), "unknown rule \"E501\"");
  assert_str(selector_problem(arena, STR_EMPTY), "unknown rule \"\"");
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_codes_prefixes_and_all_select),
    cmocka_unit_test(case_does_not_matter),
    cmocka_unit_test(everything_else_does_not),
    cmocka_unit_test(rules_are_found_by_name_and_code),
    cmocka_unit_test(known_are_those_that_select_a_rule),
    cmocka_unit_test(the_message_guesses_what_was_meant),
  };
  return cmocka_run_group_tests_name("selector", tests, NULL, NULL);
}
