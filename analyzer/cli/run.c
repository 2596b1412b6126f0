/* awry run SCRIPT: run a program once, and report what its tasks lost on the way. */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/text.h"
#include "cli/account.h"
#include "cli/outputs.h"
#include "cli/settings_options.h"
#include "lint/path_pattern.h"
#include "lint/selector.h"
#include "project/configured.h"
#include "project/source_text.h"
#include "proof/drive.h"
#include "proof/evidence.h"
#include "proof/observation.h"
#include "proof/runs.h"

typedef struct {
  Settings overrides;
  SettingsOptions settings;
  Str python;
  Str from;
  bool is_sweep;
  Strs plans;
  uint32_t runs;
  uint32_t seconds;
  bool is_offline;
  OutputOptions output;
} RunOptions;

#define FIELD(name) offsetof(RunOptions, name)

static const Option options[] = {
  GROUP("Running"),
  PYTHON(FIELD(python)),
  { "--offline",
    NULL,
    "requests of aiohttp and httpx are answered without a network",
    OPTION_FLAG,
    FIELD(is_offline) },
  { "--from",
    "REPORT",
    "run nothing, show this report: of pytest's --awry-report, - for standard input",
    OPTION_TEXT,
    FIELD(from) },
  GROUP("Sweeping"),
  { "--sweep",
    NULL,
    "run it again and again, each time with one task cancelled or failing",
    OPTION_FLAG,
    FIELD(is_sweep) },
  { "--plans",
    "KINDS",
    "what a sweep does: cancel, raise, child; default: all of these",
    OPTION_LIST,
    FIELD(plans) },
  { "--runs", "N", "at most so many runs of a sweep; default: 500", OPTION_COUNT, FIELD(runs) },
  { "--seconds",
    "N",
    "at most so many seconds for a sweep; default: 60",
    OPTION_COUNT,
    FIELD(seconds) },
  GROUP("Rules"),
  { "--select",
    NULL,
    "report what these rules are about only: names, codes, beginnings of codes, ALL",
    OPTION_SETTING,
    FIELD(overrides) },
  { "--ignore", NULL, "do not report what these are about", OPTION_SETTING, FIELD(overrides) },
  SETTINGS_OPTIONS(RunOptions, settings),
  GROUP("Output"),
  OUTPUT_OPTIONS(RunOptions, output),
};

/* One run of the command. */
typedef struct {
  Arena *arena;
  const RunOptions *options;
  Reports reports; /* the one for standard output first */
  Outputs outputs;
  Str folder; /* we work in, absolute */
  DriveRequest request;
  LaunchResult result;
  Progress progress;
  Sightings sightings;
  Totals totals;
  Problems problems;
  Configurations configurations;
} Session;

static const ReportFormat *shown_format(const Session *session) {
  return session->reports.items[0].format;
}

static void add_problem(Session *session, Str path, Str message) {
  Problem problem = { .path = path, .message = message };
  vec_push(session->arena, &session->problems, problem);
}

/* --- what is asked ----------------------------------------------------------------------------- */

/* SCRIPT or SCRIPT::function */
static void read_target(Session *session, Str target) {
  DriveRequest *request = &session->request;
  uint32_t mark = str_find(target, STR("::"));
  if (mark == UINT32_MAX) mark = target.len;
  else request->function = str_slice(target, mark + 2, target.len);
  request->script = str_slice(target, 0, mark);
  Str joined = path_join(session->arena, session->folder, request->script);
  request->path = path_normalise(session->arena, joined);
}

static bool script_is_there(Session *session, Str *message) {
  FileFacts facts;
  Str script = session->request.script;
  FileFault fault = file_facts(session->request.path, &facts);
  if (fault == FILE_OK && facts.kind == FILE_KIND_DIRECTORY) fault = FILE_IS_DIRECTORY;
  if (fault == FILE_OK) return true;
  *message = str_format(session->arena, "%.*s %s", STR_ARGS(script), file_fault_text(fault));
  return false;
}

static bool selectors_are_known(Arena *arena, const Strs *selectors, Str *message) {
  for (uint32_t i = 0; i < selectors->count; i++) {
    if (selector_is_known(selectors->items[i])) continue;
    if (observation_is_known(selectors->items[i])) continue;
    *message = selector_problem(arena, selectors->items[i]);
    return false;
  }
  return true;
}

static bool fill_session(const Invocation *invocation, Session *session, Str *message) {
  const RunOptions *chosen = invocation->options;
  Arena *arena = invocation->arena;
  session->arena = arena;
  session->options = chosen;
  if (!selectors_are_known(arena, &chosen->overrides.select, message)) return false;
  if (!selectors_are_known(arena, &chosen->overrides.ignore, message)) return false;
  say_nearest(arena, &chosen->overrides);
  if (file_current_directory(arena, &session->folder) != FILE_OK) {
    *message = STR("the working folder cannot be determined");
    return false;
  }
  Reports *reports = &session->reports;
  if (!outputs_read(arena, &chosen->output, session->folder, reports, &session->outputs, message))
    return false;
  session->configurations = (Configurations){
    .arena = arena,
    .working_folder = session->folder,
    .overrides = &chosen->overrides,
  };
  return true;
}

