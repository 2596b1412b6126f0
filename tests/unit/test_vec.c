#include "base/vec.h"

#include "unit.h"

typedef struct {
  uint32_t number, square;
} Item;

typedef Vec(Item) Items;

static void pushed_items_stay_in_order(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Items items = { 0 };
  for (uint32_t i = 0; i < 10000; i++) {
    vec_push(arena, &items, (Item){ i, i * i });
    if (i % 100 == 0) arena_alloc(arena, 3); // so that not every growth is in place
  }
  assert_int_equal(items.count, 10000);
  for (uint32_t i = 0; i < items.count; i++) {
    assert_int_equal(items.items[i].number, i);
    assert_int_equal(items.items[i].square, i * i);
  }
  assert_int_equal(vec_last(&items).number, 9999);
  arena_free(arena);
}

static void reserved_room_is_not_moved(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Items items = { 0 };
  vec_reserve(arena, &items, 1000);
  Item *before = items.items;
  for (uint32_t i = 0; i < 1000; i++) vec_push(arena, &items, (Item){ .number = i });
  assert_ptr_equal(items.items, before);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(pushed_items_stay_in_order),
    cmocka_unit_test(reserved_room_is_not_moved),
  };
  return cmocka_run_group_tests_name("vec", tests, NULL, NULL);
}
