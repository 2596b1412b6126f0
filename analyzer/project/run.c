#include "project/run.h"

#include "base/file.h"
#include "base/path.h"
#include "lint/apply.h"
#include "lint/explain.h"
#include "lint/suppress.h"
#include "lint/suppress_edit.h"
#include "project/notebook_edit.h"
#include "project/ruff_external.h"
#include "project/survey.h"

/* What came of one file. */
typedef struct {
  Str *reports; /* one for each that is asked for; NULL: all are empty */
  Str explanation;
  Totals totals;
  uint32_t *rule_counts; /* two numbers per rule: findings, fixable; NULL if there are none */
  Problem problem;       /* message empty: none */
  FixedFile fixed;       /* count 0: nothing was fixed */
  Offers offers;
  bool has_own_noqa;
} FileResult;

typedef struct {
  const RunRequest *request;
  Arena *arena;
  Survey survey;
  Gate *gate;
  FileResult *results; /* per file */
  Str explanation;     /* of a file that is excluded */
} Run;

/* Why there is nothing to explain: the one file is excluded. */
static void explain_exclusion(Run *run) {
  if (run->survey.excluded.count == 0) return;
  const ExcludedFile *excluded = &run->survey.excluded.items[0];
  Text report = { .arena = run->arena };
  Str why = str_format(run->arena, "the pattern \"%.*s\" excludes it", STR_ARGS(excluded->pattern));
  const Report *wanted = &run->request->reports.items[0];
  wanted->format->exclusion(&report, excluded->file.shown, why, &wanted->options);
  run->explanation = text_str(&report);
}

/* --- the rules ------------------------------------------------------------------------------- */

static uint32_t rule_index(const Rule *rule) {
  uint32_t index = 0;
  while (rule_entries[index].rule != rule) index++;
  return index;
}

static void count_rules(FileResult *result, const Findings *findings, Arena *keep) {
  result->rule_counts = arena_array(keep, uint32_t, rule_entry_count * 2);
  for (uint32_t i = 0; i < findings->count; i++) {
    uint32_t index = rule_index(findings->items[i].rule);
    result->rule_counts[index * 2]++;
    result->rule_counts[index * 2 + 1] += findings->items[i].fix.applicability != FIX_NONE;
  }
}

/* As people count: what stands behind the last line ending is a line only if it holds anything. */
static uint32_t count_lines(const Source *source) {
  bool has_empty_end = source_line(source, source->line_count).len == 0 && source->line_count > 1;
  return source->line_count - has_empty_end;
}

static void explain_one(const Run *run, uint32_t item, const LintInput *input, Worker *worker) {
  FileResult *result = &run->results[item];
  const Source *source = input->source;
  uint32_t asked = run->request->explained_line, cell = run->request->explained_cell;
  uint32_t line = source_line_in(source, cell, asked), count = count_lines(source);
  if (line == 0 || line > count) {
    bool is_notebook = source->cell_count > 0;
    Str why = is_notebook && cell == 0
      ? STR("a notebook's line is named with its cell, as in a.ipynb:cell 3:42")
      : cell > 0 ? str_format(worker->keep, "there is no line %u in a code cell %u", asked, cell)
                 : str_format(worker->keep, "there is no line %u, the file has %u", asked, count);
    result->problem = (Problem){ .path = run->survey.files.items[item].shown, .message = why };
    return;
  }
  Explanation explanation =
    explain_line(run->survey.configured[item]->linter, input, line, worker->parser, worker->arena);
  const Report *wanted = &run->request->reports.items[0];
  Text report = { .arena = worker->arena };
  wanted->format->explanation(&report, source, &explanation, &wanted->options);
  result->explanation = str_copy(worker->keep, text_str(&report));
}

static uint32_t error_bytes(const Source *source, Worker *worker) {
  return parse_source(worker->parser, source, worker->arena).error_bytes;
}

/* A file before and after its fixes. */
typedef struct {
  Str text; /* as it stands on disk */
  Source source;
} Version;

/* Brings the fixes of a notebook's cells into its JSON; false if it is no longer what was linted. */
static bool fix_notebook(
  const Run *run,
  const SourceFile *file,
  const Fixed *fixed,
  Version *before,
  Version *after,
  Worker *worker
) {
  Arena *arena = worker->arena;
  SourceText read;
  Problem problem;
  if (!source_text_read(arena, file, run->survey.overlays, &read, &problem)) return false;
  if (!str_equal(read.text, before->source.text)) return false;
  before->text = read.written;
  if (!notebook_edit(arena, read.written, &read.source, &fixed->edits, &after->text)) return false;
  Overlays edited = { 0 };
  overlays_put(arena, &edited, file->path, (Overlay){ .text = after->text });
  if (!source_text_read(arena, file, &edited, &read, &problem)) return false;
  after->source = read.source;
  return str_equal(read.text, fixed->text);
}

