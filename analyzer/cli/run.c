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
#include "cli/command.h"
#include "lint/path_pattern.h"
#include "lint/selector.h"
#include "project/configured.h"
#include "project/source_text.h"
#include "proof/drive.h"
#include "proof/evidence.h"
#include "report/report.h"

typedef struct {
  Str python;
  Strs select;
  Strs ignore;
  Str from;
  Str output_format;
  Str color;
  bool isolated;
} RunOptions;

#define FIELD(name) offsetof(RunOptions, name)

static const Option options[] = {
  { "--python",
    "PYTHON",
    "the interpreter to run it with; default: python3",
    OPTION_TEXT,
    FIELD(python) },
  { "--select",
    "RULES",
    "report what these rules are about only: names, codes, beginnings of codes, ALL",
    OPTION_LIST,
    FIELD(select) },
  { "--ignore", "RULES", "do not report what these are about", OPTION_LIST, FIELD(ignore) },
  { "--from",
    "REPORT",
    "run nothing, show this report: of pytest's --awry-report, - for standard input",
    OPTION_TEXT,
    FIELD(from) },
  { "--output-format", "FORMAT", "text, concise or json", OPTION_TEXT, FIELD(output_format) },
  { "--isolated", NULL, "read no settings files", OPTION_FLAG, FIELD(isolated) },
  { "--color", "WHEN", "auto, always or never", OPTION_TEXT, FIELD(color) },
};

/* One run of the command. */
typedef struct {
  Arena *arena;
  const RunOptions *options;
  const ReportFormat *format;
  ReportOptions report;
  Str folder; /* we work in, absolute */
  DriveRequest request;
  LaunchResult result;
  Sightings sightings;
  Totals totals;
  Problems problems;
  Settings overrides; /* of the command line */
  Configurations configurations;
} Session;

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
  session->format = command_format(arena, chosen->output_format, message);
  if (!session->format) return false;
  if (!command_color(chosen->color, &session->report.has_color, message)) return false;
  if (!selectors_are_known(arena, &chosen->select, message)) return false;
  if (!selectors_are_known(arena, &chosen->ignore, message)) return false;
  if (file_current_directory(arena, &session->folder) != FILE_OK) {
    *message = STR("the working folder cannot be determined");
    return false;
  }
  session->overrides = (Settings){ .select = chosen->select, .ignore = chosen->ignore };
  session->configurations = (Configurations){
    .arena = arena,
    .working_folder = session->folder,
    .is_isolated = chosen->isolated,
    .overrides = &session->overrides,
  };
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
  request->keeps_stdout = session->format == &report_json;
  request->arguments = invocation->names;
  request->arguments.items++;
  request->arguments.count--;
  return script_is_there(session, message);
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

static Str render(Session *session) {
  Text report = { .arena = session->arena };
  Parser *parser = parser_new();
  Strs files = files_of(session);
  session->format->begin(&report, &session->report);
  for (uint32_t i = 0; i < files.count; i++) {
    Source source;
    if (!open_source(session, files.items[i], &source)) continue;
    Findings findings =
      evidence_of(session->arena, parser, &source, files.items[i], &session->sightings);
    drop_unselected(session, files.items[i], &findings);
    if (findings.count == 0) continue;
    if (session->totals.files_with_findings > 0)
      text_add(&report, str_from(session->format->separator));
    session->format->file(&report, &source, &findings, &session->report);
    totals_add(&session->totals, &findings);
  }
  add_settings_problems(session);
  session->totals.files = files.count > 0 ? files.count : 1; /* the program itself */
  session->format->end(&report, &session->totals, &session->problems, &session->report);
  parser_free(parser);
  return text_str(&report);
}

/* --- how it ended ------------------------------------------------------------------------------ */

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

/* Silence means something only where there was something to see, and somebody looked. */
static void show_summary(const Session *session) {
  for (uint32_t i = 0; i < session->sightings.count; i++) {
    const Sighting *seen = &session->sightings.items[i];
    if (!str_is(seen->kind, "unsupported")) continue;
    fprintf(stderr, "awry: not looked for in this Python: %.*s\n", STR_ARGS(seen->what));
  }
  const Sighting *end = sighting_of_kind(&session->sightings, "end");
  if (!end) return;
  fprintf(
    stderr,
    "awry: observed %u task%s and %u cancellation%s\n",
    end->tasks,
    end->tasks == 1 ? "" : "s",
    end->cancellations,
    end->cancellations == 1 ? "" : "s"
  );
}

static int refuse(Str message) {
  fprintf(stderr, "awry run: %.*s\n", STR_ARGS(message));
  return EXIT_PROBLEM;
}

static int show(Session *session) {
  Str report = render(session);
  fwrite(report.data, 1, report.len, stdout);
  fflush(stdout);
  show_summary(session);
  if (!session->format->has_problems) show_problems(&session->problems);
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
    return refuse(str_format(session->arena, "%.*s %s", STR_ARGS(shown), file_fault_text(fault)));
  }
  session->sightings = sightings_read(session->arena, lines);
  return show(session);
}

static int run_run_command(const Invocation *invocation) {
  Session session = { 0 };
  Str message = STR_EMPTY;
  if (!fill_session(invocation, &session, &message)) return refuse(message);
  if (session.options->from.len > 0) return show_earlier(&session);
  if (!fill_request(invocation, &session, &message)) return refuse(message);
  fflush(stdout);
  if (!drive(session.arena, &session.request, &session.result, &message)) return refuse(message);
  session.sightings = sightings_read(session.arena, session.result.lines);
  if (session.result.end != LAUNCH_INTERRUPTED && is_refused(&session, &message))
    return refuse(message);
  judge_end(&session);
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