/* The orders for the checker; false with a message if a kind of plan is unknown. */
static bool write_orders(Session *session, Str *message) {
  const RunOptions *chosen = session->options;
  Text orders = { .arena = session->arena };
  if (chosen->is_sweep) text_add(&orders, STR("sweep\n"));
  if (chosen->is_offline) text_add(&orders, STR("offline\n"));
  if (chosen->runs > 0) text_format(&orders, "runs=%u\n", chosen->runs);
  if (chosen->seconds > 0) text_format(&orders, "seconds=%u\n", chosen->seconds);
  for (uint32_t i = 0; i < chosen->plans.count; i++) {
    Str kind = chosen->plans.items[i];
    bool is_known = str_is(kind, "cancel") || str_is(kind, "raise") || str_is(kind, "child");
    *message = str_format(
      session->arena, "no plans \"%.*s\"; there are cancel, raise and child", STR_ARGS(kind)
    );
    if (!is_known) return false;
    text_format(&orders, i == 0 ? "plans=%.*s" : ",%.*s", STR_ARGS(kind));
  }
  session->request.orders = text_str(&orders);
  return true;
}

static bool fill_request(const Invocation *invocation, Session *session, Str *message) {
  if (invocation->names.count == 0) {
    *message =
      STR("which program? Give a file, as in `awry run app.py` or `awry run app.py::main`");
    return false;
  }
  read_target(session, invocation->names.items[0]);
  Str python = session->options->python;
  DriveRequest *request = &session->request;
  request->python = python.len > 0 ? python : STR("python3");
  request->keeps_stdout = !shown_format(session)->is_for_people;
  request->arguments = invocation->names;
  request->arguments.items++;
  request->arguments.count--;
  if (session->options->is_sweep) {
    request->listener = progress_listener(&session->progress);
    vec_push(session->arena, &request->environment, STR("PYTHONHASHSEED=0"));
  }
  return write_orders(session, message) && script_is_there(session, message);
}

/* --- what was seen ----------------------------------------------------------------------------- */

/* A path as the user would write it. */
static Str shown_path(const Session *session, Str path) {
  if (!path_is_inside(path, session->folder)) return path;
  return path_relative(session->arena, path, session->folder);
}

/* The files that sightings are about, each once, in the order of their names. */
static Strs files_of(const Session *session) {
  Map known = { 0 };
  Strs files = { 0 };
  for (uint32_t i = 0; i < session->sightings.count; i++) {
    Str file = session->sightings.items[i].at.file;
    if (file.len == 0 || !map_add(session->arena, &known, file, 0)) continue;
    vec_push(session->arena, &files, file);
    for (uint32_t at = files.count - 1; at > 0; at--) {
      if (str_compare(files.items[at - 1], files.items[at]) <= 0) break;
      files.items[at] = files.items[at - 1];
      files.items[at - 1] = file;
    }
  }
  return files;
}

static bool is_ignored_in(const Settings *settings, const Rule *rule, Str path) {
  for (uint32_t i = 0; i < settings->per_file_ignores.count; i++) {
    const PathSelectors *ignores = &settings->per_file_ignores.items[i];
    if (selectors_select(&ignores->selectors, rule) != SELECTED_NOT && path_fits(path, ignores->pattern))
      return true;
  }
  return false;
}

/* Everything that was seen is reported unless settings say otherwise: also what opt-in rules are about. */
static bool is_selected(const Settings *settings, const Rule *rule) {
  Selected selected =
    settings->select.count == 0 ? SELECTED_BY_ALL : selectors_select(&settings->select, rule);
  Selected extended = selectors_select(&settings->extend_select, rule);
  return (extended > selected ? extended : selected) > selectors_select(&settings->ignore, rule);
}

static void drop_unselected(Session *session, Str path, Findings *findings) {
  const Settings *settings = &configured_for(&session->configurations, path_parent(path))->settings;
  if (path_is_inside(path, settings->root))
    path = path_relative(session->arena, path, settings->root);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    const Rule *rule = findings->items[i].rule;
    if (is_selected(settings, rule) && !is_ignored_in(settings, rule, path))
      findings->items[kept++] = findings->items[i];
  }
  findings->count = kept;
}

static void add_settings_problems(Session *session) {
  const Problems *problems = &session->configurations.problems;
  for (uint32_t i = 0; i < problems->count; i++)
    vec_push(session->arena, &session->problems, problems->items[i]);
}