/* Comments in the place of fixes; findings about comments stay. */
static Fixed
suppress(const Run *run, const LintInput *input, const Findings *findings, Worker *worker) {
  Arena *arena = worker->arena;
  Tree tree = input->tree ? *input->tree : parse_source(worker->parser, input->source, arena);
  Fixed fixed = { .text = input->source->text };
  fixed.edits = suppressions_add(arena, &tree, findings, run->request->suppression_reason);
  bool is_applied =
    fixed.edits.count > 0 && edits_apply(arena, input->source->text, &fixed.edits, &fixed.text);
  for (uint32_t i = 0; i < findings->count && is_applied; i++) {
    fixed.count += !rule_is_about_suppressions(findings->items[i].rule);
  }
  return fixed;
}

static Fixed
fixes_of(const Run *run, const LintInput *input, const Findings *findings, Worker *worker) {
  if (run->request->adds_suppressions) return suppress(run, input, findings, worker);
  return fixes_apply(worker->arena, findings, run->request->boldest_fix, input->source->text);
}

/* Makes the fixes, unless they would leave less of the file that can be parsed. */
static void fix_one(
  const Run *run, uint32_t item, const LintInput *input, const Findings *findings, Worker *worker
) {
  const SourceFile *file = &run->survey.files.items[item];
  const Source *source = input->source;
  FileResult *result = &run->results[item];
  Fixed fixed = fixes_of(run, input, findings, worker);
  if (fixed.count == 0) return;
  Version before = { .text = source->text, .source = *source }, after = { .text = fixed.text };
  if (source->cell_count == 0) {
    after.source = source_build(worker->arena, file->shown, fixed.text);
  } else if (!fix_notebook(run, file, &fixed, &before, &after, worker)) {
    Str why = STR("is not fixed: its cells could not be brought back into the notebook");
    result->problem = (Problem){ .path = file->shown, .message = why };
    return;
  }
  uint32_t errors = error_bytes(&after.source, worker);
  uint32_t errors_before = errors > 0 ? error_bytes(source, worker) : 0;
  if (errors > errors_before) {
    Str why = errors_before > 0
      ? STR("is not fixed: mend its syntax error first")
      : STR("is not fixed: with its fixes it could not be parsed, which is a fault of awry");
    result->problem = (Problem){ .path = file->shown, .message = why };
    return;
  }
  result->fixed = (FixedFile){
    .before = str_copy(worker->keep, before.text),
    .after = str_copy(worker->keep, after.text),
    .count = fixed.count,
  };
}

static bool has_suppressed(const Report *report) {
  return report->format->has_suppressed && !report->options.omits_suppressed;
}

/* Renders the file to each of the reports that have something to say of it. */
static void report_one(const Run *run, uint32_t item, const FileReport *file, Worker *worker) {
  const Reports *wanted = &run->request->reports;
  FileResult *result = &run->results[item];
  result->reports = arena_array(worker->keep, Str, wanted->count + 1);
  for (uint32_t i = 0; i < wanted->count; i++) {
    const ReportFormat *format = wanted->items[i].format;
    uint32_t suppressed = has_suppressed(&wanted->items[i]) ? file->suppressed->count : 0;
    if (file->findings->count + suppressed == 0) continue;
    Text report = { .arena = worker->arena };
    FileReport part = *file;
    if (!has_suppressed(&wanted->items[i])) part.suppressed = NULL;
    format->file(&report, &part, &wanted->items[i].options);
    result->reports[i] = str_copy(worker->keep, text_str(&report));
  }
}

static void note_unread(Run *run, uint32_t item, Problem problem, Worker *worker) {
  problem.message = str_copy(worker->keep, problem.message);
  run->results[item].problem = problem;
  gate_miss(run->gate, item);
}

static void explain_item(Run *run, uint32_t item, Worker *worker) {
  ParsedFile parsed;
  Problem problem;
  SurveyOpened opened = survey_open(&run->survey, item, true, worker, &parsed, &problem);
  if (opened == SURVEY_UNREADABLE) note_unread(run, item, problem, worker);
  if (opened != SURVEY_OPENED) return;
  LintInput input = survey_input(&run->survey, item, &parsed, worker->arena);
  explain_one(run, item, &input, worker);
}

