#include "project/run.h"

#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "lint/apply.h"
#include "lint/explain.h"
#include "lint/path_pattern.h"
#include "project/configured.h"
#include "project/discovery.h"
#include "project/identity.h"
#include "project/index.h"
#include "project/notebook_edit.h"
#include "project/pool.h"

/* For files that stay parsed between the two phases: some ten megabytes of Python. */
enum { PARSED_BYTES = 64 << 20 };

/* What came of one file. */
typedef struct {
  Str report;
  Totals totals;
  uint32_t *rule_counts; /* two numbers per rule: findings, fixable; NULL if there are none */
  Problem problem;       /* message empty: none */
  FixedFile fixed;       /* count 0: nothing was fixed */
  Offers offers;
} FileResult;

typedef struct {
  const RunRequest *request;
  Arena *arena;
  SourceFiles files;             /* those that are reported on */
  const Configured **configured; /* per file */
  ModuleIdentity *identities;    /* per file */
  const Project **projects;      /* per file */
  const ParsedFile **parsed;     /* per file; NULL: not kept */
  bool *uses_coroutines;         /* per file: although it has no word of async */
  Budget budget;                 /* for what is parsed and kept, however many files there are */
  FileResult *results;           /* per file */
  Configurations configurations;
  Str explanation;                            /* of a file that is excluded */
  Map environments;                           /* path -> index into environment_items */
  Vec(const Environment *) environment_items; /* NULL: cannot be used */
} Run;

/* The pattern that excludes the file; NULL if there is none. */
static const Str *excluding_pattern(Arena *arena, const Settings *settings, Str path) {
  if (settings->exclude.count == 0) return NULL;
  Str relative = path_relative(arena, path, settings->root);
  for (uint32_t i = 0; i < settings->exclude.count; i++) {
    if (path_fits(relative, settings->exclude.items[i])) return &settings->exclude.items[i];
  }
  return NULL;
}

static void explain_exclusion(Run *run, const SourceFile *file, Str pattern) {
  Text report = { .arena = run->arena };
  Str why = str_format(run->arena, "the pattern \"%.*s\" excludes it", STR_ARGS(pattern));
  run->request->format->exclusion(&report, file->shown, why, &run->request->report);
  run->explanation = text_str(&report);
}

/* --- the files and their projects
   -------------------------------------------------------------- */

static void take_files(Run *run, const SourceFiles *found) {
  run->configured = arena_array(run->arena, const Configured *, found->count + 1);
  for (uint32_t i = 0; i < found->count; i++) {
    SourceFile file = found->items[i];
    const Configured *configured = configured_for(&run->configurations, path_parent(file.path));
    const Str *excluding = excluding_pattern(run->arena, &configured->settings, file.path);
    if (excluding) {
      if (run->request->explained_line > 0) explain_exclusion(run, &file, *excluding);
      continue;
    }
    run->configured[run->files.count] = configured;
    vec_push(run->arena, &run->files, file);
  }
}

static const Environment *open_environment(Run *run, Str path) {
  Arena *arena = run->arena;
  Environment *environment = arena_make(arena, Environment);
  Str why;
  if (environment_open(arena, path, environment, &why)) return environment;
  Problem problem = { .path = path, .message = why };
  vec_push(arena, &run->configurations.problems, problem);
  show_relative(&run->configurations, run->configurations.problems.count - 1);
  return NULL;
}

/* The virtual environment of the first file in that project whose settings name one, or NULL. */
static const Environment *environment_of(Run *run, Str root) {
  Arena *arena = run->arena;
  for (uint32_t i = 0; i < run->files.count; i++) {
    const Settings *settings = &run->configured[i]->settings;
    if (settings->venv.len == 0 || !str_equal(run->files.items[i].root, root)) continue;
    bool is_option = run->request->overrides.venv.len > 0;
    Str base = is_option ? run->request->working_folder : settings->root;
    Str path = path_normalise(arena, path_join(arena, base, settings->venv));
    uint32_t index;
    if (!map_get(&run->environments, path, &index)) {
      index = run->environment_items.count;
      vec_push(arena, &run->environment_items, open_environment(run, path));
      map_put(arena, &run->environments, path, index);
    }
    return run->environment_items.items[index];
  }
  return NULL;
}

