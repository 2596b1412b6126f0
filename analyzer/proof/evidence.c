#include "proof/evidence.h"

#include "base/text.h"
#include "lint/findings.h"
#include "lint/linter.h"
#include "lint/suppress.h"
#include "proof/observation.h"
#include "proof/place.h"
#include "proof/runs.h"
#include "python/session.h"

/* The file as it is being read off. */
typedef struct {
  Arena *arena;
  Module *module;
  const Tree *tree;
  const Source *source;
  Str path;
  const Sightings *sightings; /* all, also those of other files */
  Findings findings;
} Evidence;

/* --- from sightings to findings ---------------------------------------------------------------- */

static bool has_finding(const Evidence *evidence, const Rule *rule, Span span) {
  for (uint32_t i = 0; i < evidence->findings.count; i++) {
    const Finding *finding = &evidence->findings.items[i];
    if (finding->rule == rule && finding->span.start == span.start) return true;
  }
  return false;
}

/* NULL if the same has been said of the place. */
static Finding *add(Evidence *evidence, Place place, Str message, const char *help) {
  const Rule *rule = observation_of(str_from(place.rule));
  if (!rule) rule = linter_find_rule(str_from(place.rule))->rule;
  if (has_finding(evidence, rule, place.span)) return NULL;
  Finding finding = {
    .rule = rule,
    .severity = rule->severity,
    .span = place.span,
    .path = evidence->source->path,
    .message = message,
    .help = str_from(help),
  };
  vec_push(evidence->arena, &evidence->findings, finding);
  return &vec_last(&evidence->findings);
}

/* A note at a line of the same file; none without a finding. */
static void note_line(Evidence *evidence, Finding *finding, const Spot *spot, Str message) {
  if (!finding || !str_equal(spot->file, evidence->path)) return;
  Note note = { .span = place_code(evidence->module, spot->line), .message = message };
  vec_push(evidence->arena, &finding->notes, note);
}

static void note_arrival(Evidence *evidence, Finding *finding, const Sighting *seen) {
  note_line(evidence, finding, &seen->at, STR("the cancellation arrived here"));
}

static void add_swallowed(Evidence *evidence, const Sighting *seen) {
  Str message = str_format(
    evidence->arena,
    "a cancellation of task `%.*s` was swallowed here, and the task %s",
    STR_ARGS(seen->task),
    seen->then.len > 0 ? "ran on" : "ended as if it had finished"
  );
  Place place = place_of_swallowing(evidence->module, seen);
  const char *help = "let the cancellation out when the clean-up is done";
  note_arrival(evidence, add(evidence, place, message, help), seen);
}

static void add_lost_in_join(Evidence *evidence, const Sighting *seen) {
  Str message = str_format(
    evidence->arena,
    "while it waited for a task that it had cancelled, task `%.*s` was cancelled as well, and "
    "swallowed that",
    STR_ARGS(seen->task)
  );
  Place place = place_of_swallowing(evidence->module, seen);
  place.rule = "lost-outer-cancellation";
  const char *help = "wait with asyncio.wait({task}), which does not raise what the task raises";
  note_arrival(evidence, add(evidence, place, message, help), seen);
}

static void add_converted(Evidence *evidence, const Sighting *seen) {
  Str message = str_format(
    evidence->arena,
    "task `%.*s` was cancelled and ended with %.*s instead: it counts as failed, not as cancelled",
    STR_ARGS(seen->task),
    STR_ARGS(seen->error)
  );
  Place place = { "translated-cancellation", place_code(evidence->module, seen->at.line) };
  add(evidence, place, message, "raise the cancellation again");
}

static void add_never_awaited(Evidence *evidence, const Sighting *seen) {
  Str message = str_format(
    evidence->arena,
    "coroutine `%.*s` was never awaited: its body did not run",
    STR_ARGS(seen->task)
  );
  Str name = str_after_last(seen->task, '.');
  Place place = { "unawaited-coroutine", place_call(evidence->module, seen->at.line, name) };
  add(evidence, place, message, "await it, or start it as a task");
}