static bool open_source(Session *session, Str path, Source *source) {
  Arena *arena = session->arena;
  SourceFile file = { .path = path, .shown = shown_path(session, path) };
  SourceText read;
  Problem problem;
  if (source_text_read(arena, &file, &(Overlays){ 0 }, &read, &problem)) {
    *source = source_text_build(arena, &file, &read);
    return true;
  }
  problem.message =
    str_format(arena, "%.*s: what was seen of it cannot be shown", STR_ARGS(problem.message));
  vec_push(arena, &session->problems, problem);
  return false;
}

/* What each report has to say of one file. */
static void add_parts(const Session *session, const FileReport *file, Strs *parts) {
  for (uint32_t i = 0; i < session->reports.count; i++) {
    const Report *report = &session->reports.items[i];
    Text part = { .arena = session->arena };
    report->format->file(&part, file, &report->options);
    vec_push(session->arena, &parts[i], text_str(&part));
  }
}

/* The reports, in their order. */
static Str *render(Session *session) {
  uint32_t count = session->reports.count;
  Strs *parts = arena_array(session->arena, Strs, count);
  Parser *parser = parser_new();
  Strs files = files_of(session);
  bool is_sweep = runs_baseline(&session->sightings) != NULL;
  Sightings merged =
    is_sweep ? runs_merge(session->arena, &session->sightings) : session->sightings;
  for (uint32_t i = 0; i < files.count; i++) {
    Source source;
    if (!open_source(session, files.items[i], &source)) continue;
    Findings findings = evidence_of(session->arena, parser, &source, files.items[i], &merged);
    drop_unselected(session, files.items[i], &findings);
    if (findings.count == 0) continue;
    add_parts(session, &(FileReport){ .source = &source, .findings = &findings }, parts);
    totals_add(&session->totals, &findings);
  }
  add_settings_problems(session);
  session->totals.files = files.count > 0 ? files.count : 1; /* the program itself */
  parser_free(parser);
  Str *reports = arena_array(session->arena, Str, count);
  for (uint32_t i = 0; i < count; i++) {
    const Report *report = &session->reports.items[i];
    reports[i] =
      report_document(session->arena, report, &parts[i], &session->totals, &session->problems);
  }
  return reports;
}

/* --- how it ended ------------------------------------------------------------------------------ */

/* Why the program cannot be swept at all; empty if it can. */
static Str obstacle_of(const Sighting *seen) {
  Str mark = STR("a sweep: ");
  bool is_obstacle = str_is(seen->kind, "unsupported") && str_starts_with(seen->what, mark);
  return is_obstacle ? str_slice(seen->what, mark.len, seen->what.len) : STR_EMPTY;
}

static void judge_obstacles(Session *session) {
  for (uint32_t i = 0; i < session->sightings.count; i++) {
    Str obstacle = obstacle_of(&session->sightings.items[i]);
    if (obstacle.len == 0) continue;
    Str message = str_format(session->arena, "cannot be swept: %.*s", STR_ARGS(obstacle));
    add_problem(session, session->request.script, message);
  }
}

/* The undisturbed run of a sweep. */
static void judge_baseline(Session *session) {
  static const struct {
    const char *main, *fault;
  } faults[] = {
    { "hung",
      "waits for ever without a fault put in: there is nothing to compare other runs with" },
    { "livelock",
      "does not end without a fault put in: there is nothing to compare other runs with" },
    { "killed", "takes too long: a sweep needs a program that ends soon" },
    { "crashed", "crashes without a fault put in" },
    { "exited", "ends its process before it has ended itself: what it does cannot be compared" },
    { "raised", "fails without a fault put in" },
  };
  const Sighting *run = runs_baseline(&session->sightings);
  for (size_t i = 0; run && i < sizeof(faults) / sizeof(*faults); i++) {
    if (!str_is(run->main, faults[i].main)) continue;
    const char *format = run->value.len > 0 ? "%s (%.*s)" : "%s%.*s";
    Str message = str_format(session->arena, format, faults[i].fault, STR_ARGS(run->value));
    add_problem(session, session->request.script, message);
  }
}

/* What is wrong with the run itself. */
static void judge_end(Session *session) {
  Arena *arena = session->arena;
  int status = session->result.status;
  Str script = session->request.script;
  if (session->result.end == LAUNCH_INTERRUPTED) {
    add_problem(session, script, STR("was interrupted; what was seen until then is shown"));
  } else if (WIFSIGNALED(status)) {
    int number = WTERMSIG(status);
    add_problem(session, script, str_format(arena, "was ended by signal %d", number));
  } else if (WEXITSTATUS(status) != 0) {
    add_problem(
      session, script, str_format(arena, "ended with exit status %d", WEXITSTATUS(status))
    );
  } else if (!sighting_of_kind(&session->sightings, "end")) {
    add_problem(session, script, STR("ended itself before the checker was done with it"));
  }
}

