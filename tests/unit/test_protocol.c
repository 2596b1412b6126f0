/* The protocol, fed with what runs would report. */
#include "proof/protocol.h"

#include "claim.h"

/* A fix that lets a cancellation through: two lines before the clause that swallowed it. */
#define HEAD \
  "import asyncio\n" \
  "async def worker():\n" \
  "    try:\n" \
  "        await asyncio.sleep(1)\n"
#define TAIL \
  "    except BaseException:\n" \
  "        pass\n" \
  "    await asyncio.sleep(2)\n"
static const char BEFORE[] = HEAD TAIL;
#define PASS_ON \
  "    except asyncio.CancelledError:\n" \
  "        raise\n"

#define START "{\"v\":1,\"kind\":\"start\"}\n"
#define PLANS "{\"v\":1,\"kind\":\"plans\",\"count\":2,\"points\":2,\"deterministic\":true}\n"
#define END "{\"v\":1,\"kind\":\"end\",\"runs\":3}\n"
#define RUN(number, plan, line, main, value) \
  "{\"v\":1,\"kind\":\"run\",\"run\":" number ",\"plan\":\"" plan \
  "\",\"task\":\"worker\",\"at\":{\"file\":\"/p/a.py\",\"line\":" line \
  ",\"func\":\"worker\"},\"main\":\"" main "\",\"value\":\"" value \
  "\",\"clock\":\"3.000000\",\"out\":\"0123456789abcdef\"}\n"
#define CALM RUN("0", "none", "0", "returned", "None") RUN("1", "none", "0", "returned", "None")
#define SEEN(number, kind, line, handler) \
  "{\"v\":1,\"kind\":\"" kind "\",\"run\":" number ",\"at\":{\"file\":\"/p/a.py\",\"line\":" line \
  ",\"func\":\"worker\"},\"handler\":" handler ",\"task\":\"worker\",\"then\":\"runs on\"}\n"
#define SWALLOWED \
  START PLANS CALM RUN("2", "cancel", "4", "returned", "None") \
    SEEN("2", "cancel-swallowed", "4", "5") END

static int make_fixture(void **state) {
  *state = fixture_new("swallowed-cancellation", BEFORE, 5, (uint32_t)strlen(HEAD), PASS_ON);
  return 0;
}

static Verdict judge(Fixture *fixture, const char *before, const char *after) {
  const char *const lines[] = { before, after };
  for (int i = 0; i < 2; i++) {
    fixture->trials[i].sightings = sightings_read(fixture->arena, str_from(lines[i]));
  }
  return protocol_judge(fixture->arena, &fixture->claim, &fixture->trials[0], &fixture->trials[1]);
}

static void assert_verdict(Verdict verdict, VerdictKind kind, const char *why) {
  if (verdict.kind != kind) print_error("%.*s\n", STR_ARGS(verdict.why));
  assert_string_equal(verdict_name(verdict.kind), verdict_name(kind));
  assert_str(verdict.why, why);
}

#define CURED START PLANS CALM RUN("2", "cancel", "4", "cancelled", "") END

static void fault_that_is_gone(void **state) {
  Verdict verdict = judge(*state, SWALLOWED, CURED);
  assert_verdict(
    verdict,
    VERDICT_FIXED,
    "a cancellation was swallowed (line 4) when `worker` was cancelled at line 4; with the fix not "
    "in 3 runs"
  );
  assert_int_equal(verdict.runs, 6);
}

static void fault_that_is_still_there(void **state) {
  const char *after = START PLANS CALM RUN("2", "cancel", "4", "returned", "None")
    SEEN("2", "cancel-swallowed", "4", "7") END;
  assert_verdict(
    judge(*state, SWALLOWED, after),
    VERDICT_NOT_FIXED,
    "with the fix, too, a cancellation was swallowed (line 4) when `worker` was cancelled at line 4"
  );
}

static void another_fault_of_the_same_kind_is_not_the_one(void **state) {
  /* At the line behind the handler, on both sides: line 7 is line 9 after the fix. */
  const char *before = START PLANS CALM RUN("2", "cancel", "4", "returned", "None")
    SEEN("2", "cancel-swallowed", "4", "5") RUN("3", "cancel", "7", "returned", "None")
      SEEN("3", "cancel-swallowed", "7", "7") END;
  const char *after = START PLANS CALM RUN("2", "cancel", "4", "cancelled", "")
    RUN("3", "cancel", "9", "returned", "None") SEEN("3", "cancel-swallowed", "9", "9") END;
  assert_int_equal(judge(*state, before, after).kind, VERDICT_FIXED);
}

static void fault_that_does_not_show(void **state) {
  const char *before = START PLANS CALM RUN("2", "cancel", "7", "cancelled", "") END;
  assert_verdict(
    judge(*state, before, before), VERDICT_NOT_REPRODUCED, "the fault did not show in 3 runs"
  );
}

static void ordinary_run_that_ends_otherwise(void **state) {
  const char *after = START PLANS RUN("0", "none", "0", "raised", "ValueError: no")
    RUN("1", "none", "0", "raised", "ValueError: no") END;
  assert_verdict(
    judge(*state, SWALLOWED, after),
    VERDICT_BEHAVIOUR_CHANGED,
    "an ordinary run returned None; with the fix it raised ValueError: no"
  );
}

static void behaviour_is_not_compared_where_it_varies(void **state) {
  const char *after = START
    "{\"v\":1,\"kind\":\"plans\",\"deterministic\":false}\n" RUN("0", "none", "0", "returned", "1")
      RUN("2", "cancel", "4", "cancelled", "") END;
  assert_int_equal(judge(*state, SWALLOWED, after).kind, VERDICT_FIXED);
}

