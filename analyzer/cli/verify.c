/* awry verify [PATH…]: run programs before and after each fix that is offered of them, and say what that proves. */
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/thread.h"
#include "cli/settings_options.h"
#include "cli/verdicts.h"
#include "lint/rule.h"
#include "lint/selector.h"
#include "project/run.h"
#include "proof/evidence.h"
#include "proof/interrupt.h"
#include "proof/protocol.h"
#include "proof/tests.h"
#include "proof/trial.h"

enum { SECONDS = 60, TEST_SECONDS = 600 };

typedef struct {
  Settings overrides;
  SettingsOptions settings;
  Str function;
  Str python;
  Str output_format;
  Str color;
  uint32_t seconds;
  bool safe_only;
  bool allow_network;
  bool strict;
} VerifyOptions;

#define FIELD(name) offsetof(VerifyOptions, name)

static const Option options[] = {
  GROUP("Fixes"),
  { "--rule",
    "RULES",
    "verify the fixes of these rules only: names, codes, beginnings of codes, ALL",
    OPTION_LIST,
    FIELD(overrides.select) },
  { "--safe-only", NULL, "pass over unsafe fixes", OPTION_FLAG, FIELD(safe_only) },
  SETTING("--target-version", FIELD(overrides)),
  SETTING("--venv", FIELD(overrides)),
  GROUP("Files"),
  SETTING("--exclude", FIELD(overrides)),
  SETTINGS_OPTIONS(VerifyOptions, settings),
  GROUP("Running"),
  { "--func", "NAME", "call this function of the file to run it", OPTION_TEXT, FIELD(function) },
  PYTHON(FIELD(python)),
  { "--seconds",
    "N",
    "let a program run so long; default: 60, with tests 600",
    OPTION_COUNT,
    FIELD(seconds) },
  { "--allow-network", NULL, "let programs use the network", OPTION_FLAG, FIELD(allow_network) },
  GROUP("Output"),
  { "--output-format", "text|json", "how verdicts are shown", OPTION_TEXT, FIELD(output_format) },
  COLOR(FIELD(color)),
  GROUP("Gating"),
  { "--strict", NULL, "exit with 1 unless every fix is fixed", OPTION_FLAG, FIELD(strict) },
};

/* The program as it is, of which several fixes may be proved. */
typedef struct {
  Arena *arena; /* NULL: there is none yet */
  Str path;     /* of the file that it was run for; with tests it serves for all */
  Trial trial;
  Harness harness;
  Str message; /* why the file cannot be run; empty: it can */
  bool is_repeated;
} Original;

/* One run of the command. */
typedef struct {
  Arena *arena;
  const VerifyOptions *options;
  RunRequest request;
  ReportOptions report;
  bool is_json;
  Scratch scratch;
  Interpreter interpreter;
  TrialOptions trial;
  Original original;
  Parser *parser;
  JudgedFixes judged;
  Problems problems;
  bool is_interrupted;
} Session;

static void add_problem(Session *session, Str message) {
  vec_push(session->arena, &session->problems, (Problem){ .message = message });
}

/* --- what is asked ----------------------------------------------------------------------------- */

/* pytest and its arguments, behind `--`. */
static bool read_tests(Session *session, const Invocation *invocation, Str *message) {
  Strs words = invocation->names;
  words.items += invocation->divided;
  words.count -= invocation->divided;
  session->trial.has_tests = true;
  uint32_t first = 0;
  bool is_module = words.count > 2 && str_is(words.items[1], "-m");
  if (is_module) first = 2;
  Str name = words.count > first ? path_name(words.items[first]) : STR_EMPTY;
  if (!str_is(name, "pytest") && !str_is(name, "py.test")) {
    *message =
      STR("behind `--` stands pytest with its arguments, as in `awry verify -- pytest -x`");
    return false;
  }
  for (uint32_t i = first + 1; i < words.count; i++) {
    vec_push(session->arena, &session->trial.tests, words.items[i]);
  }
  return true;
}

static bool read_names(Session *session, const Invocation *invocation, Str *message) {
  RunRequest *request = &session->request;
  request->names = invocation->names;
  if (invocation->is_divided) {
    request->names.count = invocation->divided;
    request->names.capacity = 0; /* what follows is not ours to write over */
    if (!read_tests(session, invocation, message)) return false;
  }
  if (request->names.count == 0) {
    request->names = (Strs){ 0 };
    vec_push(session->arena, &request->names, STR("."));
  }
  return true;
}

static bool read_format(Session *session, Str name, Str *message) {
  session->is_json = str_is(name, "json");
  if (name.len == 0 || session->is_json || str_is(name, "text")) return true;
  *message = STR("--output-format takes text or json");
  return false;
}

static bool rules_are_known(const Session *session, Str *message) {
  const Strs *rules = &session->options->overrides.select;
  for (uint32_t i = 0; i < rules->count; i++) {
    if (selector_is_known(rules->items[i])) continue;
    *message = selector_problem(session->arena, rules->items[i]);
    return false;
  }
  return true;
}

