/* awry check [PATH…]: lint files and show what was found. */
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/thread.h"
#include "cli/caching.h"
#include "cli/command.h"
#include "cli/gating.h"
#include "cli/outputs.h"
#include "cli/settings_options.h"
#include "cli/waiting.h"
#include "cli/watch.h"
#include "lint/rule.h"
#include "project/configured.h"
#include "project/fixing.h"
#include "project/ruff_external.h"
#include "project/shown_settings.h"
#include "report/diff.h"

typedef struct {
  Settings overrides;
  SettingsOptions settings;
  OutputOptions output;
  Str stdin_filename;
  uint32_t jobs;
  bool watch;
  bool statistics;
  GatingOptions gating;
  bool no_cache;
  bool fix;
  bool unsafe_fixes;
  bool diff;
  OptionalText add_suppressions;
  Str explain_silence;
  bool show_settings;
  bool no_hints;
} CheckOptions;

#define FIELD(name) offsetof(CheckOptions, name)

static const Option options[] = {
  GROUP("Rules"),
  SETTING("--select", FIELD(overrides)),
  SETTING("--extend-select", FIELD(overrides)),
  SETTING("--ignore", FIELD(overrides)),
  SETTING("--target-version", FIELD(overrides)),
  SETTING("--venv", FIELD(overrides)),
  GROUP("Files"),
  SETTING("--exclude", FIELD(overrides)),
  SETTING("--force-exclude", FIELD(overrides)),
  { "--stdin-filename",
    "PATH",
    "read the source of this file from standard input",
    OPTION_TEXT,
    FIELD(stdin_filename) },
  GROUP("Settings"),
  SETTINGS_OPTIONS(CheckOptions, settings),
  { "--show-settings",
    NULL,
    "show the settings that count for PATH, and where each comes from; check nothing",
    OPTION_FLAG,
    FIELD(show_settings) },
  GROUP("Fixes"),
  { "--fix",
    NULL,
    "make the safe fixes and show what is left; of standard input, print the fixed text",
    OPTION_FLAG,
    FIELD(fix) },
  { "--unsafe-fixes",
    NULL,
    "with --fix or --diff: the unsafe fixes, too",
    OPTION_FLAG,
    FIELD(unsafe_fixes) },
  { "--diff", NULL, "show what --fix would change, and change nothing", OPTION_FLAG, FIELD(diff) },
  { "--add-suppressions",
    "REASON",
    "write comments that suppress what is found, and say why",
    OPTION_OPTIONAL_TEXT,
    FIELD(add_suppressions) },
  GROUP("Output"),
  OUTPUT_OPTIONS(CheckOptions, output),
  { "--statistics",
    NULL,
    "count the findings of each rule instead of showing them",
    OPTION_FLAG,
    FIELD(statistics) },
  { "--explain-silence",
    "PATH:LINE",
    "say what each rule makes of one line, and what keeps it quiet there",
    OPTION_TEXT,
    FIELD(explain_silence) },
  { "--no-hints",
    NULL,
    "say nothing about the settings of other linters",
    OPTION_FLAG,
    FIELD(no_hints) },
  GROUP("Gating"),
  SETTING("--baseline", FIELD(overrides)),
  { "--no-baseline",
    NULL,
    "leave nothing out, whatever the settings say",
    OPTION_FLAG,
    FIELD(gating.no_baseline) },
  { "--strict-baseline",
    NULL,
    "exit with 1 if anything in the baseline is gone",
    OPTION_FLAG,
    FIELD(gating.strict_baseline) },
  { "--since",
    "REV",
    "show only what is new since this revision of git",
    OPTION_TEXT,
    FIELD(gating.since) },
  { "--since-merge-base",
    "BRANCH",
    "show only what is new since HEAD left this branch",
    OPTION_TEXT,
    FIELD(gating.since_merge_base) },
  { "--staged",
    NULL,
    "check what is staged, and show only what is new in it",
    OPTION_FLAG,
    FIELD(gating.staged) },
  SETTING("--fail-on", FIELD(overrides)),
  { "--max-warnings",
    "N",
    "exit with 1 if there are more warnings; else only errors count, unless --fail-on is given",
    OPTION_TEXT,
    FIELD(gating.max_warnings) },
  { "--exit-zero",
    NULL,
    "exit with 0 even if there are findings",
    OPTION_FLAG,
    FIELD(gating.exits_zero) },
  { "--exit-non-zero-on-fix",
    NULL,
    "with --fix: exit with 1 if anything was fixed",
    OPTION_FLAG,
    FIELD(gating.exits_non_zero_on_fix) },
  GROUP("Running"),
  { "--watch", NULL, "check again whenever a file changes", OPTION_FLAG, FIELD(watch) },
  SETTING("--cache-dir", FIELD(overrides)),
  { "--no-cache",
    NULL,
    "neither use nor keep what earlier runs have found out",
    OPTION_FLAG,
    FIELD(no_cache) },
  { "--jobs",
    "N",
    "threads to use; default: as many as there are processors",
    OPTION_COUNT,
    FIELD(jobs) },
};

