/* awry rule NAME…: the documentation of rules. */
#include <stddef.h>
#include <stdio.h>

#include "cli/command.h"
#include "lint/foreign.h"
#include "lint/linter.h"
#include "lint/selector.h"
#include "proof/observation.h"
#include "report/json_value.h"
#include "report/rule_json.h"
#include "report/rule_page.h"

typedef struct {
  bool all;
  bool elsewhere;
  Str output_format;
} RuleOptions;

static const Option options[] = {
  { "--all",
    NULL,
    "every rule: one line each, or as --output-format says",
    OPTION_FLAG,
    offsetof(RuleOptions, all) },
  { "--elsewhere",
    NULL,
    "what other linters call the same, as a table in Markdown",
    OPTION_FLAG,
    offsetof(RuleOptions, elsewhere) },
  { "--output-format",
    "markdown|json",
    "pages as in docs/rules, or a list of objects for programs",
    OPTION_TEXT,
    offsetof(RuleOptions, output_format) },
};

typedef Vec(const RuleEntry *) Chosen;

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

/* The rules of that name, code or beginning of a code, or nearest to a name of another linter. False, after saying so, if
   there are none. */
static bool choose(Arena *arena, Chosen *chosen, Str name) {
  const RuleEntry **sorted = rules_sorted(arena);
  uint32_t before = chosen->count;
  Strs selectors = { .items = &name, .count = 1 };
  Str note = selector_note(arena, name);
  if (note.len > 0) fprintf(stderr, "awry rule: %.*s\n", STR_ARGS(note));
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    if (selectors_select(&selectors, sorted[i]->rule) != SELECTED_NOT)
      vec_push(arena, chosen, sorted[i]);
  }
  if (chosen->count > before) return true;
  Str problem = selector_problem(arena, name);
  fprintf(stderr, "awry rule: %.*s; `awry rule --all` lists them\n", STR_ARGS(problem));
  return false;
}

static void show_pages(Arena *arena, const Chosen *chosen) {
  Text text = { .arena = arena };
  for (uint32_t i = 0; i < chosen->count; i++) {
    if (i > 0) text_add_char(&text, '\n');
    rule_page(&text, chosen->items[i]);
  }
  print(text_str(&text));
}

static void show_json(Arena *arena, const Chosen *chosen) {
  Text text = { .arena = arena };
  text_add(&text, STR("[\n"));
  for (uint32_t i = 0; i < chosen->count; i++) {
    if (i > 0) text_add(&text, STR(",\n"));
    text_add_json(&text, rule_json(arena, chosen->items[i]));
  }
  text_add(&text, STR("\n]\n"));
  print(text_str(&text));
}

static void show_elsewhere(Arena *arena) {
  Text text = { .arena = arena };
  text_add(&text, STR("| code | name | of | here | | why |\n|---|---|---|---|---|---|\n"));
  for (uint32_t i = 0; i < foreign_count; i++) {
    const Foreign *row = &foreign_rows[i];
    text_format(&text, "| %s | %s | %s | ", row->code, row->name ? row->name : "", row->tool);
    for (uint32_t k = 0; k < FOREIGN_MAX_RULES && row->rules[k]; k++) {
      const char *name = linter_find_rule(str_from(row->rules[k]))->rule->name;
      text_format(&text, "%s[%s](rules/%s.md)", k > 0 ? ", " : "", name, name);
    }
    text_format(&text, " | %s | %s |\n", row->is_exact ? "exact" : "near", row->why);
  }
  print(text_str(&text));
}

static int run_rule(const Invocation *invocation) {
  const RuleOptions *options_given = invocation->options;
  Arena *arena = invocation->arena;
  Str format = options_given->output_format;
  bool is_json = str_is(format, "json"), is_markdown = str_is(format, "markdown");
  if (format.len > 0 && !is_json && !is_markdown) {
    fputs("awry rule: --output-format takes markdown or json\n", stderr);
    return EXIT_PROBLEM;
  }
  if (options_given->elsewhere) {
    show_elsewhere(arena);
    return EXIT_CLEAN;
  }
  bool is_all = options_given->all || invocation->names.count == 0;
  if (is_all && format.len == 0) {
    show_list(arena);
    return EXIT_CLEAN;
  }
  Chosen chosen = { 0 };
  int status = EXIT_CLEAN;
  if (is_all) choose(arena, &chosen, STR("ALL"));
  for (uint32_t i = 0; !is_all && i < invocation->names.count; i++) {
    Str name = invocation->names.items[i];
    if (!is_json && show_observation(name)) continue;
    if (!choose(arena, &chosen, name)) status = EXIT_PROBLEM;
  }
  if (is_json) show_json(arena, &chosen);
  else show_pages(arena, &chosen);
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
