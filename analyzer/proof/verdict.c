#include "proof/verdict.h"

#include <signal.h>
#include <sys/wait.h>

static const char *const names[] = {
  "fixed",          "not-fixed",    "behaviour-changed", "regression",
  "not-reproduced", "not-runnable", "unsupported",       "timeout",
};

const char *verdict_name(VerdictKind kind) { return names[kind]; }

static Str seconds_text(Arena *arena, const Trial *trial) {
  return str_format(arena, "%u second%s", trial->seconds, trial->seconds == 1 ? "" : "s");
}

static Str with_last_words(Arena *arena, const Trial *trial, Str what) {
  if (trial->last_words.len == 0) return what;
  return str_format(arena, "%.*s: %.*s", STR_ARGS(what), STR_ARGS(trial->last_words));
}

/* The program's file could not even be loaded: its own error is the last that was printed. */
static bool is_unloadable(const Trial *trial) {
  return sighting_of_kind(&trial->sightings, "start") && WIFEXITED(trial->status) &&
    WEXITSTATUS(trial->status) == 1 && trial->last_words.len > 0 &&
    !sighting_of_run(&trial->sightings, 0);
}

/* What is wrong with the whole trial, not with what the program does; false if nothing is. */
bool trial_is_broken(Arena *arena, const Trial *trial, VerdictKind *kind, Str *why) {
  const Sighting *refused = sighting_of_kind(&trial->sightings, "refused");
  const Sighting *first = sighting_of_run(&trial->sightings, 0);
  int number = WIFSIGNALED(trial->status) ? WTERMSIG(trial->status) : 0;
  *kind = VERDICT_NOT_RUNNABLE;
  if (trial->problem.len > 0) {
    *why = trial->problem;
  } else if (refused) {
    *kind = VERDICT_UNSUPPORTED;
    *why = str_format(arena, "the interpreter %.*s", STR_ARGS(refused->why));
  } else if (trial->end == LAUNCH_OVERDUE || number == SIGXCPU) {
    *kind = VERDICT_TIMEOUT;
    *why = str_format(
      arena, "the program did not end within %.*s", STR_ARGS(seconds_text(arena, trial))
    );
  } else if (trial->end == LAUNCH_CROWDED) {
    *why = STR("the program starts more processes than it is allowed to");
  } else if (number > 0) {
    *why = str_format(arena, "the program was ended by signal %d", number);
  } else if (!sighting_of_kind(&trial->sightings, "start")) {
    *why = with_last_words(arena, trial, STR("the interpreter could not load the checker"));
  } else if (!sighting_of_kind(&trial->sightings, "end") && !is_unloadable(trial)) {
    *why =
      with_last_words(arena, trial, STR("the program ended itself before the checker was done"));
  } else if (first && str_is(first->main, "killed")) {
    *kind = VERDICT_TIMEOUT;
    *why = STR("a run of the program did not end in time");
  } else {
    return false;
  }
  return true;
}

bool trial_is_damaged(Arena *arena, const Trial *trial, VerdictKind *kind, Str *why) {
  if (!trial_is_broken(arena, trial, kind, why)) return false;
  if (*kind == VERDICT_NOT_RUNNABLE) *kind = VERDICT_REGRESSION;
  *why = str_format(arena, "with the fix, %.*s", STR_ARGS(*why));
  return true;
}
