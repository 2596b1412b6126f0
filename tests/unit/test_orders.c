/* What the runtime checker is told to do. */
#include "runtime/orders.h"

#include "unit.h"

static bool is_read(const char *text, Orders *orders) {
  char fault[ORDERS_FAULT];
  return orders_read(text, orders, fault);
}

static void test_without_orders_it_looks_on(void **state) {
  (void)state;
  Orders orders;
  assert_true(is_read(NULL, &orders));
  assert_false(orders.is_sweep);
  assert_true(is_read("", &orders));
  assert_false(orders.is_sweep);
}

static void test_a_sweep_has_limits_and_all_plans(void **state) {
  (void)state;
  Orders orders;
  assert_true(is_read("sweep\n", &orders));
  assert_true(orders.is_sweep);
  assert_int_equal(orders.plans, PLANS_CANCEL | PLANS_RAISE | PLANS_CHILD);
  assert_int_equal(orders.runs, 500);
  assert_true(orders.seconds > 0 && orders.run_seconds > 0);
  assert_string_equal(orders.file, "");
}

static void test_everything_can_be_said(void **state) {
  (void)state;
  Orders orders;
  assert_true(is_read(
    "sweep\nplans=cancel,child\nfile=/a/b=c.py\nfirst=3\nlast=9\nruns=7\nseconds=1.5\n"
    "run-seconds=0.25\noffline",
    &orders
  ));
  assert_int_equal(orders.plans, PLANS_CANCEL | PLANS_CHILD);
  assert_string_equal(orders.file, "/a/b=c.py");
  assert_int_equal(orders.first, 3);
  assert_int_equal(orders.last, 9);
  assert_int_equal(orders.runs, 7);
  assert_true(orders.seconds == 1.5 && orders.run_seconds == 0.25);
  assert_true(orders.is_offline);
}

static void test_what_is_no_order_is_told(void **state) {
  (void)state;
  const char *const lines[] = { "sweeep",    "sweep=1",   "plans=cancel,rise",
                                "runs=",     "runs=many", "runs=-1",
                                "seconds=0", "file=",     "first=3\nx" };
  for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
    Orders orders;
    assert_false(is_read(lines[i], &orders));
  }
  Orders orders;
  char fault[ORDERS_FAULT];
  assert_false(orders_read("runs=many", &orders, fault));
  assert_string_equal(fault, "\"runs=many\" is no order");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_without_orders_it_looks_on),
    cmocka_unit_test(test_a_sweep_has_limits_and_all_plans),
    cmocka_unit_test(test_everything_can_be_said),
    cmocka_unit_test(test_what_is_no_order_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
