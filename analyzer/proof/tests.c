#include "proof/tests.h"

#include "base/map.h"
#include "proof/symptom.h"

/* The outcome of a test that does not end alike each time. */
#define VARIES "varies"

typedef struct {
  const Trial *trial;
  Map tests; /* name -> index of its sighting */
} Side;

typedef struct {
  Arena *arena;
  const Claim *claim;
  Side before, after;
} Case;

static bool is_test(const Sighting *seen) { return str_is(seen->kind, "test"); }

/* When the interpreter ends, what still waits is destroyed: that is no task that went missing. */
static bool is_of_the_end(const Sighting *seen) {
  return seen->test.len == 0 && str_is(seen->kind, "task-destroyed-pending");
}

static Side read_side(Arena *arena, const Trial *trial) {
  Side side = { .trial = trial };
  for (uint32_t i = 0; i < trial->sightings.count; i++) {
    const Sighting *seen = &trial->sightings.items[i];
    if (is_test(seen)) map_put(arena, &side.tests, seen->test, i);
  }
  return side;
}

/* NULL: it was not run. */
static const Sighting *find_test(const Side *side, Str name) {
  uint32_t index;
  if (!map_get(&side->tests, name, &index)) return NULL;
  return &side->trial->sightings.items[index];
}

static uint32_t count_tests(const Side *side) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < side->trial->sightings.count; i++) {
    count += is_test(&side->trial->sightings.items[i]);
  }
  return count;
}

static Verdict verdict(const Case *its, VerdictKind kind, Str why) {
  uint32_t runs = count_tests(&its->before) + count_tests(&its->after);
  return (Verdict){ .kind = kind, .runs = runs, .why = why };
}

/* --- comparing --------------------------------------------------------------------------------- */

/* The first test that ended in the one way before and in the other with the fix; NULL: none. */
static const Sighting *find_change(const Case *its, const char *before, const char *after) {
  for (uint32_t i = 0; i < its->before.trial->sightings.count; i++) {
    const Sighting *test = &its->before.trial->sightings.items[i];
    if (!is_test(test) || !str_is(test->outcome, before)) continue;
    const Sighting *now = find_test(&its->after, test->test);
    if (str_is(now ? now->outcome : STR("missing"), after)) return test;
  }
  return NULL;
}

static const Sighting *find_shown(const Case *its) {
  for (uint32_t i = 0; i < its->before.trial->sightings.count; i++) {
    const Sighting *seen = &its->before.trial->sightings.items[i];
    if (!is_of_the_end(seen) && claim_is_shown(its->arena, its->claim, seen)) return seen;
  }
  return NULL;
}

static bool was_there(const Case *its, const Sighting *seen) {
  for (uint32_t i = 0; i < its->before.trial->sightings.count; i++) {
    const Sighting *before = &its->before.trial->sightings.items[i];
    if (!str_equal(before->kind, seen->kind)) continue;
    if (claim_is_same_place(its->claim, &before->at, &seen->at)) return true;
  }
  return false;
}

/* The fault at a place where it showed before. */
static const Sighting *find_remaining(const Case *its) {
  for (uint32_t i = 0; i < its->after.trial->sightings.count; i++) {
    const Sighting *seen = &its->after.trial->sightings.items[i];
    if (is_of_the_end(seen) || !symptom_is_of_rule(seen->kind, its->claim->rule)) continue;
    for (uint32_t k = 0; k < its->before.trial->sightings.count; k++) {
      const Sighting *before = &its->before.trial->sightings.items[k];
      if (!claim_is_shown(its->arena, its->claim, before)) continue;
      if (claim_is_same_place(its->claim, &before->at, &seen->at)) return seen;
    }
  }
  return NULL;
}

static bool ended_as(const Side *side, Str name, const char *outcome) {
  const Sighting *test = find_test(side, name);
  return test && str_is(test->outcome, outcome);
}

/* A fault of the file that was not there before, in a test that passes on both sides. */
static const Sighting *find_regression(const Case *its) {
  for (uint32_t i = 0; i < its->after.trial->sightings.count; i++) {
    const Sighting *seen = &its->after.trial->sightings.items[i];
    if (!symptom_text(seen->kind) || symptom_is_wanted(seen->kind, its->claim->rule)) continue;
    if (!str_equal(seen->at.file, its->claim->path) || was_there(its, seen)) continue;
    bool is_calm =
      ended_as(&its->before, seen->test, "passed") && ended_as(&its->after, seen->test, "passed");
    if (is_calm) return seen;
  }
  return NULL;
}

