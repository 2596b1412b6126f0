/* awry baseline create|update|prune [PATH…]: write down what is there, so that only what is new is shown. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/thread.h"
#include "cli/settings_options.h"
#include "cli/waiting.h"
#include "project/run.h"

typedef struct {
  Settings overrides;
  SettingsOptions settings;
  uint32_t jobs;
  bool force;
} BaselineOptions;

#define FIELD(name) offsetof(BaselineOptions, name)

static const Option options[] = {
  SETTING("--baseline", FIELD(overrides)),
  { "--force", NULL, "create: over a baseline that exists", OPTION_FLAG, FIELD(force) },
  GROUP("Files"),
  SETTING("--exclude", FIELD(overrides)),
  SETTING("--force-exclude", FIELD(overrides)),
  GROUP("Settings"),
  SETTING("--target-version", FIELD(overrides)),
  SETTING("--venv", FIELD(overrides)),
  SETTINGS_OPTIONS(BaselineOptions, settings),
};

static const Action actions[] = {
  { "create", "write down all findings that there are" },
  { "update", "take out what is gone, and take in what is new" },
  { "prune", "take out what is gone" },
};

/* In the order of the actions. */
static const BaselineAim aims[] = { BASELINE_CREATED, BASELINE_UPDATED, BASELINE_PRUNED };

static bool exists(Str path) {
  FileFacts facts;
  return file_facts(path, &facts) != FILE_MISSING;
}

static const char *plural(uint32_t count) { return count == 1 ? "" : "s"; }

static void say_written(const BaselineChange *change, BaselineAim aim) {
  uint32_t total = change->total;
  printf("%.*s: %u finding%s", STR_ARGS(change->shown), total, plural(total));
  if (aim == BASELINE_UPDATED) printf(", %u added", change->added);
  if (aim != BASELINE_CREATED) printf(", %u taken out", change->removed);
  printf("\n");
}

/* Writes one baseline; false, after saying why, if that cannot be. */
static bool write_one(const Invocation *invocation, const BaselineChange *change, BaselineAim aim) {
  const BaselineOptions *chosen = invocation->options;
  bool is_there = exists(change->file);
  if (is_there && aim == BASELINE_CREATED && !chosen->force) {
    const char *format =
      "%.*s exists; `awry baseline update` brings it up to date, --force replaces it";
    refuse(&command_baseline, str_format(invocation->arena, format, STR_ARGS(change->shown)));
    return false;
  }
  if (!is_there && aim == BASELINE_PRUNED) {
    const char *format = "%.*s does not exist; `awry baseline create` writes it";
    refuse(&command_baseline, str_format(invocation->arena, format, STR_ARGS(change->shown)));
    return false;
  }
  Str now = STR_EMPTY;
  bool is_same = is_there &&
    file_read(invocation->arena, change->file, UINT32_MAX >> 1, &now) == FILE_OK &&
    str_equal(now, change->text);
  FileFault fault = FILE_OK;
  if (is_there && !is_same) fault = file_replace(invocation->arena, change->file, change->text);
  if (!is_there) fault = file_put(invocation->arena, change->file, change->text);
  if (fault == FILE_OK) {
    say_written(change, aim);
    return true;
  }
  refuse(
    &command_baseline,
    str_format(invocation->arena, "%.*s %s", STR_ARGS(change->shown), file_fault_text(fault))
  );
  return false;
}

static int run_baseline_command(const Invocation *invocation) {
  const BaselineOptions *chosen = invocation->options;
  BaselineAim aim = aims[invocation->action - actions];
  RunRequest request = {
    .names = invocation->names,
    .threads = cpu_count(),
    .overrides = chosen->overrides,
    .gate = { .aim = aim },
  };
  if (request.names.count == 0) vec_push(invocation->arena, &request.names, STR("."));
  if (file_current_directory(invocation->arena, &request.working_folder) != FILE_OK)
    return refuse(&command_baseline, STR("the working folder cannot be determined"));
  if (!settings_options_read(
        invocation, &chosen->settings, request.working_folder, &request.settings
      ))
    return EXIT_PROBLEM;
  Waiting waiting;
  request.progress = waiting_begin(&waiting);
  RunResult result = run_check(&request, invocation->arena);
  waiting_end(&waiting);
  show_problems(&result.problems);
  /* A run that has not seen everything does not know what is gone. */
  if (result.problems.count > 0) return EXIT_PROBLEM;
  bool is_written = true;
  for (uint32_t i = 0; i < result.gate.changes.count; i++) {
    is_written &= write_one(invocation, &result.gate.changes.items[i], aim);
  }
  return is_written ? EXIT_CLEAN : EXIT_PROBLEM;
}

const Command command_baseline = {
  .name = "baseline",
  .arguments = "create|update|prune [PATH…]",
  .summary = "Write down findings, to be shown only what is new",
  .operand = "PATH",
  .actions = actions,
  .action_count = sizeof(actions) / sizeof(*actions),
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(BaselineOptions),
  .run = run_baseline_command,
};