/* The words of the settings that apply to each file. What is wrong with the settings of files that
   nobody named is not shown. */
static const Vocabulary **vocabularies_of(Run *run, const SourceFiles *files) {
  Configurations *known = &run->configurations;
  const Vocabulary **vocabularies = arena_array(run->arena, const Vocabulary *, files->count + 1);
  uint32_t shown = known->problems.count;
  for (uint32_t i = 0; i < files->count; i++) {
    Str folder = path_parent(files->items[i].path);
    vocabularies[i] = &configured_for(known, folder)->settings.vocabulary;
  }
  known->problems.count = shown;
  return vocabularies;
}

/* The index of one project covers what is below its folder and what was named besides. */
static void index_one(Run *run, Pool *pool, Str root, FolderCache *folders) {
  Arena *arena = run->arena;
  SourceFiles all = { 0 };
  Map known = { 0 };
  for (uint32_t i = 0; i < run->files.count; i++) {
    if (!str_equal(run->files.items[i].root, root)) continue;
    map_add(arena, &known, run->files.items[i].path, 0);
    vec_push(arena, &all, run->files.items[i]);
  }
  uint32_t reported = all.count;
  SourceFiles below = { 0 };
  discover_project(arena, root, &below);
  for (uint32_t i = 0; i < below.count; i++) {
    if (map_add(arena, &known, below.items[i].path, 0)) vec_push(arena, &all, below.items[i]);
  }
  ModuleIdentity *identities = arena_array(arena, ModuleIdentity, all.count + 1);
  for (uint32_t i = 0; i < all.count; i++) {
    identities[i] = module_identity(arena, folders, all.items[i].path, root);
  }
  ParsedFiles parsed = {
    .items = arena_array(arena, const ParsedFile *, reported + 1),
    .uses_coroutines = arena_array(arena, bool, reported + 1),
    .count = reported,
    .budget = &run->budget,
  };
  const Overlays *overlays = &run->request->overlays;
  const Library *library =
    index_library(arena, pool, &all, identities, overlays, environment_of(run, root));
  IndexInput input = { &all, identities, vocabularies_of(run, &all), overlays, library };
  const Project *project = index_project(arena, pool, &input, &parsed);

  uint32_t next = 0;
  for (uint32_t i = 0; i < run->files.count; i++) {
    if (!str_equal(run->files.items[i].root, root)) continue;
    run->parsed[i] = parsed.items[next];
    run->uses_coroutines[i] = parsed.uses_coroutines[next];
    run->identities[i] = identities[next++];
    run->projects[i] = project;
  }
}

static void index_projects(Run *run, Pool *pool) {
  run->identities = arena_array(run->arena, ModuleIdentity, run->files.count + 1);
  run->projects = arena_array(run->arena, const Project *, run->files.count + 1);
  run->parsed = arena_array(run->arena, const ParsedFile *, run->files.count + 1);
  run->uses_coroutines = arena_array(run->arena, bool, run->files.count + 1);
  run->budget.left = PARSED_BYTES;
  FolderCache folders = { 0 };
  Map done = { 0 };
  for (uint32_t i = 0; i < run->files.count; i++) {
    if (map_add(run->arena, &done, run->files.items[i].root, 0)) {
      index_one(run, pool, run->files.items[i].root, &folders);
    }
  }
}

/* --- the rules
   --------------------------------------------------------------------------------- */

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

/* The file as it was parsed in the first phase, or read now; false if it cannot be read, or is not
   worth it. */
