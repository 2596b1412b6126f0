/* Which faults a sweep puts into a program, by what the undisturbed run has passed. */
#include "runtime/plan.h"

#include <stdio.h>

#include "runtime/orders.h"
#include "unit.h"

static Place place(Ledger *ledger, const char *function, uint32_t line) {
  return (Place){ ledger_text(ledger, "/p/a.py"), ledger_text(ledger, function), line, 0 };
}

static void wait_at(Ledger *ledger, uint32_t line, uint32_t task, uint32_t occurrence) {
  Place at = place(ledger, "worker", line);
  ledger_add(ledger, ENTRY_WAIT, &at, ledger_text(ledger, "worker"), (Point){ task, occurrence });
}

static void test_texts_are_kept_once(void **state) {
  (void)state;
  Ledger *ledger = ledger_new();
  TextId worker = ledger_text(ledger, "worker");
  assert_int_equal(ledger_text(ledger, "worker"), worker);
  assert_int_not_equal(ledger_text(ledger, "work"), worker);
  assert_string_equal(ledger_text_of(ledger, worker), "worker");
  assert_int_equal(ledger_text(ledger, ""), 0);
  assert_string_equal(ledger_text_of(ledger, 0), "");
  ledger_free(ledger);
}

static void test_of_a_place_the_first_two_and_the_last_count(void **state) {
  (void)state;
  Ledger *ledger = ledger_new();
  for (uint32_t i = 1; i <= 9; i++) wait_at(ledger, 5, 2, i);
  wait_at(ledger, 6, 2, 10);
  ledger_make_plans(ledger, PLANS_CANCEL);
  assert_int_equal(ledger_points(ledger, ENTRY_WAIT), 10);
  assert_int_equal(ledger_plan_count(ledger), 4);
  const uint32_t occurrences[] = { 1, 2, 9, 10 };
  for (uint32_t i = 0; i < 4; i++) {
    Plan plan = ledger_plan(ledger, i);
    assert_int_equal(plan.kind, PLAN_CANCEL);
    assert_int_equal(plan.point.number, 2);
    assert_int_equal(plan.point.occurrence, occurrences[i]);
    assert_int_equal(plan.at.line, i < 3 ? 5 : 6);
  }
  ledger_free(ledger);
}

static void test_tasks_fail_in_two_ways(void **state) {
  (void)state;
  Ledger *ledger = ledger_new();
  Place at = place(ledger, "main", 20);
  ledger_add(ledger, ENTRY_TASK, &at, ledger_text(ledger, "worker"), (Point){ 1, 1 });
  wait_at(ledger, 5, 1, 1);
  ledger_make_plans(ledger, PLANS_RAISE);
  assert_int_equal(ledger_plan_count(ledger), 2);
  assert_int_equal(ledger_plan(ledger, 0).kind, PLAN_RAISE_END);
  assert_int_equal(ledger_plan(ledger, 1).kind, PLAN_RAISE_FIRST);
  ledger_make_plans(ledger, PLANS_RAISE | PLANS_CANCEL);
  assert_int_equal(ledger_plan_count(ledger), 3);
  assert_int_equal(ledger_plan(ledger, 0).kind, PLAN_CANCEL);
  ledger_free(ledger);
}

static void test_what_is_left_running_is_no_plan(void **state) {
  (void)state;
  Ledger *ledger = ledger_new();
  Place at = place(ledger, "main", 20);
  TextId task = ledger_text(ledger, "worker");
  ledger_add(ledger, ENTRY_LEAK, &at, task, (Point){ 1, 1 });
  ledger_make_plans(ledger, PLANS_CANCEL | PLANS_RAISE | PLANS_CHILD);
  assert_int_equal(ledger_plan_count(ledger), 0);
  Entry *entry = ledger_find(ledger, ENTRY_LEAK, &at, task);
  entry->seen = 3;
  ledger_begin_run(ledger);
  assert_int_equal(entry->seen, 0);
  assert_null(ledger_find(ledger, ENTRY_LEAK, &at, ledger_text(ledger, "other")));
  assert_null(ledger_find(ledger, ENTRY_TASK, &at, task));
  ledger_free(ledger);
}

static void test_a_ledger_that_is_full_passes_over_more(void **state) {
  (void)state;
  Ledger *ledger = ledger_new();
  for (uint32_t line = 1; line <= 100000; line++) wait_at(ledger, line, 0, line);
  char name[32];
  for (uint32_t i = 0; i < 100000; i++) {
    snprintf(name, sizeof(name), "function_%u", i);
    assert_string_equal(ledger_text_of(ledger, 0), "");
    TextId text = ledger_text(ledger, name);
    if (text) assert_string_equal(ledger_text_of(ledger, text), name);
  }
  ledger_make_plans(ledger, PLANS_CANCEL);
  assert_int_equal(ledger_plan(ledger, 0).at.line, 1);
  assert_true(ledger_plan_count(ledger) >= 10000);
  ledger_free(ledger);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_texts_are_kept_once),
    cmocka_unit_test(test_of_a_place_the_first_two_and_the_last_count),
    cmocka_unit_test(test_tasks_fail_in_two_ways),
    cmocka_unit_test(test_what_is_left_running_is_no_plan),
    cmocka_unit_test(test_a_ledger_that_is_full_passes_over_more),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
