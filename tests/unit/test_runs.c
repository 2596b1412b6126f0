/* What the runs of a sweep have shown, put together. */
#include "proof/runs.h"

#include "unit.h"

#define RUN(number, plan, task) \
  "{\"v\":1,\"kind\":\"run\",\"run\":" number ",\"plan\":\"" plan "\",\"task\":\"" task "\"}\n"
#define SWALLOWED(number, line, rest) \
  "{\"v\":1,\"kind\":\"cancel-swallowed\",\"run\":" number \
  ",\"at\":{\"file\":\"/p/a.py\",\"line\":" line \
  ",\"func\":\"worker\"},\"handler\":9,\"task\":\"worker\"" rest "}\n"

static Sightings merge(Arena *arena, const char *lines) {
  Sightings sightings = sightings_read(arena, str_from(lines));
  return runs_merge(arena, &sightings);
}

static void test_one_fault_of_several_runs(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Sightings merged = merge(
    arena,
    RUN("0", "none", "") RUN("1", "none", "") SWALLOWED("2", "5", "") RUN("2", "cancel", "main")
      SWALLOWED("3", "6", ",\"then\":\"runs on\"") SWALLOWED("3", "6", "")
        RUN("3", "cancel", "worker")
  );
  const Sighting *fault = sighting_of_kind(&merged, "cancel-swallowed");
  assert_int_equal(merged.count, 5);
  assert_int_equal(fault->runs, 2);
  assert_int_equal(fault->run, 3); /* in which the task itself was cancelled */
  assert_str(fault->then, "runs on");
  assert_str(runs_cause(arena, runs_find(&merged, fault)), "`worker` was cancelled");
  arena_free(arena);
}

static void test_what_shows_undisturbed_has_no_cause(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Sightings merged = merge(
    arena,
    SWALLOWED("0", "5", "") RUN("0", "none", "") SWALLOWED("2", "5", "")
      RUN("2", "cancel", "worker")
  );
  const Sighting *fault = sighting_of_kind(&merged, "cancel-swallowed");
  assert_int_equal(fault->run, 0);
  assert_str(runs_cause(arena, runs_find(&merged, fault)), "");
  assert_non_null(runs_baseline(&merged));
  arena_free(arena);
}

static void test_tests_are_kept_apart(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Sightings merged = merge(
    arena,
    SWALLOWED("2", "5", ",\"test\":\"a\"") SWALLOWED(
      "2", "5", ",\"test\":\"b\""
    ) "{\"kind\":\"run\",\"run\":2,\"plan\":\"raise-end\",\"task\":\"x\",\"test\":\"b\"}\n"
  );
  assert_int_equal(merged.count, 3);
  assert_null(runs_find(&merged, &merged.items[0]));
  assert_str(runs_cause(arena, runs_find(&merged, &merged.items[1])), "`x` failed at its end");
  assert_null(runs_baseline(&merged));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_one_fault_of_several_runs),
    cmocka_unit_test(test_what_shows_undisturbed_has_no_cause),
    cmocka_unit_test(test_tests_are_kept_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