static void faults_of_the_ordinary_run_may_change_it(void **state) {
  const char *before = START PLANS CALM SEEN("0", "cancel-swallowed", "4", "5") END;
  const char *after = START PLANS RUN("0", "none", "0", "cancelled", "") END;
  assert_int_equal(judge(*state, before, after).kind, VERDICT_FIXED);
}

static void fault_that_is_new(void **state) {
  const char *after =
    START PLANS CALM RUN("2", "cancel", "4", "hung", "") SEEN("2", "hung", "9", "0") END;
  assert_verdict(
    judge(*state, SWALLOWED, after),
    VERDICT_REGRESSION,
    "with the fix, and not before, the program waited for ever (line 9) when `worker` was "
    "cancelled "
    "at line 4"
  );
}

static void what_was_not_tried_before_is_not_new(void **state) {
  const char *after = START PLANS CALM RUN("2", "cancel", "4", "cancelled", "")
    RUN("3", "cancel", "9", "hung", "") SEEN("3", "hung", "9", "0") END;
  assert_int_equal(judge(*state, SWALLOWED, after).kind, VERDICT_FIXED);
}

static void fix_that_does_not_compile(void **state) {
  const char *after =
    START PLANS RUN("0", "none", "0", "raised", "SyntaxError: invalid syntax") END;
  assert_verdict(
    judge(*state, SWALLOWED, after),
    VERDICT_REGRESSION,
    "with the fix the program raised SyntaxError: invalid syntax"
  );
}

static void place_that_no_run_comes_by_any_more(void **state) {
  assert_verdict(
    judge(*state, SWALLOWED, START PLANS CALM END),
    VERDICT_BEHAVIOUR_CHANGED,
    "a cancellation was swallowed (line 4) when `worker` was cancelled at line 4; with the fix no "
    "run comes by there any more"
  );
}

static void end_of_the_program_is_a_proof_too(void **state) {
  Fixture *fixture = *state;
  fixture->claim.rule = STR("gather-list");
  const char *fails = START PLANS RUN("0", "none", "0", "raised", "TypeError: a list") END;
  assert_verdict(
    judge(fixture, fails, START PLANS CALM END),
    VERDICT_FIXED,
    "the program raised TypeError: a list; with the fix it returned None"
  );
  assert_verdict(
    judge(fixture, fails, fails),
    VERDICT_NOT_RUNNABLE,
    "the program itself fails: it raised TypeError: a list"
  );
}

static void what_cannot_be_run(void **state) {
  Fixture *fixture = *state;
  const char *refused = "{\"v\":1,\"kind\":\"refused\",\"why\":\"is PyPy\"}\n";
  assert_verdict(judge(fixture, refused, refused), VERDICT_UNSUPPORTED, "the interpreter is PyPy");
  fixture->trials[0].status = 11;
  assert_verdict(
    judge(fixture, START, START), VERDICT_NOT_RUNNABLE, "the program was ended by signal 11"
  );
  fixture->trials[0].status = 0;
  assert_verdict(
    judge(fixture, START, START),
    VERDICT_NOT_RUNNABLE,
    "the program ended itself before the checker was done"
  );
  fixture->trials[0].end = LAUNCH_OVERDUE;
  fixture->trials[0].seconds = 1;
  assert_verdict(
    judge(fixture, START, START), VERDICT_TIMEOUT, "the program did not end within 1 second"
  );
}

static void fix_that_breaks_the_run(void **state) {
  Fixture *fixture = *state;
  fixture->trials[1].status = 11;
  assert_verdict(
    judge(fixture, SWALLOWED, START),
    VERDICT_REGRESSION,
    "with the fix, the program was ended by signal 11"
  );
}

static void run_without_a_sweep(void **state) {
  const char *before = START SEEN("0", "cancel-swallowed", "4", "5") "{\"v\":1,\"kind\":\"end\"}\n";
  assert_verdict(
    judge(*state, before, START "{\"v\":1,\"kind\":\"end\"}\n"),
    VERDICT_FIXED,
    "a cancellation was swallowed (line 4) in an ordinary run; with the fix not in the run"
  );
}

int main(void) {
#define PROTOCOL_TEST(name) cmocka_unit_test_setup_teardown(name, make_fixture, free_fixture)
  const struct CMUnitTest tests[] = {
    PROTOCOL_TEST(fault_that_is_gone),
    PROTOCOL_TEST(fault_that_is_still_there),
    PROTOCOL_TEST(another_fault_of_the_same_kind_is_not_the_one),
    PROTOCOL_TEST(fault_that_does_not_show),
    PROTOCOL_TEST(ordinary_run_that_ends_otherwise),
    PROTOCOL_TEST(behaviour_is_not_compared_where_it_varies),
    PROTOCOL_TEST(faults_of_the_ordinary_run_may_change_it),
    PROTOCOL_TEST(fault_that_is_new),
    PROTOCOL_TEST(what_was_not_tried_before_is_not_new),
    PROTOCOL_TEST(fix_that_does_not_compile),
    PROTOCOL_TEST(place_that_no_run_comes_by_any_more),
    PROTOCOL_TEST(end_of_the_program_is_a_proof_too),
    PROTOCOL_TEST(what_cannot_be_run),
    PROTOCOL_TEST(fix_that_breaks_the_run),
    PROTOCOL_TEST(run_without_a_sweep),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