static void report_linted(Run *run, uint32_t item, Linted *linted, Worker *worker) {
  FileResult *result = &run->results[item];
  const Source *source = &linted->file.source;
  Findings *findings = &linted->findings, *suppressed = &linted->suppressed;
  uint32_t by_comments = suppressed->count;
  result->has_own_noqa = has_own_noqa(source->text);
  gate_apply(run->gate, item, &linted->input, worker, findings, suppressed);
  if (findings->count + suppressed->count == 0) return;
  fix_one(run, item, &linted->input, findings, worker);
  if (source->cell_count == 0) {
    offers_take(worker->keep, source, findings, run->request->boldest_offer, &result->offers);
  }
  FileReport file = { .source = source,
                      .findings = findings,
                      .suppressed = suppressed,
                      .has_baseline = gate_has_baseline(run->gate, item) };
  report_one(run, item, &file, worker);
  totals_add(&result->totals, findings);
  result->totals.in_baseline = suppressed->count - by_comments;
  FailOn fail_on = run->survey.configured[item]->settings.fail_on;
  result->totals.failing = count_failing(findings, fail_on);
  count_rules(result, findings, worker->keep);
}

static void lint_one(void *state, uint32_t item, Worker *worker) {
  Run *run = state;
  Linted linted;
  Problem problem;
  if (run->request->explained_line > 0) {
    explain_item(run, item, worker);
    return;
  }
  SurveyOpened opened = survey_lint(&run->survey, item, worker, &linted, &problem);
  if (opened == SURVEY_UNREADABLE) note_unread(run, item, problem, worker);
  if (opened == SURVEY_OPENED) report_linted(run, item, &linted, worker);
}

/* The files that are to be linted once more. */
typedef struct {
  Run *run;
  Items items;
} Again;

static void lint_again(void *state, uint32_t i, Worker *worker) {
  const Again *again = state;
  uint32_t item = again->items.items[i];
  again->run->results[item] = (FileResult){ 0 };
  lint_one(again->run, item, worker);
}

static void lint_all(Run *run, Pool *pool) {
  PoolProgress *progress = run->request->progress;
  pool_tell(pool, progress, "read");
  survey_index(&run->survey, pool);
  gate_index(run->gate, pool);
  pool_tell(pool, progress, "checked");
  pool_run(pool, run->survey.files.count, lint_one, run);
  Again again = { .run = run, .items = gate_settle(run->gate) };
  pool_run(pool, again.items.count, lint_again, &again);
}

/* --- putting the parts together -------------------------------------------------------------- */

static void add_totals(Totals *sum, const Totals *part) {
  sum->files_with_findings += part->files_with_findings;
  sum->fixable_safe += part->fixable_safe;
  sum->fixable_unsafe += part->fixable_unsafe;
  sum->failing += part->failing;
  sum->in_baseline += part->in_baseline;
  for (int i = 0; i <= SEVERITY_INFO; i++) sum->by_severity[i] += part->by_severity[i];
}

static void take_problem(Run *run, const FileResult *part) {
  if (part->problem.message.len == 0) return;
  Problem problem = part->problem;
  problem.message = str_copy(run->arena, problem.message);
  vec_push(run->arena, &run->survey.configurations.problems, problem);
}

static void take_fixed(const Run *run, uint32_t item, FixedFiles *files) {
  FixedFile fixed = run->results[item].fixed;
  if (fixed.count == 0) return;
  fixed.path = run->survey.files.items[item].path;
  fixed.shown = run->survey.files.items[item].shown;
  fixed.before = str_copy(run->arena, fixed.before);
  fixed.after = str_copy(run->arena, fixed.after);
  vec_push(run->arena, files, fixed);
}

static void take_offers(const Run *run, uint32_t item, Offers *offers) {
  const Offers *own = &run->results[item].offers;
  for (uint32_t i = 0; i < own->count; i++) {
    Offer offer = own->items[i];
    offer.path = run->survey.files.items[item].path;
    offer.shown = run->survey.files.items[item].shown;
    offer.root = run->survey.files.items[item].root;
    offer.target_minor = run->survey.configured[item]->settings.target_minor;
    vec_push(run->arena, offers, offer_copy(run->arena, &offer));
  }
}

/* The explanation of the one file is a document of its own. */
static RunResult assemble_explanation(Run *run) {
  Str explanation = run->explanation;
  for (uint32_t i = 0; i < run->survey.files.count; i++) {
    take_problem(run, &run->results[i]);
    explanation = str_copy(run->arena, run->results[i].explanation);
  }
  RunResult result = { .problems = run->survey.configurations.problems };
  result.reports = arena_array(run->arena, Str, 1);
  result.reports[0] = explanation;
  return result;
}

