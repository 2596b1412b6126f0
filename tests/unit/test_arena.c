#include "base/arena.h"

#include "unit.h"

static void blocks_are_zeroed_and_apart(void **state) {
  (void)state;
  Arena *arena = arena_new();
  for (int round = 0; round < 2; round++) {
    char *blocks[100];
    for (int i = 0; i < 100; i++) {
      blocks[i] = arena_alloc(arena, 33);
      assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
      for (int at = 0; at < 33; at++) assert_int_equal(blocks[i][at], 0);
      memset(blocks[i], i + 1, 33);
    }
    for (int i = 0; i < 100; i++)
      for (int at = 0; at < 33; at++) assert_int_equal(blocks[i][at], i + 1);
    arena_reset(arena);
  }
  arena_free(arena);
}

static void growing_keeps_the_bytes(void **state) {
  (void)state;
  Arena *arena = arena_new();
  char *block = arena_grow(arena, NULL, 0, 4);
  memset(block, 'a', 4);
  char *same = arena_grow(arena, block, 4, 100);
  assert_ptr_equal(same, block); // it is the newest
  arena_alloc(arena, 1);
  char *moved = arena_grow(arena, same, 100, 200);
  assert_ptr_not_equal(moved, same);
  assert_memory_equal(moved, "aaaa", 4);
  arena_free(arena);
}

static void blocks_larger_than_a_chunk(void **state) {
  (void)state;
  Arena *arena = arena_new();
  size_t bytes = (size_t)20 << 20;
  char *large = arena_alloc(arena, bytes);
  large[bytes - 1] = 'x';
  char *small = arena_alloc(arena, 8);
  small[0] = 'y';
  assert_int_equal(large[bytes - 1], 'x');
  assert_true(arena_alloc(arena, 0) != NULL);
  arena_free(arena);
}

static void a_reset_arena_can_be_used_and_released(void **state) {
  (void)state;
  Arena *arena = arena_new();
  char *block = arena_alloc(arena, 10);
  arena_grow(arena, block, 10, 30);
  arena_reset(arena);
  block = arena_alloc(arena, 10);
  assert_int_equal(block[0], 0);
  arena_reset(arena);
  arena_free(arena);
  arena_free(NULL);
}

static void an_arena_takes_over_the_blocks_of_another(void **state) {
  (void)state;
  Arena *empty = arena_new(), *arena = arena_new(), *other = arena_new();
  char *own = arena_alloc(arena, 10), *first = arena_alloc(other, 10);
  char *last = arena_alloc(other, (size_t)1 << 20);
  own[9] = 'a', first[9] = 'b', last[9] = 'c';
  size_t bytes = arena_bytes(arena) + arena_bytes(other);
  arena_adopt(arena, other);
  assert_int_equal(arena_bytes(arena), bytes);
  arena_adopt(empty, arena);
  assert_int_equal(arena_bytes(empty), bytes);
  arena_adopt(empty, arena_new());
  char *next = arena_alloc(empty, 10);
  assert_int_equal(next[0], 0);
  assert_int_equal(own[9], 'a');
  assert_int_equal(first[9], 'b');
  assert_int_equal(last[9], 'c');
  arena_free(empty);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(blocks_are_zeroed_and_apart),
    cmocka_unit_test(growing_keeps_the_bytes),
    cmocka_unit_test(blocks_larger_than_a_chunk),
    cmocka_unit_test(a_reset_arena_can_be_used_and_released),
    cmocka_unit_test(an_arena_takes_over_the_blocks_of_another),
  };
  return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