static bool open_source(const Run *run, uint32_t item, Worker *worker, Source *source) {
  const SourceFile *file = &run->files.items[item];
  const Linter *linter = run->configured[item]->linter;
  bool is_wanted = run->request->explained_line > 0 || run->uses_coroutines[item];
  if (run->parsed[item]) {
    *source = run->parsed[item]->source;
    return is_wanted || linter_wants(linter, source->text);
  }
  SourceText read;
  Problem problem;
  if (!source_text_read(worker->arena, file, &run->request->overlays, &read, &problem)) {
    problem.message = str_copy(worker->keep, problem.message);
    run->results[item].problem = problem;
    return false;
  }
  if (!is_wanted && !linter_wants(linter, read.text)) return false;
  *source = source_text_build(worker->arena, file, &read);
  return true;
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
    result->problem = (Problem){ .path = run->files.items[item].shown, .message = why };
    return;
  }
  Explanation explanation =
    explain_line(run->configured[item]->linter, input, line, worker->parser, worker->arena);
  Text report = { .arena = worker->arena };
  run->request->format->explanation(&report, source, &explanation, &run->request->report);
  result->report = str_copy(worker->keep, text_str(&report));
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
  if (!source_text_read(arena, file, &run->request->overlays, &read, &problem)) return false;
  if (!str_equal(read.text, before->source.text)) return false;
  before->text = read.written;
  if (!notebook_edit(arena, read.written, &read.source, &fixed->edits, &after->text)) return false;
  Overlays edited = { 0 };
  overlays_put(arena, &edited, file->path, after->text);
  if (!source_text_read(arena, file, &edited, &read, &problem)) return false;
  after->source = read.source;
  return str_equal(read.text, fixed->text);
}

