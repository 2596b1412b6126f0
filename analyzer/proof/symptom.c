#include "proof/symptom.h"

static const struct {
  const char *kind, *text;
} texts[] = {
  { "cancel-swallowed", "a cancellation was swallowed" },
  { "cancel-lost-in-join", "a cancellation was lost while a cancelled task was waited for" },
  { "cancel-converted", "a cancellation became another exception" },
  { "cancel-ignored", "a task ran on whatever cancelled it" },
  { "coroutine-never-awaited", "a coroutine was never awaited" },
  { "task-destroyed-pending", "a task was collected before it was done" },
  { "task-unreferenced", "nothing but the event loop referred to a task" },
  { "exception-never-retrieved", "nobody looked at the exception of a task" },
  { "hung", "the program waited for ever" },
  { "task-leaked", "a task was left behind" },
  { "siblings-left-running", "tasks ran on after one of them had failed" },
  { "gather-result-unchecked", "nobody looked at a gathered exception" },
  { "gather-cancelled-not-recognised", "a gathered cancellation was taken for a result" },
  { "session-per-call", "a session was opened for each request" },
  { "resource-unclosed", "something was left open" },
  { "blocking-call", "the event loop was blocked" },
  { "loop-exception", "the event loop reported an exception" },
};

static const struct {
  const char *kind;
  const char *rules[8];
} rules_of_kinds[] = {
  { "cancel-swallowed",
    { "swallowed-cancellation",
      "absorbed-cancellation",
      "overbroad-except",
      "jump-in-finally",
      "exit-swallows-cancellation",
      "defeated-timeout",
      "lost-outer-cancellation" } },
  { "cancel-ignored",
    { "swallowed-cancellation", "absorbed-cancellation", "overbroad-except", "jump-in-finally" } },
  { "cancel-lost-in-join", { "lost-outer-cancellation", "swallowed-cancellation" } },
  { "cancel-converted", { "translated-cancellation" } },
  { "coroutine-never-awaited", { "unawaited-coroutine" } },
  { "task-unreferenced", { "dangling-task", "shielded-coroutine" } },
  { "task-destroyed-pending", { "dangling-task", "shielded-coroutine" } },
  { "exception-never-retrieved",
    { "unobserved-task", "dropped-wait-results", "unguarded-task-outcome" } },
  { "gather-result-unchecked", { "dropped-gather-results" } },
  { "gather-cancelled-not-recognised",
    { "narrow-exception-check", "narrow-exception-filter", "dead-exception-check" } },
  { "session-per-call", { "session-per-call", "session-per-item" } },
  { "resource-unclosed", { "leaked-session", "session-per-call" } },
  { "siblings-left-running", { "siblings-run-on" } },
};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

const char *symptom_text(Str kind) {
  for (size_t i = 0; i < LENGTH(texts); i++) {
    if (str_is(kind, texts[i].kind)) return texts[i].text;
  }
  return NULL;
}

bool symptom_is_of_rule(Str kind, Str rule) {
  for (size_t i = 0; i < LENGTH(rules_of_kinds); i++) {
    if (!str_is(kind, rules_of_kinds[i].kind)) continue;
    const char *const *rules = rules_of_kinds[i].rules;
    for (size_t k = 0; k < LENGTH(rules_of_kinds[i].rules) && rules[k]; k++) {
      if (str_is(rule, rules[k])) return true;
    }
  }
  return false;
}

bool symptom_is_wanted(Str kind, Str rule) {
  return str_is(kind, "loop-exception") &&
    symptom_is_of_rule(STR("exception-never-retrieved"), rule);
}