/* Reads what the options say into the request; false with a message if they make no sense. */
static bool fill_request(const Invocation *invocation, RunRequest *request, Str *message) {
  const CheckOptions *chosen = invocation->options;
  Arena *arena = invocation->arena;
  request->names = invocation->names;
  if (request->names.count == 0) vec_push(arena, &request->names, STR("."));
  request->threads = chosen->jobs > 0 ? chosen->jobs : cpu_count();
  request->overrides = chosen->overrides;
  say_nearest(arena, &chosen->overrides);
  if (!chosen->no_cache) caching_read(arena, request);
  bool is_fixing = chosen->fix || chosen->diff;
  request->adds_suppressions = chosen->add_suppressions.is_given;
  request->suppression_reason = str_trim(chosen->add_suppressions.text);
  if (request->adds_suppressions && (chosen->fix || chosen->unsafe_fixes)) {
    *message = STR("--add-suppressions goes without --fix: fix first, then suppress what is left");
    return false;
  }
  if (str_contains(request->suppression_reason, STR("\n"))) {
    *message = STR("the reason of --add-suppressions is one line");
    return false;
  }
  if (chosen->unsafe_fixes && !is_fixing) {
    *message = STR("--unsafe-fixes goes with --fix or --diff");
    return false;
  }
  if (is_fixing) request->boldest_fix = chosen->unsafe_fixes ? FIX_UNSAFE : FIX_SAFE;
  return true;
}

/* The absolute path by which standard input goes. */
static Str stdin_file(const RunRequest *request, Arena *arena) {
  return path_normalise(arena, path_join(arena, request->working_folder, request->stdin_path));
}

static bool read_stdin(const Invocation *invocation, RunRequest *request, Str *message) {
  const CheckOptions *chosen = invocation->options;
  bool is_dash = request->names.count == 1 && str_is(request->names.items[0], "-");
  if (chosen->stdin_filename.len == 0 && !is_dash) return true;
  request->has_stdin = true;
  request->stdin_path = chosen->stdin_filename.len > 0 ? chosen->stdin_filename : STR("stdin.py");
  Arena *arena = invocation->arena;
  Str text;
  FileFault fault = file_read_descriptor(arena, STDIN_FILENO, MAX_SOURCE_BYTES, &text);
  if (fault != FILE_OK) {
    *message = str_format(arena, "standard input %s", file_fault_text(fault));
    return false;
  }
  overlays_put(arena, &request->overlays, stdin_file(request, arena), (Overlay){ .text = text });
  return true;
}

/* Takes `:cell 3` off the end of a notebook's path. */
static Str without_cell(Str path, uint32_t *cell) {
  Str last = str_after_last(path, ':'), word = STR("cell ");
  if (last.len == path.len || !str_starts_with(last, word)) return path;
  bool is_cell = str_count(str_slice(last, word.len, last.len), cell);
  return is_cell ? str_before_last(path, ':') : path;
}

/* PATH:LINE, of a notebook PATH:cell NUMBER:LINE; false with a message if it is something else. */
static bool read_place(const Invocation *invocation, RunRequest *request, Str *message) {
  const CheckOptions *chosen = invocation->options;
  Arena *arena = invocation->arena;
  Str place = chosen->explain_silence;
  if (place.len == 0) return true;
  Str path = str_before_last(place, ':'), line = str_after_last(place, ':');
  if (path.len == 0 || !str_count(line, &request->explained_line) || request->explained_line == 0) {
    *message = str_format(
      arena,
      "--explain-silence takes a file and a line, as in app/jobs.py:42, not \"%.*s\"",
      STR_ARGS(place)
    );
    return false;
  }
  path = without_cell(path, &request->explained_cell);
  FileFacts facts;
  if (file_facts(path, &facts) == FILE_OK && facts.kind == FILE_KIND_DIRECTORY) {
    *message =
      str_format(arena, "--explain-silence takes a file; %.*s is a folder", STR_ARGS(path));
    return false;
  }
  if (invocation->names.count > 0 || chosen->stdin_filename.len > 0 || chosen->statistics) {
    *message = STR("--explain-silence is about one file, which it names itself");
    return false;
  }
  request->names = (Strs){ 0 };
  vec_push(arena, &request->names, path);
  return true;
}

