#include "proof/protocol.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "proof/symptom.h"

/* Seconds of the program's clock that two runs may differ by: each look at the clock takes a little of it. */
#define CLOCK_TOLERANCE 0.01

/* How one run ended, with nothing done to it. */
typedef struct {
  Str main, value;
  Str clock, output; /* empty: unknown */
} Ending;

typedef struct {
  const Trial *trial;
  Ending ending;
  bool is_deterministic;
  uint32_t runs;
} Side;

typedef struct {
  Arena *arena;
  const Claim *claim;
  Side before, after;
  Vec(const Sighting *) shown; /* before: the fault of the claim */
} Case;

static Verdict verdict(const Case *its, VerdictKind kind, Str why) {
  return (Verdict){ .kind = kind, .runs = its->before.runs + its->after.runs, .why = why };
}

/* --- reading a trial --------------------------------------------------------------------------- */

static bool is_run(const Sighting *seen) { return str_is(seen->kind, "run"); }

static uint32_t count_runs(const Trial *trial) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < trial->sightings.count; i++) {
    count += is_run(&trial->sightings.items[i]);
  }
  if (count == 0) count = sighting_of_kind(&trial->sightings, "start") != NULL;
  return count;
}

/* Without a sweep, the interpreter's own end says how the program ended. */
static Ending ending_of(const Trial *trial) {
  const Sighting *run = sighting_of_run(&trial->sightings, 0);
  if (run) return (Ending){ run->main, run->value, run->clock, run->output };
  bool is_good = WIFEXITED(trial->status) && WEXITSTATUS(trial->status) == 0;
  return (Ending){ .main = is_good ? STR("returned") : STR("raised"),
                   .value = is_good ? STR_EMPTY : trial->last_words };
}

static Side read_side(const Trial *trial) {
  const Sighting *plans = sighting_of_kind(&trial->sightings, "plans");
  return (Side){ .trial = trial,
                 .ending = ending_of(trial),
                 .is_deterministic = !plans || plans->is_deterministic,
                 .runs = count_runs(trial) };
}

static bool is_good(const Ending *ending) {
  if (str_is(ending->main, "returned")) return true;
  static const char *const calm[] = { "SystemExit", "SystemExit: 0", "SystemExit: None" };
  return str_is(ending->main, "exited") && STR_IN(ending->value, calm);
}

/* "raised ValueError: no", "hung" */
static Str ending_text(const Case *its, const Ending *ending) {
  static const char *const alone[] = { "hung", "livelock", "killed", "crashed", "cancelled" };
  static const char *const words[] = {
    "waited for ever", "ran without end", "did not end in time", "crashed", "was cancelled"
  };
  for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++) {
    if (str_is(ending->main, alone[i])) return str_from(words[i]);
  }
  bool is_exit = str_is(ending->main, "exited");
  Str word = is_exit ? STR("ended with") : ending->main;
  if (ending->value.len == 0) return is_exit ? STR("ended itself at once") : word;
  return str_format(its->arena, "%.*s %.*s", STR_ARGS(word), STR_ARGS(ending->value));
}

/* --- places ------------------------------------------------------------------------------------ */

/* The same done to the program in the same place. */
static bool is_same_plan(const Claim *claim, const Sighting *before, const Sighting *after) {
  return str_equal(before->plan, after->plan) &&
    claim_is_same_place(claim, &before->at, &after->at);
}

static bool is_baseline(const Sighting *run) { return !run || str_is(run->plan, "none"); }

/* "with `worker` cancelled at line 9" */
static Str plan_text(const Case *its, const Sighting *run) {
  static const struct {
    const char *plan, *text;
  } plans[] = {
    { "cancel", "was cancelled" },
    { "raise-end", "failed at its end" },
    { "raise-first", "failed" },
    { "child-raises", "failed, gathered," },
    { "child-cancelled", "was cancelled, gathered," },
  };
  if (is_baseline(run)) return STR("in an ordinary run");
  for (size_t i = 0; i < sizeof(plans) / sizeof(*plans); i++) {
    if (!str_is(run->plan, plans[i].plan)) continue;
    return str_format(
      its->arena, "when `%.*s` %s at line %u", STR_ARGS(run->task), plans[i].text, run->at.line
    );
  }
  return STR("in a run");
}

/* --- the fault --------------------------------------------------------------------------------- */

static void find_shown(Case *its) {
  const Sightings *sightings = &its->before.trial->sightings;
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *seen = &sightings->items[i];
    if (claim_is_shown(its->arena, its->claim, seen)) vec_push(its->arena, &its->shown, seen);
  }
}

static bool is_shown_in_baseline(const Case *its) {
  for (uint32_t i = 0; i < its->shown.count; i++) {
    if (its->shown.items[i]->run <= 1) return true;
  }
  return false;
}

