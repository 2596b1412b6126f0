#include "base/thread.h"

#include "unit.h"

enum { THREADS = 4, NUMBERS = 20000 };

typedef struct {
  Counter counter;
  Mutex mutex;
  uint32_t taken[NUMBERS]; // how often each number was handed out
  uint32_t sum;            // guarded by mutex
} Shared;

static void take_numbers(void *argument) {
  Shared *shared = argument;
  for (uint32_t number; (number = counter_take(&shared->counter)) < NUMBERS;) {
    shared->taken[number]++;
    mutex_lock(&shared->mutex);
    shared->sum++;
    mutex_unlock(&shared->mutex);
  }
}

static void each_number_goes_to_one_thread(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Shared *shared = arena_make(arena, Shared);
  Thread threads[THREADS];
  mutex_init(&shared->mutex);
  for (int i = 0; i < THREADS; i++) assert_true(thread_start(&threads[i], take_numbers, shared));
  for (int i = 0; i < THREADS; i++) thread_join(&threads[i]);
  mutex_release(&shared->mutex);
  for (int i = 0; i < NUMBERS; i++) assert_int_equal(shared->taken[i], 1);
  assert_int_equal(shared->sum, NUMBERS);
  arena_free(arena);
}

static void there_is_a_processor(void **state) {
  (void)state;
  assert_in_range(cpu_count(), 1, 8192);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_number_goes_to_one_thread),
    cmocka_unit_test(there_is_a_processor),
  };
  return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
