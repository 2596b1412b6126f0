/* awry completions SHELL: the script by which a shell completes awry's command line. */
#include <stdio.h>

#include "cli/completion.h"
#include "lint/nearest.h"
#include "report/rule_page.h"

void add_single_quoted(Text *out, const char *text, const char *escaped) {
  text_add_char(out, '\'');
  for (; *text; text++) {
    if (*text == '\'') text_add(out, str_from(escaped));
    else text_add_char(out, *text);
  }
  text_add_char(out, '\'');
}

void add_offered(Text *out, const Offered *value, const char *separator) {
  for (uint32_t i = 0; i < value->words.count; i++)
    text_format(out, "%s%.*s", i > 0 ? separator : "", STR_ARGS(value->words.items[i]));
  if (value->kind != OFFERED_RULE) return;
  const RuleEntry **rules = rules_sorted(out->arena);
  text_add(out, STR("ALL"));
  for (uint32_t i = 0; i < rule_entry_count; i++)
    text_format(out, "%s%s%s%s", separator, rules[i]->rule->name, separator, rules[i]->rule->code);
}

static const Completion *const shells[] = {
  &completion_bash, &completion_zsh, &completion_fish, &completion_powershell
};

enum { SHELL_COUNT = sizeof(shells) / sizeof(*shells) };

static int refuse_shell(Arena *arena, Str name) {
  const char *words[SHELL_COUNT];
  for (uint32_t i = 0; i < SHELL_COUNT; i++) words[i] = shells[i]->shell;
  const char *nearest = name.len > 0 ? nearest_word(arena, name, words, SHELL_COUNT) : NULL;
  if (name.len > 0) fprintf(stderr, "awry completions: no script for \"%.*s\"", STR_ARGS(name));
  else fputs("awry completions: for which shell?", stderr);
  if (nearest) fprintf(stderr, "; did you mean %s?\n", nearest);
  else fputs("; there are bash, zsh, fish and powershell\n", stderr);
  return EXIT_PROBLEM;
}

static int run_completions(const Invocation *invocation) {
  Str name = invocation->names.count > 0 ? invocation->names.items[0] : STR_EMPTY;
  for (uint32_t i = 0; i < SHELL_COUNT; i++) {
    if (!str_is(name, shells[i]->shell) || invocation->names.count > 1) continue;
    Text script = { .arena = invocation->arena };
    shells[i]->write(&script);
    print(text_str(&script));
    return EXIT_CLEAN;
  }
  return refuse_shell(invocation->arena, name);
}

const Command command_completions = {
  .name = "completions",
  .arguments = "SHELL",
  .summary = "Print what a shell needs to complete awry's command line",
  .operand = "bash|zsh|fish|powershell",
  .run = run_completions,
};