/* Nothing ran: why. False if the program was started. */
static bool is_refused(const Session *session, Str *message) {
  const Sighting *refused = sighting_of_kind(&session->sightings, "refused");
  Str why = refused ? refused->why : STR("could not load the checker");
  *message = str_format(
    session->arena, "the interpreter %.*s %.*s", STR_ARGS(session->request.python), STR_ARGS(why)
  );
  return refused || !sighting_of_kind(&session->sightings, "start");
}

/* What a sweep did, and what came of it. */
static void show_account(const Session *session, const Sighting *end) {
  const Sighting *plans = sighting_of_kind(&session->sightings, "plans");
  if (!plans) return;
  if (shown_format(session) == &report_full) {
    Str account = account_of(session->arena, &session->sightings, session->folder);
    fprintf(stderr, "%.*s", STR_ARGS(account));
  }
  uint32_t faults = end->runs > 2 ? end->runs - 2 : 0;
  fprintf(stderr, "awry: %u faults put in, of %u planned\n", faults, plans->count);
  if (!plans->is_deterministic)
    fprintf(stderr, "awry: undisturbed, the program does not do the same each time\n");
  if (end->cut.len > 0)
    fprintf(stderr, "awry: the sweep was cut short: see --%.*s\n", STR_ARGS(end->cut));
}

/* Silence means something only where there was something to see, and somebody looked. */
static void show_summary(const Session *session) {
  Map known = { 0 };
  for (uint32_t i = 0; i < session->sightings.count; i++) {
    const Sighting *seen = &session->sightings.items[i];
    if (!str_is(seen->kind, "unsupported") || obstacle_of(seen).len > 0) continue;
    if (!map_add(session->arena, &known, seen->what, 0)) continue;
    fprintf(stderr, "awry: not looked for in this Python: %.*s\n", STR_ARGS(seen->what));
  }
  const Sighting *end = sighting_of_kind(&session->sightings, "end");
  if (!end) return;
  if (session->options->is_sweep) show_account(session, end);
  fprintf(
    stderr,
    "awry: observed %u task%s and %u cancellation%s\n",
    end->tasks,
    end->tasks == 1 ? "" : "s",
    end->cancellations,
    end->cancellations == 1 ? "" : "s"
  );
}

static int show(Session *session) {
  const Str *reports = render(session);
  outputs_write(session->arena, &session->outputs, reports, &session->problems);
  Str shown = outputs_shown(session->arena, &session->outputs, reports);
  print(shown);
  show_summary(session);
  if (!shown_format(session)->has_problems) show_problems(&session->problems);
  if (session->problems.count > 0) return EXIT_PROBLEM;
  return totals_findings(&session->totals) > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* Shows what an earlier run has reported. */
static int show_earlier(Session *session) {
  enum { LARGEST_REPORT = 1 << 28 };
  Str path = session->options->from, lines;
  bool is_stdin = str_is(path, "-");
  FileFault fault = is_stdin
    ? file_read_descriptor(session->arena, STDIN_FILENO, LARGEST_REPORT, &lines)
    : file_read(session->arena, path, LARGEST_REPORT, &lines);
  if (fault != FILE_OK) {
    Str shown = is_stdin ? STR("standard input") : path;
    return refuse(
      &command_run, str_format(session->arena, "%.*s %s", STR_ARGS(shown), file_fault_text(fault))
    );
  }
  session->sightings = sightings_read(session->arena, lines);
  return show(session);
}

static int run_run_command(const Invocation *invocation) {
  Session session = { 0 };
  Str message = STR_EMPTY;
  if (!fill_session(invocation, &session, &message)) return refuse(&command_run, message);
  SettingsChoice *choice = &session.configurations.choice;
  if (!settings_options_read(invocation, &session.options->settings, session.folder, choice))
    return EXIT_PROBLEM;
  if (session.options->from.len > 0) return show_earlier(&session);
  if (!fill_request(invocation, &session, &message)) return refuse(&command_run, message);
  fflush(stdout);
  if (!drive(session.arena, &session.request, &session.result, &message))
    return refuse(&command_run, message);
  progress_end(&session.progress);
  session.sightings = sightings_read(session.arena, session.result.lines);
  if (session.result.end != LAUNCH_INTERRUPTED && is_refused(&session, &message))
    return refuse(&command_run, message);
  judge_end(&session);
  if (session.options->is_sweep) {
    judge_obstacles(&session);
    judge_baseline(&session);
  }
  return show(&session);
}

const Command command_run = {
  .name = "run",
  .arguments = "SCRIPT[::FUNCTION] [-- ARGUMENT…]",
  .summary = "Run a program and report what its tasks lose on the way",
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(RunOptions),
  .run = run_run_command,
};
