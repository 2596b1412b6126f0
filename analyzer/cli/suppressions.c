/* awry suppressions list [PATH…]: the comments that silence findings, with their reasons. */
#include <stddef.h>
#include <stdio.h>

#include "base/file.h"
#include "base/thread.h"
#include "cli/settings_options.h"
#include "project/suppression_list.h"
#include "report/json_value.h"

typedef struct {
  Settings overrides;
  SettingsOptions settings;
  Str output_format;
} SuppressionsOptions;

#define FIELD(name) offsetof(SuppressionsOptions, name)

static const Option options[] = {
  SETTING("--exclude", FIELD(overrides)),
  SETTING("--force-exclude", FIELD(overrides)),
  SETTINGS_OPTIONS(SuppressionsOptions, settings),
  { "--output-format", "FORMAT", "text or json", OPTION_TEXT, FIELD(output_format) },
};

static const Action actions[] = {
  { "list", "show the comments that suppress findings, with their reasons" },
};

static const char *plural(uint32_t count) { return count == 1 ? "" : "s"; }

static void add_listed(Text *out, const ListedSuppression *listed) {
  text_add(out, listed->path);
  if (listed->cell > 0) text_format(out, ":cell %u", listed->cell);
  text_format(out, ":%u:%u: ", listed->start.line, listed->start.column);
  for (uint32_t i = 0; i < listed->rules.count; i++) {
    text_format(out, "%s%.*s", i > 0 ? ", " : "", STR_ARGS(listed->rules.items[i]));
  }
  if (listed->rules.count == 0) text_add(out, STR("all rules"));
  if (listed->is_file) text_add(out, STR(" (whole file)"));
  if (listed->reason.len > 0) text_format(out, " -- %.*s", STR_ARGS(listed->reason));
  text_add_char(out, '\n');
}

static void add_text(Text *out, const ListedSuppressions *all) {
  uint32_t without = 0;
  for (uint32_t i = 0; i < all->count; i++) {
    add_listed(out, &all->items[i]);
    without += all->items[i].reason.len == 0;
  }
  text_format(out, "%u suppression%s", all->count, plural(all->count));
  if (without > 0) text_format(out, ", %u of them without a reason", without);
  text_add(out, STR(".\n"));
}

static json_t *json_listed(Arena *arena, const ListedSuppression *listed) {
  json_t *rules = json_array();
  for (uint32_t i = 0; i < listed->rules.count; i++) {
    json_array_append_new(rules, json_from(arena, listed->rules.items[i]));
  }
  return json_pack(
    "{s:o, s:o, s:o, s:o, s:s, s:s, s:o}",
    "path",
    json_from(arena, listed->path),
    "cell",
    listed->cell > 0 ? json_integer(listed->cell) : json_null(),
    "start",
    json_position(listed->start),
    "rules",
    rules,
    "scope",
    listed->is_file ? "file" : "line",
    "form",
    listed->is_noqa ? "noqa" : "awry",
    "reason",
    listed->reason.len > 0 ? json_from(arena, listed->reason) : json_null()
  );
}

static void add_json(Text *out, const ListedSuppressions *all) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < all->count; i++) {
    json_array_append_new(list, json_listed(out->arena, &all->items[i]));
  }
  text_add_json(out, json_pack("{s:i, s:o}", "schema_version", 1, "suppressions", list));
  text_add_char(out, '\n');
}

static int run_suppressions_command(const Invocation *invocation) {
  const SuppressionsOptions *chosen = invocation->options;
  Arena *arena = invocation->arena;
  RunRequest request = {
    .names = invocation->names,
    .threads = cpu_count(),
    .overrides = chosen->overrides,
  };
  bool is_json = str_is(chosen->output_format, "json");
  if (!is_json && chosen->output_format.len > 0 && !str_is(chosen->output_format, "text"))
    return refuse(&command_suppressions, STR("--output-format takes text or json"));
  if (request.names.count == 0) vec_push(arena, &request.names, STR("."));
  if (file_current_directory(arena, &request.working_folder) != FILE_OK)
    return refuse(&command_suppressions, STR("the working folder cannot be determined"));
  if (!settings_options_read(
        invocation, &chosen->settings, request.working_folder, &request.settings
      ))
    return EXIT_PROBLEM;
  Problems problems = { 0 };
  ListedSuppressions all = list_suppressions(&request, arena, &problems);
  Text text = { .arena = arena };
  if (is_json) add_json(&text, &all);
  else add_text(&text, &all);
  print(text_str(&text));
  show_problems(&problems);
  return problems.count > 0 ? EXIT_PROBLEM : EXIT_CLEAN;
}

const Command command_suppressions = {
  .name = "suppressions",
  .arguments = "list [PATH…]",
  .summary = "Show the comments that silence findings",
  .operand = "PATH",
  .actions = actions,
  .action_count = sizeof(actions) / sizeof(*actions),
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(SuppressionsOptions),
  .run = run_suppressions_command,
};