static bool fill_session(Session *session, const Invocation *invocation, Str *message) {
  const VerifyOptions *chosen = invocation->options;
  RunRequest *request = &session->request;
  session->arena = invocation->arena;
  session->options = chosen;
  request->threads = cpu_count();
  request->overrides = chosen->overrides;
  request->boldest_offer = chosen->safe_only ? FIX_SAFE : FIX_UNSAFE;
  if (!read_format(session, chosen->output_format, message)) return false;
  if (!command_terminal(chosen->color, &session->report, message)) return false;
  if (!rules_are_known(session, message)) return false;
  say_nearest(session->arena, &chosen->overrides);
  if (!read_names(session, invocation, message)) return false;
  if (file_current_directory(session->arena, &request->working_folder) != FILE_OK) {
    *message = STR("the working folder cannot be determined");
    return false;
  }
  uint32_t seconds = session->trial.has_tests ? TEST_SECONDS : SECONDS;
  session->trial.seconds = chosen->seconds > 0 ? chosen->seconds : seconds;
  session->trial.allows_network = chosen->allow_network;
  session->trial.working_folder = request->working_folder;
  return true;
}

/* A path from where we work, or a name to look up. */
static Str python_of(const Session *session) {
  Str python = session->options->python;
  if (python.len == 0) return STR("python3");
  if (!str_contains(python, STR("/"))) return python;
  return path_join(session->arena, session->request.working_folder, python);
}

/* The interpreter that is to run all. */
static bool prepare(Session *session, Str *message) {
  Str python = python_of(session);
  const Walls *walls = &session->scratch.walls;
  if (!walls->has_namespaces && !walls->has_filter && !session->trial.allows_network) {
    *message = STR("programs cannot be kept from the network on this system; --allow-network runs "
                   "them all the same");
    return false;
  }
  session->trial.scratch = &session->scratch;
  if (!interpreter_ask(session->arena, &session->scratch, python, &session->interpreter, message)) {
    return false;
  }
  session->trial.python = session->interpreter.path;
  return true;
}

/* --- what is offered --------------------------------------------------------------------------- */

static bool is_too_new(const Session *session, const Offers *offers) {
  for (uint32_t i = 0; i < offers->count; i++) {
    if (offers->items[i].target_minor > session->interpreter.minor) return true;
  }
  return false;
}

/* Fixes are those for the interpreter that is to run them, if that is older than the project asks for. */
static Offers find_offers(Session *session) {
  RunResult result = run_check(&session->request, session->arena);
  if (is_too_new(session, &result.offers) && session->options->overrides.target_minor == 0) {
    session->request.overrides.target_minor = session->interpreter.minor;
    result = run_check(&session->request, session->arena);
  }
  session->problems = result.problems;
  return result.offers;
}

/* --- what is proved ---------------------------------------------------------------------------- */

/* Runs the program as it is, unless that has been done. */
static void run_original(Session *session, const Offer *offer, const Module *module) {
  Original *original = &session->original;
  bool is_known =
    original->arena && (session->trial.has_tests || str_equal(original->path, offer->path));
  if (is_known) return;
  if (original->arena) arena_free(original->arena);
  *original = (Original){ .arena = arena_new(), .path = offer->path };
  Str function = session->options->function;
  bool can_run = session->trial.has_tests ||
    harness_find(original->arena, module, function, &original->harness, &original->message);
  if (!can_run) return;
  original->trial =
    trial_run(original->arena, &session->trial, offer, &original->harness, offer->before);
}

static Trial
run_side(Session *session, Arena *arena, const Offer *offer, const Harness *harness, Str text) {
  Trial trial = trial_run(arena, &session->trial, offer, harness, text);
  if (trial.end == LAUNCH_INTERRUPTED) session->is_interrupted = true;
  return trial;
}

/* What hangs on how single tests end is looked at twice. */
static Verdict
prove_by_tests(Session *session, Arena *arena, const Claim *claim, const Offer *offer) {
  Original *original = &session->original;
  Trial after = run_side(session, arena, offer, &original->harness, offer->after);
  Verdict verdict = tests_judge(arena, claim, &original->trial, &after);
  if (session->is_interrupted || !tests_are_doubtful(&verdict)) return verdict;
  if (!original->is_repeated) {
    Trial second = run_side(session, original->arena, offer, &original->harness, offer->before);
    tests_merge(original->arena, &original->trial, &second);
    original->is_repeated = true;
  }
  Trial second = run_side(session, arena, offer, &original->harness, offer->after);
  tests_merge(arena, &after, &second);
  return tests_judge(arena, claim, &original->trial, &after);
}

/* Of many places that look alike a sweep takes a few. Where the fault did not show, those that lead through the function of
   the finding are taken by themselves. */
static Verdict prove_closer(
  Session *session, Arena *arena, const Claim *claim, const Offer *offer, Verdict verdict
) {
  Harness before = session->original.harness, after = before;
  Module *fixed = evidence_module(arena, session->parser, claim->map.after);
  if (!harness_focus(claim->before, offer->line, &before)) return verdict;
  if (!harness_focus_again(claim->before, &before, fixed, &after)) return verdict;
  Trial first = run_side(session, arena, offer, &before, offer->before);
  if (session->is_interrupted) return verdict;
  Trial second = run_side(session, arena, offer, &after, offer->after);
  Verdict closer = protocol_judge(arena, claim, &first, &second);
  closer.runs += verdict.runs;
  return closer.kind == VERDICT_TIMEOUT ? verdict : closer;
}

