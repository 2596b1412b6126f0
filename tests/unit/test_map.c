#include "base/map.h"

#include "unit.h"

static void an_empty_map_has_nothing(void **state) {
  (void)state;
  Map map = { 0 };
  uint32_t value = 7;
  assert_false(map_get(&map, STR("key"), &value));
  assert_int_equal(value, 7);
  assert_false(map_has(&map, STR_EMPTY));
}

static void put_replaces_and_add_does_not(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Map map = { 0 };
  uint32_t value = 0;
  map_put(arena, &map, STR("a"), 1);
  map_put(arena, &map, STR("a"), 2);
  assert_true(map_get(&map, STR("a"), &value));
  assert_int_equal(value, 2);
  assert_false(map_add(arena, &map, STR("a"), 3));
  assert_true(map_get(&map, STR("a"), &value));
  assert_int_equal(value, 2);
  assert_true(map_add(arena, &map, STR("b"), 4));
  assert_int_equal(map.count, 2);
  arena_free(arena);
}

static void a_key_keeps_the_value_it_was_added_with(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Map map = { 0 };
  assert_int_equal(map_get_or_add(arena, &map, STR("a"), 1), 1);
  assert_int_equal(map_get_or_add(arena, &map, STR("a"), 2), 1);
  assert_int_equal(map_get_or_add(arena, &map, STR("b"), 2), 2);
  assert_int_equal(map.count, 2);
  arena_free(arena);
}

static void reserved_room_is_enough_and_loses_no_key(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Map map = { 0 };
  map_put(arena, &map, STR("first"), 7);
  map_reserve(arena, &map, 1000);
  const MapSlot *slots = map.slots;
  for (uint32_t i = 1; i < 1000; i++) map_put(arena, &map, str_format(arena, "key%u", i), i);
  assert_ptr_equal(map.slots, slots);
  uint32_t value = 0;
  assert_true(map_get(&map, STR("first"), &value));
  assert_int_equal(value, 7);
  arena_free(arena);
}

static void the_empty_string_is_a_key(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Map map = { 0 };
  map_put(arena, &map, (Str){ 0 }, 5);
  uint32_t value = 0;
  assert_true(map_get(&map, STR_EMPTY, &value));
  assert_int_equal(value, 5);
  arena_free(arena);
}

static void many_keys_are_all_found(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Map map = { 0 };
  for (uint32_t i = 0; i < 20000; i++) map_put(arena, &map, str_format(arena, "key%u", i), i);
  assert_int_equal(map.count, 20000);
  for (uint32_t i = 0; i < 20000; i++) {
    uint32_t value = 0;
    assert_true(map_get(&map, str_format(arena, "key%u", i), &value));
    assert_int_equal(value, i);
  }
  assert_false(map_has(&map, STR("key20000")));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_empty_map_has_nothing),
    cmocka_unit_test(put_replaces_and_add_does_not),
    cmocka_unit_test(a_key_keeps_the_value_it_was_added_with),
    cmocka_unit_test(reserved_room_is_enough_and_loses_no_key),
    cmocka_unit_test(the_empty_string_is_a_key),
    cmocka_unit_test(many_keys_are_all_found),
  };
  return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