/* What is about no findings, or about some that are not reported, goes into no file. */
static bool
read_outputs(const Invocation *invocation, RunRequest *request, Outputs *outputs, Str *message) {
  const CheckOptions *chosen = invocation->options;
  Reports *reports = &request->reports;
  if (!outputs_read(
        invocation->arena, &chosen->output, request->working_folder, reports, outputs, message
      ))
    return false;
  *message = STR("--output FORMAT:FILE is for findings, and this run shows none");
  bool shows_findings = !chosen->show_settings && !chosen->diff && request->explained_line == 0;
  return shows_findings || !outputs_have_files(outputs);
}

/* `out` gets what is for programs and people, standard error what went wrong. */
static void show_result(
  FILE *out,
  const CheckOptions *chosen,
  const RunRequest *request,
  const Outputs *outputs,
  const RunResult *result,
  Arena *arena
) {
  const Report *report = &request->reports.items[0];
  Str shown = request->explained_line > 0 ? result->reports[0]
                                          : outputs_shown(arena, outputs, result->reports);
  if (chosen->statistics) {
    Text text = { .arena = arena };
    report_statistics(&text, result->rules, rule_entry_count, &report->options);
    end_for_people(&text, &result->totals, &result->problems, &report->options);
    shown = text_str(&text);
  }
  fwrite(shown.data, 1, shown.len, out);
  fflush(out);
  bool has_problems = report->format->has_problems && request->explained_line == 0;
  if (!has_problems || chosen->statistics) show_problems(&result->problems);
}

static uint32_t count_fixed(const FixedFiles *files) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < files->count; i++) count += files->items[i].count;
  return count;
}

/* Standard input comes out fixed, or as it was. */
static void print_fixed(const RunRequest *request, const RunResult *result, Arena *arena) {
  Str text = overlays_find(&request->overlays, stdin_file(request, arena))->text;
  if (result->fixed.count > 0) text = result->fixed.items[0].after;
  print(text);
}

/* `verbs`: of fixes, and of comments that suppress. */
static void say_fixed(
  const RunRequest *request, const FixedFiles *files, const char *const verbs[2], const char *end
) {
  uint32_t fixed = count_fixed(files), written = files->count;
  fprintf(
    stderr,
    "awry: %s %u finding%s in %u file%s%s",
    verbs[request->adds_suppressions],
    fixed,
    fixed == 1 ? "" : "s",
    written,
    written == 1 ? "" : "s",
    end
  );
}

/* What the difference comes to: it may be long, or empty. */
static void say_diff(const RunRequest *request, const RunResult *result) {
  static const char *const verbs[] = { "would fix", "would suppress" };
  uint32_t more = request->boldest_fix == FIX_SAFE ? result->totals.fixable_unsafe : 0;
  if (result->fixed.count > 0) say_fixed(request, &result->fixed, verbs, "");
  else fprintf(stderr, "awry: nothing to %s", request->adds_suppressions ? "suppress" : "fix");
  if (more > 0) fprintf(stderr, ", with --unsafe-fixes %u more", more);
  fputs("\n", stderr);
}