static Place task_place(const Evidence *evidence, const Sighting *seen, const char *rule) {
  return (Place){ rule, place_call(evidence->module, seen->at.line, STR_EMPTY) };
}

/* The error is not the program's: a sweep has put it in. */
static bool is_put_in(const Sighting *seen) { return str_is(seen->error, "InjectedError"); }

static void add_never_retrieved(Evidence *evidence, const Sighting *seen) {
  Str message = str_format(
    evidence->arena, "this task failed with %.*s, and nobody looked at it", STR_ARGS(seen->error)
  );
  if (is_put_in(seen)) message = STR("when this task fails, nobody looks at it");
  const char *help = "await the task, or look at its exception when it is done";
  Finding *finding = add(evidence, task_place(evidence, seen, "unobserved-task"), message, help);
  note_line(evidence, finding, &seen->raised, STR("raised here"));
}

/* Where a client session was made. A line may hold other calls: the session is what the class makes. */
static Node session_on(const Evidence *evidence, uint32_t line) {
  const Str classes[] = { STR("ClientSession"), STR("AsyncClient") };
  Node call = place_call_node(evidence->module, line, classes[0]);
  Str function =
    call == NODE_NONE ? STR_EMPTY : tree_text(evidence->tree, tree_first(evidence->tree, call));
  bool is_first = str_equal(str_after_last(function, '.'), classes[0]);
  return is_first ? call : place_call_node(evidence->module, line, classes[1]);
}

/* Why sessions of the same line are no waste. */
static bool is_sensible(Module *module, Node call) {
  if (session_opens_nothing(module, call) || session_borrows_connector(module, call)) return true;
  if (session_holds_connection(module, call)) return true;
  return !session_is_local(module, call) && !session_is_returned(module, call);
}

/* Without a loop around the call, its function has been called as often. */
static void add_session_per_call(Evidence *evidence, const Sighting *seen) {
  Node call = session_on(evidence, seen->at.line);
  if (call == NODE_NONE || is_sensible(evidence->module, call)) return;
  Str message = str_format(
    evidence->arena,
    "%u sessions were made here for %u requests, each with connections of its own",
    seen->sessions,
    seen->requests
  );
  bool is_for_item = session_item_loop(evidence->module, call) != NODE_NONE;
  Place place = { is_for_item ? "session-per-item" : "session-per-call",
                  tree_span(evidence->tree, call) };
  const char *help = is_for_item ? "make one session outside the loop"
                                 : "make one session where the application starts, and pass it in";
  add(evidence, place, message, help);
}

static Str unclosed_message(Arena *arena, const Sighting *seen) {
  if (seen->sessions == 1) return STR("this session was never closed");
  if (seen->unclosed == seen->sessions) {
    return str_format(arena, "none of the %u sessions made here was closed", seen->sessions);
  }
  const char *format = "of the %u sessions made here, %u were never closed";
  return str_format(arena, format, seen->sessions, seen->unclosed);
}

static void add_unclosed(Evidence *evidence, const Sighting *seen) {
  Node call = session_on(evidence, seen->at.line);
  if (call == NODE_NONE || session_opens_nothing(evidence->module, call)) return;
  Place place = { "leaked-session", tree_span(evidence->tree, call) };
  const char *help = "open it with `async with`, or close it where the application ends";
  add(evidence, place, unclosed_message(evidence->arena, seen), help);
}

static Place line_place(const Evidence *evidence, const Sighting *seen, const char *rule) {
  return (Place){ rule, place_code(evidence->module, seen->at.line) };
}