/* Makes the fixes, unless they would leave less of the file that can be parsed. */
static void fix_one(
  const Run *run, uint32_t item, const Source *source, const Findings *findings, Worker *worker
) {
  const SourceFile *file = &run->files.items[item];
  FileResult *result = &run->results[item];
  Fixed fixed = fixes_apply(worker->arena, findings, run->request->boldest_fix, source->text);
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

static void lint_one(void *state, uint32_t item, Worker *worker) {
  Run *run = state;
  FileResult *result = &run->results[item];
  const SourceFile *file = &run->files.items[item];
  const Configured *configured = run->configured[item];
  bool is_explained = run->request->explained_line > 0;
  Source source;
  if (!open_source(run, item, worker, &source)) return;
  const Tree *tree = run->parsed[item] ? &run->parsed[item]->tree : NULL;
  LintInput input = {
    .source = &source,
    .tree = tree,
    .identity = run->identities[item],
    .relative_path = path_relative(worker->arena, file->path, configured->settings.root),
    .target_minor = configured->settings.target_minor,
    .project = run->projects[item],
    .uses_coroutines = run->uses_coroutines[item],
  };
  if (is_explained) {
    explain_one(run, item, &input, worker);
    return;
  }
  Findings findings = lint_source(configured->linter, &input, worker->parser, worker->arena);
  if (findings.count == 0) return;
  fix_one(run, item, &source, &findings, worker);
  if (source.cell_count == 0) {
    offers_take(worker->keep, &source, &findings, run->request->boldest_offer, &result->offers);
  }
  Text report = { .arena = worker->arena };
  run->request->format->file(&report, &source, &findings, &run->request->report);
  result->report = str_copy(worker->keep, text_str(&report));
  totals_add(&result->totals, &findings);
  count_rules(result, &findings, worker->keep);
}

/* --- putting the parts together
   ---------------------------------------------------------------- */

static void add_totals(Totals *sum, const Totals *part) {
  sum->files_with_findings += part->files_with_findings;
  sum->fixable_safe += part->fixable_safe;
  sum->fixable_unsafe += part->fixable_unsafe;
  for (int i = 0; i <= SEVERITY_INFO; i++) sum->by_severity[i] += part->by_severity[i];
}

static void take_problem(Run *run, const FileResult *part) {
  if (part->problem.message.len == 0) return;
  Problem problem = part->problem;
  problem.message = str_copy(run->arena, problem.message);
  vec_push(run->arena, &run->configurations.problems, problem);
}

static void take_fixed(const Run *run, uint32_t item, FixedFiles *files) {
  FixedFile fixed = run->results[item].fixed;
  if (fixed.count == 0) return;
  fixed.path = run->files.items[item].path;
  fixed.shown = run->files.items[item].shown;
  fixed.before = str_copy(run->arena, fixed.before);
  fixed.after = str_copy(run->arena, fixed.after);
  vec_push(run->arena, files, fixed);
}

static void take_offers(const Run *run, uint32_t item, Offers *offers) {
  const Offers *own = &run->results[item].offers;
  for (uint32_t i = 0; i < own->count; i++) {
    Offer offer = own->items[i];
    offer.path = run->files.items[item].path;
    offer.shown = run->files.items[item].shown;
    offer.root = run->files.items[item].root;
    offer.target_minor = run->configured[item]->settings.target_minor;
    vec_push(run->arena, offers, offer_copy(run->arena, &offer));
  }
}

/* The explanation of the one file is a document of its own. */
static RunResult assemble_explanation(Run *run) {
  RunResult result = { .report = run->explanation };
  for (uint32_t i = 0; i < run->files.count; i++) {
    take_problem(run, &run->results[i]);
    result.report = str_copy(run->arena, run->results[i].report);
  }
  result.problems = run->configurations.problems;
  return result;
}

static RunResult assemble(Run *run) {
  const ReportFormat *format = run->request->format;
  RunResult result = { .rules = arena_array(run->arena, RuleCount, rule_entry_count + 1) };
  for (uint32_t i = 0; i < rule_entry_count; i++) result.rules[i].rule = rule_entries[i].rule;
  Text report = { .arena = run->arena };
  format->begin(&report, &run->request->report);
  bool has_part = false;
  for (uint32_t i = 0; i < run->files.count; i++) {
    const FileResult *part = &run->results[i];
    take_problem(run, part);
    take_fixed(run, i, &result.fixed);
    take_offers(run, i, &result.offers);
    if (part->report.len == 0) continue;
    if (has_part) text_add(&report, str_from(format->separator));
    text_add(&report, part->report);
    has_part = true;
    add_totals(&result.totals, &part->totals);
    for (uint32_t rule = 0; rule < rule_entry_count; rule++) {
      result.rules[rule].findings += part->rule_counts[rule * 2];
      result.rules[rule].fixable += part->rule_counts[rule * 2 + 1];
    }
  }
  result.totals.files = run->files.count;
  format->end(&report, &result.totals, &run->configurations.problems, &run->request->report);
  result.report = text_str(&report);
  result.problems = run->configurations.problems;
  return result;
}

RunResult run_check(const RunRequest *request, Arena *arena) {
  Run run = {
    .request = request,
    .arena = arena,
    .configurations = { .arena = arena,
                        .working_folder = request->working_folder,
                        .is_isolated = request->is_isolated,
                        .overrides = &request->overrides },
  };
  check_overrides(&run.configurations);
  SourceFiles found = { 0 };
  if (request->has_stdin) {
    Str path =
      path_normalise(arena, path_join(arena, request->working_folder, request->stdin_path));
    Str root = project_folder(arena, path_parent(path));
    vec_push(arena, &found, (SourceFile){ path, request->stdin_path, root });
  } else {
    found = discover(arena, &request->names, request->working_folder, &run.configurations.problems);
  }
  take_files(&run, &found);

  Pool *pool = pool_new(request->threads);
  index_projects(&run, pool);
  run.results = arena_array(arena, FileResult, run.files.count + 1);
  pool_run(pool, run.files.count, lint_one, &run);
  RunResult result = request->explained_line > 0 ? assemble_explanation(&run) : assemble(&run);
  pool_free(pool);
  return result;
}
