#include "base/thread.h"

#include "unit.h"

enum { THREADS = 4, NUMBERS = 20000 };

typedef struct {
  Counter counter;
  uint32_t taken[NUMBERS]; // how often each number was handed out
} Shared;

static void take_numbers(void *argument) {
  Shared *shared = argument;
  for (uint32_t number; (number = counter_take(&shared->counter)) < NUMBERS;) {
    shared->taken[number]++;
  }
}

static void each_number_goes_to_one_thread(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Shared *shared = arena_make(arena, Shared);
  Thread threads[THREADS];
  for (int i = 0; i < THREADS; i++) assert_true(thread_start(&threads[i], take_numbers, shared));
  for (int i = 0; i < THREADS; i++) thread_join(&threads[i]);
  for (int i = 0; i < NUMBERS; i++) assert_int_equal(shared->taken[i], 1);
  arena_free(arena);
}

enum { STOCK = 10007, PORTION = 3 };

typedef struct {
  Budget budget;
  Counter portions;
} Stock;

static void take_portions(void *argument) {
  Stock *stock = argument;
  while (budget_take(&stock->budget, PORTION)) counter_take(&stock->portions);
}

static void a_budget_is_spent_once(void **state) {
  (void)state;
  Stock stock = { .budget = { STOCK } };
  Thread threads[THREADS];
  for (int i = 0; i < THREADS; i++) assert_true(thread_start(&threads[i], take_portions, &stock));
  for (int i = 0; i < THREADS; i++) thread_join(&threads[i]);
  assert_int_equal(counter_take(&stock.portions), STOCK / PORTION);
  assert_false(budget_take(&stock.budget, PORTION));
  assert_true(budget_take(&stock.budget, STOCK % PORTION));
  assert_false(budget_take(&stock.budget, 1));
}

static void there_is_a_processor(void **state) {
  (void)state;
  assert_in_range(cpu_count(), 1, 8192);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_number_goes_to_one_thread),
    cmocka_unit_test(a_budget_is_spent_once),
    cmocka_unit_test(there_is_a_processor),
  };
  return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