static Str assemble_report(const Run *run, uint32_t index, const RunResult *result) {
  const Report *wanted = &run->request->reports.items[index];
  Strs parts = { 0 };
  for (uint32_t i = 0; i < run->survey.files.count; i++) {
    const Str *own = run->results[i].reports;
    if (own) vec_push(run->arena, &parts, own[index]);
  }
  return report_document(run->arena, wanted, &parts, &result->totals, &result->problems);
}

/* The named folders, of which the run sees every file. */
static Strs covered_folders(const Run *run) {
  const RunRequest *request = run->request;
  Strs folders = { 0 };
  for (uint32_t i = 0; i < request->names.count && !request->has_stdin; i++) {
    Str joined = path_join(run->arena, request->working_folder, request->names.items[i]);
    Str path = path_normalise(run->arena, joined);
    FileFacts facts;
    bool is_folder = file_facts(path, &facts) == FILE_OK && facts.kind == FILE_KIND_DIRECTORY;
    if (is_folder) vec_push(run->arena, &folders, path);
  }
  return folders;
}

static RunResult assemble(Run *run) {
  uint32_t report_count = run->request->reports.count;
  RunResult result = { .rules = arena_array(run->arena, RuleCount, rule_entry_count + 1) };
  for (uint32_t i = 0; i < rule_entry_count; i++) result.rules[i].rule = rule_entries[i].rule;
  for (uint32_t i = 0; i < run->survey.files.count; i++) {
    const FileResult *part = &run->results[i];
    take_problem(run, part);
    if (part->has_own_noqa && result.own_noqa.len == 0)
      result.own_noqa = run->survey.files.items[i].path;
    take_fixed(run, i, &result.fixed);
    take_offers(run, i, &result.offers);
    if (!part->rule_counts) continue;
    add_totals(&result.totals, &part->totals);
    for (uint32_t rule = 0; rule < rule_entry_count; rule++) {
      result.rules[rule].findings += part->rule_counts[rule * 2];
      result.rules[rule].fixable += part->rule_counts[rule * 2 + 1];
    }
  }
  Strs folders = covered_folders(run);
  if (run->gate != NULL) result.gate = gate_close(run->gate, &folders);
  result.totals.gone = result.gate.gone;
  result.totals.files = run->survey.files.count;
  result.problems = run->survey.configurations.problems;
  result.reports = arena_array(run->arena, Str, report_count + 1);
  for (uint32_t i = 0; i < report_count; i++) result.reports[i] = assemble_report(run, i, &result);
  return result;
}

static SourceFiles find_files(Run *run) {
  const RunRequest *request = run->request;
  Arena *arena = run->arena;
  SourceFiles found = { 0 };
  if (!request->has_stdin) {
    Problems *problems = &run->survey.configurations.problems;
    found = discover(arena, &request->names, request->working_folder, problems);
    /* An explanation names its file only to say which one: it tells what holds for everybody. */
    if (request->explained_line > 0 && found.count > 0) found.items[0].is_named = false;
    return found;
  }
  vec_push(arena, &found, discover_text(arena, request->stdin_path, request->working_folder));
  return found;
}

RunResult run_check(const RunRequest *request, Arena *arena) {
  Run run = {
    .request = request,
    .arena = arena,
    .survey = {
      .arena = arena,
      .overlays = &request->overlays,
      .build = request->build,
      .parsed_bytes = SURVEY_PARSED_BYTES,
      .configurations = { .arena = arena,
                          .working_folder = request->working_folder,
                          .choice = request->settings,
                          .overrides = &request->overrides },
    },
  };
  check_overrides(&run.survey.configurations);
  SourceFiles found = find_files(&run);
  survey_take(&run.survey, &found);
  if (request->explained_line > 0) explain_exclusion(&run);

  /* An explanation tells what holds before anything is left out. */
  GateRequest no_gate = { .aim = BASELINE_IGNORED };
  bool is_explained = request->explained_line > 0;
  run.gate = gate_open(arena, is_explained ? &no_gate : &request->gate, &run.survey);
  if (run.gate == NULL) run.survey.files.count = 0;
  run.results = arena_array(arena, FileResult, run.survey.files.count + 1);
  Pool *pool = pool_new(request->threads);
  pool_watch(pool, request->is_unwanted);
  if (run.gate != NULL) {
    lint_all(&run, pool);
    survey_save(&run.survey);
  }
  RunResult result = is_explained ? assemble_explanation(&run) : assemble(&run);
  pool_free(pool);
  return result;
}