/* A program hangs where its main task waits; the others tell what for. */
static void add_hung(Evidence *evidence, const Sighting *seen) {
  bool is_server = seen->run == 0 && str_is(seen->then, "sockets are open");
  if (!seen->is_main || is_server) return;
  bool is_polling = str_is(seen->then, "polls");
  Str message = is_polling
    ? STR("the program looks here for ever for something that does not come any more")
    : STR("the program waits here for ever");
  const char *help = "let whoever is to end the wait do so in a `finally`, or set a limit to it";
  Finding *finding = add(evidence, line_place(evidence, seen, "hung"), message, help);
  for (uint32_t i = 0; finding && i < evidence->sightings->count; i++) {
    const Sighting *other = &evidence->sightings->items[i];
    bool is_other = str_is(other->kind, "hung") && other->run == seen->run && !other->is_main;
    Str note = str_format(evidence->arena, "`%.*s` waits here", STR_ARGS(other->task));
    if (is_other) note_line(evidence, finding, &other->at, note);
  }
}

static void add_ignored(Evidence *evidence, const Sighting *seen) {
  Str message = str_format(
    evidence->arena,
    "`%.*s` was asked to stop and runs on: the program cannot end",
    STR_ARGS(seen->task)
  );
  const char *help = "let the cancellation out, or end the loop that catches it";
  Finding *finding = add(evidence, line_place(evidence, seen, "cancel-ignored"), message, help);
  note_line(evidence, finding, &seen->created, STR("the task is started here"));
}

static void add_leaked(Evidence *evidence, const Sighting *seen) {
  Str message = str_format(
    evidence->arena, "`%.*s`, which is started here, is left running", STR_ARGS(seen->task)
  );
  const char *help = "cancel it and wait for it in a `finally`, or start it in a TaskGroup";
  Sighting made = *seen;
  made.at = seen->created;
  if (!str_equal(made.at.file, evidence->path)) return;
  add(evidence, task_place(evidence, &made, "task-leaked"), message, help);
}

static void add_blocking(Evidence *evidence, const Sighting *seen) {
  Str message = str_format(
    evidence->arena,
    "`%.*s` stops the event loop: no other task runs meanwhile",
    STR_ARGS(seen->what)
  );
  Str name = str_after_last(seen->what, '.');
  Place place = { "blocking-call", place_call(evidence->module, seen->at.line, name) };
  add(evidence, place, message, "use `await asyncio.sleep(…)`");
}

/* Faults of which all is said when their call is named. */
static const struct {
  const char *kind;
  const char *rule;
  const char *function; /* that is called; empty: the first call on the line */
  const char *message;
  const char *help;
} calls[] = {
  { "task-destroyed-pending",
    "dangling-task",
    "",
    "nothing referred to this task, and it was collected before it was done",
    "keep the task and look at its outcome, or start it in a TaskGroup" },
  { "task-unreferenced",
    "dangling-task",
    "",
    "nothing but the event loop referred to this task while it waited: it can be collected before "
    "it is done",
    "keep the task and look at its outcome, or start it in a TaskGroup" },
  { "siblings-left-running",
    "siblings-run-on",
    "gather",
    "when one of these fails, the others run on",
    "start them in a TaskGroup, or cancel the rest in a `finally`" },
  { "gather-result-unchecked",
    "dropped-gather-results",
    "gather",
    "when one of these failed, nobody could tell: its exception lay among the results, and nothing "
    "looked at it",
    "look at each result, or let the first failure out" },
  { "gather-cancelled-not-recognised",
    "narrow-exception-check",
    "isinstance",
    "a child of the gather was cancelled, passed this test and was taken for a result",
    "test for BaseException: CancelledError is no Exception" },
};

static void add_call(Evidence *evidence, const Sighting *seen) {
  for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
    if (!str_is(seen->kind, calls[i].kind)) continue;
    Span span = place_call(evidence->module, seen->at.line, str_from(calls[i].function));
    add(evidence, (Place){ calls[i].rule, span }, str_from(calls[i].message), calls[i].help);
  }
}

/* In the order of what is worse: of a place each rule says one thing. */
static const struct {
  const char *kind;
  void (*add)(Evidence *evidence, const Sighting *seen);
} kinds[] = {
  { "cancel-swallowed", add_swallowed },
  { "cancel-lost-in-join", add_lost_in_join },
  { "cancel-converted", add_converted },
  { "coroutine-never-awaited", add_never_awaited },
  { "task-destroyed-pending", add_call },
  { "task-unreferenced", add_call },
  { "exception-never-retrieved", add_never_retrieved },
  { "hung", add_hung },
  { "cancel-ignored", add_ignored },
  { "task-leaked", add_leaked },
  { "siblings-left-running", add_call },
  { "blocking-call", add_blocking },
  { "resource-unclosed", add_unclosed },
  { "session-per-call", add_session_per_call },
  { "gather-result-unchecked", add_call },
  { "gather-cancelled-not-recognised", add_call },
};

