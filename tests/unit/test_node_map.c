#include "python/node_map.h"

#include "support.h"

static void a_map_keeps_the_last_value(void **state) {
  (void)state;
  NodeMap map = { 0 };
  uint32_t value = 7;
  assert_false(node_map_get(&map, 0, &value));
  assert_int_equal(value, 7);
  node_map_put(support_arena(), &map, 0, 1);
  node_map_put(support_arena(), &map, 0, 2);
  assert_true(node_map_get(&map, 0, &value));
  assert_int_equal(value, 2);
  assert_false(node_map_add(support_arena(), &map, 0));
  assert_true(node_map_add(support_arena(), &map, 1));
}

static void a_map_grows(void **state) {
  (void)state;
  enum { COUNT = 5000 };
  NodeMap map = { 0 };
  for (Node node = 0; node < COUNT; node++) node_map_put(support_arena(), &map, node * 7, node);
  for (Node node = 0; node < COUNT; node++) {
    uint32_t value;
    assert_true(node_map_get(&map, node * 7, &value));
    assert_int_equal(value, node);
  }
}

static void a_cleared_set_is_empty(void **state) {
  (void)state;
  enum { COUNT = 1000 };
  NodeSet set = { 0 };
  for (uint32_t round = 0; round < 5; round++) {
    node_set_clear(&set);
    for (Node node = round; node < COUNT; node += round + 1)
      assert_true(node_set_add(support_arena(), &set, node));
    for (Node node = round; node < COUNT; node += round + 1)
      assert_false(node_set_add(support_arena(), &set, node));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_map_keeps_the_last_value),
    cmocka_unit_test(a_map_grows),
    cmocka_unit_test(a_cleared_set_is_empty),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
