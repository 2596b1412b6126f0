#include "lint/foreign.h"

#include "lint/linter.h"
#include "lint/selector.h"
#include "unit.h"

static const Rule *rule_of(const char *name) { return linter_find_rule(str_from(name))->rule; }

static void every_row_leads_to_rules_that_there_are(void **state) {
  (void)state;
  for (uint32_t i = 0; i < foreign_count; i++) {
    const Foreign *row = &foreign_rows[i];
    assert_non_null(row->rules[0]);
    assert_true(strlen(row->why) > 0);
    for (uint32_t k = 0; k < FOREIGN_MAX_RULES && row->rules[k] != NULL; k++) {
      if (!linter_find_rule(str_from(row->rules[k])))
        fail_msg("%s: no %s", row->code, row->rules[k]);
    }
  }
}

static void no_code_stands_there_twice_or_is_ours(void **state) {
  (void)state;
  for (uint32_t i = 0; i < foreign_count; i++) {
    const char *code = foreign_rows[i].code;
    assert_ptr_equal(foreign_find(str_from(code)), &foreign_rows[i]);
    for (uint32_t k = 0; k < rule_entry_count; k++) {
      assert_string_not_equal(rule_entries[k].rule->code, code);
      if (foreign_rows[i].name)
        assert_string_not_equal(rule_entries[k].rule->name, foreign_rows[i].name);
    }
  }
}

static void codes_and_names_are_found_in_any_case(void **state) {
  (void)state;
  assert_string_equal(foreign_find(STR("ruf006"))->code, "RUF006");
  assert_string_equal(foreign_find(STR("Asyncio-Dangling-Task"))->code, "RUF006");
  assert_string_equal(foreign_find(STR("reportunusedcoroutine"))->code, "reportUnusedCoroutine");
  assert_null(foreign_find(STR("RUF00")));
  assert_null(foreign_find(STR("RUF0066")));
  assert_null(foreign_find(STR_EMPTY));
}

static void what_is_exact_selects_as_the_rule_itself_does(void **state) {
  (void)state;
  assert_int_equal(selector_selects(STR("RUF006"), rule_of("dangling-task")), SELECTED_BY_NAME);
  assert_int_equal(selector_selects(STR("W0150"), rule_of("jump-in-finally")), SELECTED_BY_NAME);
  assert_int_equal(selector_selects(STR("W0150"), rule_of("dangling-task")), SELECTED_NOT);
}

static void what_is_near_selects_in_settings_only(void **state) {
  (void)state;
  Str item = STR("BLE001");
  Strs settings = { .items = &item, .count = 1 };
  assert_int_equal(selector_selects(item, rule_of("overbroad-except")), SELECTED_NOT);
  assert_int_equal(selectors_select(&settings, rule_of("overbroad-except")), SELECTED_BY_NAME);
  assert_int_equal(selectors_select(&settings, rule_of("dangling-task")), SELECTED_NOT);
  assert_true(selector_is_known(item));
}

static void a_note_names_the_nearest_rules(void **state) {
  (void)state;
  Arena *arena = arena_new();
  assert_str(
    selector_note(arena, STR("ASYNC104")),
    "ASYNC104 is a rule of flake8-async; nearest to it are swallowed-cancellation and "
    "translated-cancellation"
  );
  assert_str(
    selector_note(arena, STR("E722")),
    "E722 is a rule of pycodestyle, ruff; nearest to it is overbroad-except"
  );
  assert_str(selector_note(arena, STR("RUF006")), "");
  assert_str(selector_note(arena, STR("AWR302")), "");
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_row_leads_to_rules_that_there_are),
    cmocka_unit_test(no_code_stands_there_twice_or_is_ours),
    cmocka_unit_test(codes_and_names_are_found_in_any_case),
    cmocka_unit_test(what_is_exact_selects_as_the_rule_itself_does),
    cmocka_unit_test(what_is_near_selects_in_settings_only),
    cmocka_unit_test(a_note_names_the_nearest_rules),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
