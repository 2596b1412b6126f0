#include "lint/foreign.h"

#define EXACT true
#define NEAR false

static const char breadth[] = "it asks how much a handler takes, ours whether a cancellation is "
                              "lost: it reports mostly handlers that ours has nothing "
                              "to say about";
static const char every_jump[] = "the same jumps; ours are those in coroutines";

const Foreign foreign_rows[] = {
  { "RUF006",
    "asyncio-dangling-task",
    "ruff",
    EXACT,
    "of 248 reports in files with findings of ours, 239 were findings of ours",
    { "AWR302" } },
  { "ASYNC300",
    "create-task-no-reference",
    "flake8-async",
    EXACT,
    "the dropped results of create_task, which are RUF006 in ruff",
    { "AWR302" } },
  { "S7502",
    NULL,
    "Sonar",
    EXACT,
    "the dropped results of create_task and ensure_future",
    { "AWR302" } },
  { "B012",
    "jump-statement-in-finally",
    "flake8-bugbear, ruff",
    EXACT,
    "all 9 findings of ours were reports of it, of which there were 10",
    { "AWR104" } },
  { "W0150", "lost-exception", "pylint", EXACT, every_jump, { "AWR104" } },
  { "W0134", "return-in-finally", "pylint", EXACT, every_jump, { "AWR104" } },
  { "W0136", "continue-in-finally", "pylint", EXACT, every_jump, { "AWR104" } },
  { "W0137", "break-in-finally", "pylint", EXACT, every_jump, { "AWR104" } },
  { "S1143", NULL, "Sonar", EXACT, every_jump, { "AWR104" } },
  { "reportUnusedCoroutine",
    NULL,
    "Pyright",
    EXACT,
    "a call whose coroutine is dropped",
    { "AWR301" } },
  { "ASYNC102",
    "await-in-finally-or-cancelled",
    "flake8-async",
    NEAR,
    "it asks for a shield around every await of clean-up, ours whether clean-up is skipped",
    { "AWR103", "AWR111" } },
  { "ASYNC103",
    "no-reraise-cancelled",
    "flake8-async",
    NEAR,
    "it reports handlers outside coroutines and in ways that lose nothing",
    { "AWR101", "AWR102" } },
  { "ASYNC104",
    "cancelled-not-raised",
    "flake8-async",
    NEAR,
    "it reports every return and every other exception in such a handler",
    { "AWR101", "AWR107" } },
  { "S7497",
    NULL,
    "Sonar",
    NEAR,
    "it knows no handler for more than CancelledError, and takes any raise for one on every path",
    { "AWR101", "AWR107" } },
  { "ASYNC100",
    "cancel-scope-no-checkpoint",
    "flake8-async, ruff",
    NEAR,
    "ours are also timeouts that are never entered",
    { "AWR403" } },
  { "S7490", NULL, "Sonar", NEAR, "ours are also timeouts that are never entered", { "AWR403" } },
  { "ASYNC105",
    "missing-await",
    "flake8-async, ruff",
    NEAR,
    "it knows functions of trio",
    { "AWR301" } },
  { "BLE001", "blind-except", "flake8-blind-except, ruff", NEAR, breadth, { "AWR102" } },
  { "E722", "bare-except", "pycodestyle, ruff", NEAR, breadth, { "AWR102" } },
  { "B036", "broad-base-exception", "flake8-bugbear", NEAR, breadth, { "AWR102" } },
  { "W0702", "bare-except", "pylint", NEAR, breadth, { "AWR102" } },
  { "W0718", "broad-exception-caught", "pylint", NEAR, breadth, { "AWR102" } },
  { "S5754", NULL, "Sonar", NEAR, breadth, { "AWR102" } },
  { "S110", "try-except-pass", "flake8-bandit, ruff", NEAR, breadth, { "AWR102" } },
  { "S112", "try-except-continue", "flake8-bandit, ruff", NEAR, breadth, { "AWR102" } },
};

const uint32_t foreign_count = sizeof(foreign_rows) / sizeof(*foreign_rows);

const Foreign *foreign_find(Str code_or_name) {
  for (uint32_t i = 0; i < foreign_count; i++) {
    const Foreign *row = &foreign_rows[i];
    if (str_is_any_case(code_or_name, row->code) ||
        (row->name != NULL && str_is_any_case(code_or_name, row->name)))
      return row;
  }
  return NULL;
}

bool foreign_means(const Foreign *foreign, const Rule *rule) {
  for (uint32_t i = 0; i < FOREIGN_MAX_RULES && foreign->rules[i] != NULL; i++) {
    if (str_is(str_from(rule->code), foreign->rules[i])) return true;
  }
  return false;
}