static int show_diff(const RunRequest *request, const RunResult *result, Arena *arena) {
  Text text = { .arena = arena };
  for (uint32_t i = 0; i < result->fixed.count; i++) {
    const FixedFile *file = &result->fixed.items[i];
    diff_unified(&text, file->shown, file->before, file->after, &request->reports.items[0].options);
  }
  print(text_str(&text));
  say_diff(request, result);
  show_problems(&result->problems);
  if (result->problems.count > 0) return EXIT_PROBLEM;
  return result->fixed.count > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* Brings the fixed texts where they belong; false, after saying why, if one of them could not be
   written. */
static bool deliver_fixes(const RunRequest *request, const RunResult *result, Arena *arena) {
  if (request->has_stdin) {
    print_fixed(request, result, arena);
    return true;
  }
  Problems failed = { 0 };
  FixedFiles written = write_fixed(arena, &result->fixed, &failed);
  static const char *const verbs[] = { "fixed", "suppressed" };
  if (written.count > 0) say_fixed(request, &written, verbs, "\n");
  show_problems(&failed);
  return failed.count == 0;
}

/* Checks nothing. */
static int run_show_settings(const RunRequest *request, Arena *arena) {
  if (request->names.count > 1)
    return refuse(&command_check, STR("--show-settings is about one path"));
  Str name = request->names.items[0];
  Str path = path_normalise(arena, path_join(arena, request->working_folder, name));
  FileFacts facts;
  FileFault fault = file_facts(path, &facts);
  if (fault != FILE_OK)
    return refuse(
      &command_check, str_format(arena, "%.*s %s", STR_ARGS(name), file_fault_text(fault))
    );
  Configurations known = {
    .arena = arena,
    .working_folder = request->working_folder,
    .choice = request->settings,
    .overrides = &request->overrides,
  };
  check_overrides(&known);
  Str folder = facts.kind == FILE_KIND_DIRECTORY ? path : path_parent(path);
  const Settings *settings = &configured_for(&known, folder)->settings;
  Text text = { .arena = arena };
  show_settings(&text, settings, &request->overrides, request->working_folder);
  print(text_str(&text));
  show_problems(&known.problems);
  return known.problems.count > 0 ? EXIT_PROBLEM : EXIT_CLEAN;
}

/* ruff takes codes of ours for mistakes unless it is told of them. */
static void say_external(const RunRequest *request, const RunResult *result, Arena *arena) {
  Str path;
  Position position;
  if (result->own_noqa.len == 0) return;
  if (!ruff_misses_codes(arena, path_parent(result->own_noqa), &path, &position)) return;
  if (path_is_inside(path, request->working_folder))
    path = path_relative(arena, path, request->working_folder);
  fprintf(stderr, "awry: %.*s", STR_ARGS(path));
  if (position.line > 0) fprintf(stderr, ":%u", position.line);
  fputs(
    ": ruff takes AWR codes in noqa comments for mistakes: lint.external = [\"AWR\"] tells it\n",
    stderr
  );
}

static int check_once(const Invocation *invocation) {
  const CheckOptions *chosen = invocation->options;
  RunRequest request = { 0 };
  Str message = STR_EMPTY;
  FileFault fault = file_current_directory(invocation->arena, &request.working_folder);
  if (fault != FILE_OK)
    return refuse(&command_check, STR("the working folder cannot be determined"));
  if (!settings_options_read(
        invocation, &chosen->settings, request.working_folder, &request.settings
      ))
    return EXIT_PROBLEM;
  if (!fill_request(invocation, &request, &message)) return refuse(&command_check, message);
  Gating gating;
  if (!gating_read(invocation->arena, &chosen->gating, &request, &gating, &message))
    return refuse(&command_check, message);
  if (!read_place(invocation, &request, &message)) return refuse(&command_check, message);
  Outputs outputs;
  if (!read_outputs(invocation, &request, &outputs, &message))
    return refuse(&command_check, message);
  if (chosen->show_settings) return run_show_settings(&request, invocation->arena);
  if (!read_stdin(invocation, &request, &message)) return refuse(&command_check, message);

  Arena *arena = invocation->arena;
  bool is_fixing = request.boldest_fix != FIX_NONE || request.adds_suppressions;
  bool is_writing = is_fixing && !chosen->diff;
  Waiting waiting;
  request.progress = waiting_begin(&waiting);
  RunResult result = is_fixing ? run_fixing(&request, arena) : run_check(&request, arena);
  waiting_end(&waiting);
  if (chosen->diff) return show_diff(&request, &result, arena);
  bool is_delivered = !is_writing || deliver_fixes(&request, &result, arena);
  /* Standard output belongs to the fixed text of standard input. */
  FILE *out = is_writing && request.has_stdin ? stderr : stdout;
  outputs_write(arena, &outputs, result.reports, &result.problems);
  show_result(out, chosen, &request, &outputs, &result, arena);
  show_gone(&gating, &result.gate.gone);
  if (!chosen->no_hints && !chosen->settings.isolated) say_external(&request, &result, arena);
  if (!is_delivered || result.problems.count > 0) return EXIT_PROBLEM;
  return gating_status(&gating, &result);
}

static int watch_all(const Invocation *invocation) {
  const CheckOptions *chosen = invocation->options;
  Str folder;
  SettingsChoice choice;
  if (file_current_directory(invocation->arena, &folder) != FILE_OK)
    return refuse(&command_check, STR("the working folder cannot be determined"));
  if (!settings_options_read(invocation, &chosen->settings, folder, &choice)) return EXIT_PROBLEM;
  return watch(invocation, &choice, check_once);
}

static int run_check_command(const Invocation *invocation) {
  const CheckOptions *chosen = invocation->options;
  bool is_stdin = chosen->stdin_filename.len > 0 ||
    (invocation->names.count == 1 && str_is(invocation->names.items[0], "-"));
  if (!chosen->watch) return check_once(invocation);
  if (is_stdin)
    return refuse(&command_check, STR("--watch goes with files, not with standard input"));
  return watch_all(invocation);
}

const Command command_check = {
  .name = "check",
  .arguments = "[PATH…]",
  .summary = "Find asyncio errors that never surface",
  .operand = "PATH",
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(CheckOptions),
  .run = run_check_command,
};