static Verdict prove(Session *session, Arena *arena, const Offer *offer) {
  Source before = source_build(arena, offer->path, offer->before);
  Source after = source_build(arena, offer->path, offer->after);
  Claim claim = {
    .rule = str_from(offer->rule->name),
    .path = offer->path,
    .lines = &offer->lines,
    .map = { &before, &after, &offer->edits },
    .before = evidence_module(arena, session->parser, &before),
  };
  Original *original = &session->original;
  run_original(session, offer, claim.before);
  Verdict verdict = { .kind = VERDICT_NOT_RUNNABLE, .why = original->message };
  if (original->message.len > 0) return verdict;
  if (original->trial.end == LAUNCH_INTERRUPTED) session->is_interrupted = true;
  if (trial_is_broken(arena, &original->trial, &verdict.kind, &verdict.why)) return verdict;
  if (session->trial.has_tests) return prove_by_tests(session, arena, &claim, offer);
  Trial trial = run_side(session, arena, offer, &original->harness, offer->after);
  verdict = protocol_judge(arena, &claim, &original->trial, &trial);
  bool is_open = verdict.kind == VERDICT_NOT_REPRODUCED && !session->is_interrupted;
  return is_open ? prove_closer(session, arena, &claim, offer, verdict) : verdict;
}

static void show_progress(uint32_t done, uint32_t count) {
  if (!isatty(STDERR_FILENO)) return;
  if (done < count) fprintf(stderr, "\rawry: fix %u of %u …", done + 1, count);
  else fputs("\r\033[K", stderr);
  fflush(stderr);
}

static void show_verdict(const Session *session, const Judged *judged) {
  if (session->is_json) return;
  Text text = { .arena = session->arena };
  if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
  verdict_show(&text, judged, &session->report);
  print(text_str(&text));
}

static void judge_all(Session *session, const Offers *offers) {
  session->parser = parser_new();
  for (uint32_t i = 0; i < offers->count; i++) {
    const Offer *offer = &offers->items[i];
    Arena *arena = arena_new();
    show_progress(i, offers->count);
    Verdict verdict = prove(session, arena, offer);
    verdict.why = str_copy(session->arena, verdict.why);
    arena_free(arena);
    if (session->is_interrupted || interrupts_take()) {
      add_problem(session, STR("was interrupted; what was proved until then is shown"));
      break;
    }
    Judged judged = {
      offer->shown, offer->line, offer->rule, session->interpreter.version, verdict
    };
    vec_push(session->arena, &session->judged, judged);
    show_verdict(session, &judged);
  }
  show_progress(offers->count, offers->count);
  if (session->original.arena) arena_free(session->original.arena);
  parser_free(session->parser);
}

/* --- how it ends ------------------------------------------------------------------------------- */

static int exit_status(const Session *session) {
  bool is_bad = false, is_proved = true;
  for (uint32_t i = 0; i < session->judged.count; i++) {
    VerdictKind kind = session->judged.items[i].verdict.kind;
    is_proved = is_proved && kind == VERDICT_FIXED;
    is_bad = is_bad || kind == VERDICT_NOT_FIXED || kind == VERDICT_BEHAVIOUR_CHANGED ||
      kind == VERDICT_REGRESSION;
  }
  if (session->problems.count > 0) return EXIT_PROBLEM;
  return is_bad || (session->options->strict && !is_proved) ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int show_end(const Session *session) {
  Text text = { .arena = session->arena };
  if (session->is_json) verdicts_json(&text, &session->judged, &session->problems);
  else verdicts_summary(&text, &session->judged);
  print(text_str(&text));
  if (!session->is_json) show_problems(&session->problems);
  return exit_status(session);
}

static int run_verify_command(const Invocation *invocation) {
  Session session = { 0 };
  Str message = STR_EMPTY;
  if (!fill_session(&session, invocation, &message)) return refuse(&command_verify, message);
  RunRequest *request = &session.request;
  Str folder = request->working_folder;
  if (!settings_options_read(invocation, &session.options->settings, folder, &request->settings))
    return EXIT_PROBLEM;
  Interrupts interrupts = interrupts_hold();
  if (!scratch_open(session.arena, &session.scratch, &message))
    return refuse(&command_verify, message);
  bool is_ready = prepare(&session, &message);
  if (is_ready) {
    Offers offers = find_offers(&session);
    judge_all(&session, &offers);
  }
  scratch_close(session.arena, &session.scratch);
  interrupts_release(&interrupts);
  return is_ready ? show_end(&session) : refuse(&command_verify, message);
}

const Command command_verify = {
  .name = "verify",
  .arguments = "[PATH…] [-- pytest ARGUMENT…]",
  .summary = "Run programs before and after each fix, and say what that proves",
  .options = options,
  .option_count = sizeof(options) / sizeof(*options),
  .options_size = sizeof(VerifyOptions),
  .run = run_verify_command,
};