/* What is still there of the fault after the fix; NULL: nothing. */
static const Sighting *find_remaining(const Case *its) {
  const Sightings *sightings = &its->after.trial->sightings;
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *seen = &sightings->items[i];
    if (!symptom_is_of_rule(seen->kind, its->claim->rule)) continue;
    for (uint32_t k = 0; k < its->shown.count; k++) {
      if (claim_is_same_place(its->claim, &its->shown.items[k]->at, &seen->at)) return seen;
    }
  }
  return NULL;
}

/* True if after the fix, too, what brought the fault about was done to the program. */
static bool is_tried_again(const Case *its) {
  for (uint32_t i = 0; i < its->shown.count; i++) {
    const Sighting *before =
      sighting_of_run(&its->before.trial->sightings, its->shown.items[i]->run);
    if (is_baseline(before)) return true;
    const Sightings *sightings = &its->after.trial->sightings;
    for (uint32_t k = 0; k < sightings->count; k++) {
      const Sighting *after = &sightings->items[k];
      if (!is_run(after) || !str_equal(before->plan, after->plan)) continue;
      bool is_near = str_equal(before->at.function, after->at.function);
      if (is_near || claim_is_same_place(its->claim, &before->at, &after->at)) return true;
    }
  }
  return false;
}

/* --- what else is different -------------------------------------------------------------------- */

static bool differs(Str before, Str after) {
  return before.len > 0 && after.len > 0 && !str_equal(before, after);
}

static bool clocks_differ(const Case *its) {
  Str before = its->before.ending.clock, after = its->after.ending.clock;
  if (before.len == 0 || after.len == 0) return false;
  double difference = strtod(str_terminated(its->arena, after), NULL) -
    strtod(str_terminated(its->arena, before), NULL);
  return difference > CLOCK_TOLERANCE || difference < -CLOCK_TOLERANCE;
}

/* Where nothing goes wrong a fix changes nothing. */
static bool find_change(const Case *its, Str *why) {
  const Ending *before = &its->before.ending, *after = &its->after.ending;
  if (!its->before.is_deterministic || !its->after.is_deterministic) return false;
  if (!str_equal(before->main, after->main) || differs(before->value, after->value)) {
    *why = str_format(
      its->arena,
      "an ordinary run %.*s; with the fix it %.*s",
      STR_ARGS(ending_text(its, before)),
      STR_ARGS(ending_text(its, after))
    );
  } else if (differs(before->output, after->output)) {
    *why = STR("an ordinary run prints something else with the fix");
  } else if (clocks_differ(its)) {
    *why = str_format(
      its->arena,
      "an ordinary run took %.*s s by the program's clock; with the fix it takes %.*s s",
      STR_ARGS(before->clock),
      STR_ARGS(after->clock)
    );
  } else {
    return false;
  }
  return true;
}

/* What a program ends with when the fix, not its own work, is at fault. */
static bool is_blunder(const Ending *after) {
  static const char *const errors[] = { "SyntaxError",    "IndentationError",   "TabError",
                                        "NameError",      "UnboundLocalError",  "ImportError",
                                        "AttributeError", "ModuleNotFoundError" };
  Str rest = after->value;
  return str_is(after->main, "raised") && STR_IN(str_trim(str_next(&rest, ':')), errors);
}

static bool was_tried_before(const Case *its, const Sighting *run) {
  const Sightings *sightings = &its->before.trial->sightings;
  if (is_baseline(run)) return true;
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *before = &sightings->items[i];
    if (is_run(before) && is_same_plan(its->claim, before, run)) return true;
  }
  return false;
}

/* What becomes of a cancellation that was swallowed here before is not the fix's to answer for. */
static bool is_consequence(const Case *its, const Sighting *seen, const Sighting *run) {
  if (!str_starts_with(seen->kind, STR("cancel-"))) return false;
  for (uint32_t i = 0; i < its->shown.count; i++) {
    const Sighting *before =
      sighting_of_run(&its->before.trial->sightings, its->shown.items[i]->run);
    if (is_baseline(before) || is_baseline(run)) {
      if (is_baseline(before) && is_baseline(run)) return true;
    } else if (is_same_plan(its->claim, before, run)) {
      return true;
    }
  }
  return false;
}

static bool was_there(const Case *its, const Sighting *seen) {
  const Sightings *sightings = &its->before.trial->sightings;
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *before = &sightings->items[i];
    if (!str_equal(before->kind, seen->kind)) continue;
    if (claim_is_same_place(its->claim, &before->at, &seen->at)) return true;
  }
  return false;
}

