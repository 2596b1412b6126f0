/* What tests prove, fed with what a test run would report. */
#include "proof/tests.h"

#include "claim.h"

static const char BEFORE[] = "import asyncio\n"
                             "async def go():\n"
                             "    asyncio.create_task(work())\n"
                             "    await asyncio.sleep(1)\n";

#define START "{\"v\":1,\"kind\":\"start\"}\n"
#define END "{\"v\":1,\"kind\":\"end\"}\n"
#define TEST(name, outcome) \
  "{\"v\":1,\"kind\":\"test\",\"test\":\"" name "\",\"outcome\":\"" outcome "\"}\n"
#define SEEN(test, kind, line) \
  "{\"v\":1,\"kind\":\"" kind "\",\"test\":\"" test \
  "\",\"at\":{\"file\":\"/p/a.py\",\"line\":" line ",\"func\":\"go\"}}\n"

static int make_fixture(void **state) {
  *state = fixture_new("dangling-task", BEFORE, 3, 0, "tasks = set()\n");
  return 0;
}

static Trial trial_of(Fixture *fixture, const char *lines) {
  return (Trial){ .sightings = sightings_read(fixture->arena, str_from(lines)) };
}

static void assert_judged(
  Fixture *fixture, const char *before, const char *after, VerdictKind kind, const char *why
) {
  Trial trials[] = { trial_of(fixture, before), trial_of(fixture, after) };
  Verdict verdict = tests_judge(fixture->arena, &fixture->claim, &trials[0], &trials[1]);
  assert_string_equal(verdict_name(verdict.kind), verdict_name(kind));
  assert_str(verdict.why, why);
}

#define SHOWN \
  START SEEN("t::a", "task-unreferenced", "3") TEST("t::a", "passed") TEST("t::b", "passed") END
#define CALM START TEST("t::a", "passed") TEST("t::b", "passed") END

static void fault_that_a_test_shows(void **state) {
  assert_judged(
    *state,
    SHOWN,
    CALM,
    VERDICT_FIXED,
    "nothing but the event loop referred to a task (line 3) in t::a; with the fix not in 2 tests"
  );
}

static void fault_that_is_still_there(void **state) {
  const char *after = START SEEN("t::b", "task-unreferenced", "4") TEST("t::a", "passed") END;
  assert_judged(
    *state,
    SHOWN,
    after,
    VERDICT_NOT_FIXED,
    "with the fix, too, nothing but the event loop referred to a task (line 4) in t::b"
  );
}

static void what_is_destroyed_at_the_end_is_not_lost(void **state) {
  const char *after =
    START TEST("t::a", "passed") TEST("t::b", "passed") SEEN("", "task-destroyed-pending", "4") END;
  Fixture *fixture = *state;
  Trial trials[] = { trial_of(fixture, SHOWN), trial_of(fixture, after) };
  Verdict verdict = tests_judge(fixture->arena, &fixture->claim, &trials[0], &trials[1]);
  assert_int_equal(verdict.kind, VERDICT_FIXED);
  assert_int_equal(verdict.runs, 4);
}

static void fault_that_no_test_comes_by(void **state) {
  assert_judged(*state, CALM, CALM, VERDICT_NOT_REPRODUCED, "the fault did not show in 2 tests");
}

static void tests_that_end_otherwise(void **state) {
  const char *failed = START TEST("t::a", "failed") TEST("t::b", "passed") END;
  assert_judged(*state, failed, CALM, VERDICT_FIXED, "t::a failed; with the fix it passes");
  assert_judged(
    *state, CALM, failed, VERDICT_BEHAVIOUR_CHANGED, "t::a passed; with the fix it fails"
  );
  const char *missing = START TEST("t::b", "passed") END;
  assert_judged(
    *state, CALM, missing, VERDICT_REGRESSION, "t::a passed; with the fix it cannot be run"
  );
}

static void tests_that_vary_are_left_out(void **state) {
  Fixture *fixture = *state;
  const char *failed = START TEST("t::a", "failed") TEST("t::b", "passed") END;
  Trial before = trial_of(fixture, failed), again = trial_of(fixture, CALM);
  Trial after = trial_of(fixture, CALM);
  tests_merge(fixture->arena, &before, &again);
  Verdict verdict = tests_judge(fixture->arena, &fixture->claim, &before, &after);
  assert_int_equal(verdict.kind, VERDICT_NOT_REPRODUCED);
}

static void fault_that_is_new(void **state) {
  const char *after =
    START SEEN("t::b", "cancel-swallowed", "5") TEST("t::a", "passed") TEST("t::b", "passed") END;
  assert_judged(
    *state,
    SHOWN,
    after,
    VERDICT_REGRESSION,
    "with the fix, and not before, a cancellation was swallowed (line 5) in t::b"
  );
}

static void nothing_to_run(void **state) {
  assert_judged(*state, START END, START END, VERDICT_NOT_RUNNABLE, "no test was run: ");
}

int main(void) {
#define TESTS_TEST(name) cmocka_unit_test_setup_teardown(name, make_fixture, free_fixture)
  const struct CMUnitTest tests[] = {
    TESTS_TEST(fault_that_a_test_shows),
    TESTS_TEST(fault_that_is_still_there),
    TESTS_TEST(what_is_destroyed_at_the_end_is_not_lost),
    TESTS_TEST(fault_that_no_test_comes_by),
    TESTS_TEST(tests_that_end_otherwise),
    TESTS_TEST(tests_that_vary_are_left_out),
    TESTS_TEST(fault_that_is_new),
    TESTS_TEST(nothing_to_run),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
