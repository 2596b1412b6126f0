/* awry rule NAME…: the documentation of rules. */
#include <stddef.h>
#include <stdio.h>

#include "cli/command.h"
#include "lint/linter.h"
#include "proof/observation.h"
#include "report/rule_page.h"

typedef struct {
  bool all;
} RuleOptions;

static const Option options[] = {
  { "--all", NULL, "list every rule, one line each", OPTION_FLAG, offsetof(RuleOptions, all) },
};

static void show_list(Arena *arena) {
  Text text = { .arena = arena };
  const RuleEntry **sorted = rules_sorted(arena);
  for (uint32_t i = 0; i < rule_entry_count; i++) rule_row(&text, sorted[i]);
  printf("%.*s", STR_ARGS(text_str(&text)));
}

/* What only programs that run can show has no page of its own. */
static bool show_observation(Str name) {
  const Rule *observation = observation_of(name);
  if (!observation) return false;
  printf(
    "%s (%s): %s. `awry run --sweep` looks for it; docs/runtime.md explains it.\n",
    observation->name,
    observation->code,
    observation->summary
  );
  return true;
}

static bool show_page(Arena *arena, Str name) {
  if (show_observation(name)) return true;
  const RuleEntry *entry = linter_find_rule(name);
  if (!entry) {
    fprintf(
      stderr, "awry rule: there is no rule \"%.*s\"; `awry rule --all` lists them\n", STR_ARGS(name)
    );
    return false;
  }
  Text text = { .arena = arena };
  rule_page(&text, entry);
  printf("%.*s", STR_ARGS(text_str(&text)));
  return true;
}

static int run_rule(const Invocation *invocation) {
  const RuleOptions *chosen = invocation->options;
  if (chosen->all || invocation->names.count == 0) {
    show_list(invocation->arena);
    return EXIT_CLEAN;
  }
  int status = EXIT_CLEAN;
  for (uint32_t i = 0; i < invocation->names.count; i++) {
    if (!show_page(invocation->arena, invocation->names.items[i])) status = EXIT_PROBLEM;
  }
  return status;
}

const Command command_rule = {
  .name = "rule",
  .arguments = "[NAME|CODE…]",
  .summary = "Show what a rule reports, why, and what to do instead",
  .operand = "RULES",
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(RuleOptions),
  .run = run_rule,
};