/* A fault that was not there before, although the same was tried; NULL: none. */
static const Sighting *find_regression(const Case *its) {
  const Sightings *sightings = &its->after.trial->sightings;
  for (uint32_t i = 0; i < sightings->count; i++) {
    const Sighting *seen = &sightings->items[i];
    const Sighting *run = sighting_of_run(&its->after.trial->sightings, seen->run);
    if (!symptom_text(seen->kind) || symptom_is_wanted(seen->kind, its->claim->rule)) continue;
    if (!was_tried_before(its, run) || was_there(its, seen)) continue;
    if (!is_consequence(its, seen, run)) return seen;
  }
  return NULL;
}

/* --- the verdict ------------------------------------------------------------------------------- */

static Str runs_text(const Case *its, uint32_t runs) {
  if (runs == 1) return STR("the run");
  return str_format(its->arena, "%u runs", runs);
}

static Str symptom_at(const Case *its, const Sighting *seen, const Trial *trial) {
  Str plan = plan_text(its, sighting_of_run(&trial->sightings, seen->run));
  const char *text = symptom_text(seen->kind);
  if (seen->at.line == 0) return str_format(its->arena, "%s %.*s", text, STR_ARGS(plan));
  return str_format(its->arena, "%s (line %u) %.*s", text, seen->at.line, STR_ARGS(plan));
}

/* The program's own end is the fault, or there is none to be seen. */
static Verdict judge_outcome(const Case *its) {
  const Ending *before = &its->before.ending, *after = &its->after.ending;
  Str was = ending_text(its, before);
  if (is_good(before)) {
    Str runs = runs_text(its, its->before.runs);
    Str why = str_format(its->arena, "the fault did not show in %.*s", STR_ARGS(runs));
    return verdict(its, VERDICT_NOT_REPRODUCED, why);
  }
  if (is_good(after)) {
    Str is = ending_text(its, after);
    Str why =
      str_format(its->arena, "the program %.*s; with the fix it %.*s", STR_ARGS(was), STR_ARGS(is));
    return verdict(its, VERDICT_FIXED, why);
  }
  Str why = str_format(its->arena, "the program itself fails: it %.*s", STR_ARGS(was));
  return verdict(its, VERDICT_NOT_RUNNABLE, why);
}

/* The fault has shown. */
static Verdict judge_shown(const Case *its) {
  const Trial *before = its->before.trial, *after = its->after.trial;
  Str fault = symptom_at(its, its->shown.items[0], before), why = STR_EMPTY;
  const Sighting *remaining = find_remaining(its);
  if (remaining) {
    Str still = symptom_at(its, remaining, after);
    why = str_format(its->arena, "with the fix, too, %.*s", STR_ARGS(still));
    return verdict(its, VERDICT_NOT_FIXED, why);
  }
  if (!is_shown_in_baseline(its) && find_change(its, &why)) {
    return verdict(its, VERDICT_BEHAVIOUR_CHANGED, why);
  }
  if (!is_tried_again(its)) {
    why =
      str_format(its->arena, "%.*s; with the fix no run comes by there any more", STR_ARGS(fault));
    return verdict(its, VERDICT_BEHAVIOUR_CHANGED, why);
  }
  why = str_format(
    its->arena,
    "%.*s; with the fix not in %.*s",
    STR_ARGS(fault),
    STR_ARGS(runs_text(its, its->after.runs))
  );
  return verdict(its, VERDICT_FIXED, why);
}

/* What makes a fix worse than the fault; false: nothing. */
static bool find_damage(const Case *its, Verdict *damage) {
  VerdictKind kind;
  Str why;
  bool was_good = is_good(&its->before.ending);
  if (trial_is_damaged(its->arena, its->after.trial, &kind, &why)) {
    *damage = verdict(its, kind, why);
    return true;
  }
  if (is_blunder(&its->after.ending) && !is_blunder(&its->before.ending)) {
    Str end = ending_text(its, &its->after.ending);
    why = str_format(its->arena, "with the fix the program %.*s", STR_ARGS(end));
    *damage = verdict(its, VERDICT_REGRESSION, why);
    return true;
  }
  const Sighting *seen = was_good || its->shown.count > 0 ? find_regression(its) : NULL;
  if (!seen) return false;
  Str new = symptom_at(its, seen, its->after.trial);
  why = str_format(its->arena, "with the fix, and not before, %.*s", STR_ARGS(new));
  *damage = verdict(its, VERDICT_REGRESSION, why);
  return true;
}

Verdict protocol_judge(Arena *arena, const Claim *claim, const Trial *before, const Trial *after) {
  Case its = {
    .arena = arena, .claim = claim, .before = read_side(before), .after = read_side(after)
  };
  VerdictKind kind;
  Str why;
  Verdict damage;
  if (trial_is_broken(arena, before, &kind, &why)) return verdict(&its, kind, why);
  find_shown(&its);
  if (find_damage(&its, &damage)) return damage;
  return its.shown.count > 0 ? judge_shown(&its) : judge_outcome(&its);
}