/* --- the verdict ------------------------------------------------------------------------------- */

static Str symptom_in(const Case *its, const Sighting *seen) {
  const char *text = symptom_text(seen->kind);
  return str_format(its->arena, "%s (line %u) in %.*s", text, seen->at.line, STR_ARGS(seen->test));
}

static Verdict judge_good(const Case *its) {
  Arena *arena = its->arena;
  const Sighting *shown = find_shown(its), *better = find_change(its, "failed", "passed");
  uint32_t count = count_tests(&its->before);
  const char *plural = count == 1 ? "" : "s";
  if (shown) {
    Str fault = symptom_in(its, shown);
    Str why =
      str_format(arena, "%.*s; with the fix not in %u test%s", STR_ARGS(fault), count, plural);
    return verdict(its, VERDICT_FIXED, why);
  }
  if (better) {
    Str why = str_format(arena, "%.*s failed; with the fix it passes", STR_ARGS(better->test));
    return verdict(its, VERDICT_FIXED, why);
  }
  Str why = str_format(arena, "the fault did not show in %u test%s", count, plural);
  return verdict(its, VERDICT_NOT_REPRODUCED, why);
}

static Verdict judge_tests(const Case *its) {
  Arena *arena = its->arena;
  const Sighting *remaining = find_remaining(its);
  if (remaining) {
    Str still = symptom_in(its, remaining);
    Str why = str_format(arena, "with the fix, too, %.*s", STR_ARGS(still));
    return verdict(its, VERDICT_NOT_FIXED, why);
  }
  const Sighting *worse = find_change(its, "passed", "failed");
  if (worse) {
    Str why = str_format(arena, "%.*s passed; with the fix it fails", STR_ARGS(worse->test));
    return verdict(its, VERDICT_BEHAVIOUR_CHANGED, why);
  }
  const Sighting *missing = find_change(its, "passed", "missing");
  if (missing) {
    Str why =
      str_format(arena, "%.*s passed; with the fix it cannot be run", STR_ARGS(missing->test));
    return verdict(its, VERDICT_REGRESSION, why);
  }
  const Sighting *new = find_regression(its);
  if (!new) return judge_good(its);
  Str fault = symptom_in(its, new);
  Str why = str_format(arena, "with the fix, and not before, %.*s", STR_ARGS(fault));
  return verdict(its, VERDICT_REGRESSION, why);
}

Verdict tests_judge(Arena *arena, const Claim *claim, const Trial *before, const Trial *after) {
  Case its = { .arena = arena,
               .claim = claim,
               .before = read_side(arena, before),
               .after = read_side(arena, after) };
  VerdictKind kind;
  Str why;
  if (trial_is_broken(arena, before, &kind, &why)) return verdict(&its, kind, why);
  if (trial_is_damaged(arena, after, &kind, &why)) return verdict(&its, kind, why);
  if (count_tests(&its.before) > 0) return judge_tests(&its);
  why = str_format(arena, "no test was run: %.*s", STR_ARGS(before->last_words));
  return verdict(&its, VERDICT_NOT_RUNNABLE, why);
}

/* --- tests that do not end alike --------------------------------------------------------------- */

bool tests_are_doubtful(const Verdict *verdict) {
  return verdict->kind == VERDICT_BEHAVIOUR_CHANGED || verdict->kind == VERDICT_REGRESSION ||
    verdict->kind == VERDICT_FIXED;
}

void tests_merge(Arena *arena, Trial *first, const Trial *second) {
  Side again = read_side(arena, second);
  for (uint32_t i = 0; i < first->sightings.count; i++) {
    Sighting *test = &first->sightings.items[i];
    const Sighting *other = is_test(test) ? find_test(&again, test->test) : NULL;
    if (other && !str_equal(other->outcome, test->outcome)) test->outcome = STR(VARIES);
  }
  for (uint32_t i = 0; i < second->sightings.count; i++) {
    const Sighting *seen = &second->sightings.items[i];
    if (!is_test(seen)) vec_push(arena, &first->sightings, *seen);
  }
}