/* Under which test it happens. */
static void name_test(Arena *arena, Finding *finding, const Sighting *seen) {
  if (seen->test.len == 0) return;
  Text message = { .arena = arena };
  text_add(&message, finding->message);
  text_format(&message, " (in %.*s", STR_ARGS(seen->test));
  if (seen->tests > 1) text_format(&message, " and %u more", seen->tests - 1);
  text_add_char(&message, ')');
  finding->message = text_str(&message);
}

/* What a sweep did to the program to bring it about. */
static void name_run(Evidence *evidence, Finding *finding, const Sighting *seen) {
  const Sighting *run = seen->run > 0 ? runs_find(evidence->sightings, seen) : NULL;
  if (!run) return;
  Str cause = runs_cause(evidence->arena, run);
  Text message = { .arena = evidence->arena };
  text_add(&message, finding->message);
  text_format(&message, " (%.*s", STR_ARGS(cause));
  uint32_t more = seen->runs - 1;
  if (more > 0) text_format(&message, "; so in %u more run%s", more, more == 1 ? "" : "s");
  text_add_char(&message, ')');
  finding->message = text_str(&message);
  if (run->at.line == seen->at.line && str_equal(run->at.file, seen->at.file)) return;
  bool is_wait = str_is(run->plan, "cancel");
  Str note = is_wait ? STR("it was cancelled while it waited here") : STR("it was started here");
  note_line(evidence, finding, &run->at, note);
}

Module *evidence_module(Arena *arena, Parser *parser, const Source *source) {
  ModuleOptions options = { .identity = { .name = STR("__main__") }, .target = { 8 } };
  return module_build(arena, parse_source(parser, source, arena), &options);
}

static Evidence evidence_open(Arena *arena, Module *module, Str path, const Sightings *sightings) {
  return (Evidence){
    .arena = arena,
    .module = module,
    .tree = &module->tree,
    .source = module->source,
    .path = path,
    .sightings = sightings,
  };
}

uint32_t evidence_line(Arena *arena, Module *module, Str path, const Sighting *seen) {
  Evidence evidence = evidence_open(arena, module, path, &(Sightings){ 0 });
  if (!str_equal(seen->at.file, path)) return 0;
  for (size_t kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++) {
    if (str_is(seen->kind, kinds[kind].kind)) kinds[kind].add(&evidence, seen);
  }
  if (evidence.findings.count == 0) return 0;
  return place_line_of(evidence.module, evidence.findings.items[0].span.start);
}

Findings evidence_of(
  Arena *arena, Parser *parser, const Source *source, Str path, const Sightings *sightings
) {
  Module *module = evidence_module(arena, parser, source);
  Evidence evidence = evidence_open(arena, module, path, sightings);
  for (size_t kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++) {
    for (uint32_t i = 0; i < sightings->count; i++) {
      const Sighting *seen = &sightings->items[i];
      if (!str_is(seen->kind, kinds[kind].kind) || !str_equal(seen->at.file, path)) continue;
      uint32_t known = evidence.findings.count;
      kinds[kind].add(&evidence, seen);
      while (known < evidence.findings.count) {
        Finding *finding = &evidence.findings.items[known++];
        name_test(arena, finding, seen);
        name_run(&evidence, finding, seen);
      }
    }
  }
  findings_sort(&evidence.findings);
  findings_complete(arena, &evidence.findings, source, source->path);
  Suppressions suppressions = suppressions_read(arena, &module->tree);
  suppressions_apply(arena, source, &suppressions, &evidence.findings, NULL);
  findings_hash_lines(arena, &evidence.findings, source);
  return evidence.findings;
}
