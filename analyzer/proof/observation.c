#include "proof/observation.h"

#include "lint/selector.h"

static const Rule observations[] = {
  {
    .code = "AWR801",
    .name = "hung",
    .summary = "the program waits for ever",
    .since = "0.1.0",
    .severity = SEVERITY_WARNING,
  },
  {
    .code = "AWR802",
    .name = "cancel-ignored",
    .summary = "a task runs on whatever asks it to stop",
    .since = "0.1.0",
    .severity = SEVERITY_WARNING,
  },
  {
    .code = "AWR803",
    .name = "task-leaked",
    .summary = "a task is left running by whoever made it",
    .since = "0.1.0",
    .severity = SEVERITY_WARNING,
  },
  {
    .code = "AWR804",
    .name = "blocking-call",
    .summary = "the event loop stands still",
    .since = "0.1.0",
    .severity = SEVERITY_WARNING,
  },
};

enum { COUNT = sizeof(observations) / sizeof(*observations) };

const Rule *observation_of(Str kind) {
  for (size_t i = 0; i < COUNT; i++) {
    if (str_is(kind, observations[i].name)) return &observations[i];
  }
  return NULL;
}

bool observation_is_known(Str selector) {
  for (size_t i = 0; i < COUNT; i++) {
    if (selector_selects(selector, &observations[i]) != SELECTED_NOT) return true;
  }
  return false;
}
