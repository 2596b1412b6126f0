#include "project/look.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/path.h"
#include "lint/findings.h"
#include "project/gate.h"
#include "project/project_folder.h"
#include "project/renewal.h"
#include "project/shared_work.h"

struct Look {
  Arena *memory;
  Pool *pool;
  Survey survey;
  Gate *gate; /* of the baselines that settings name; NULL: one of them cannot be had */
  bool is_whole;
  Strs named;           /* that were not found */
  Map unborn;           /* those of them that were no files; path -> 0 */
  Map items;            /* path of a file that is reported on -> its number */
  Map excluded;         /* paths */
  Problems problems;    /* that concern all files */
  uint64_t *identities; /* per file, as it was linted last; 0: it may have changed since */
};

/* --- looking ---------------------------------------------------------------------------------- */

/* As somebody would name the file who works in the folder. */
static void add_file(Look *look, Str path, Str root, Map *known, SourceFiles *files) {
  Str folder = look->survey.configurations.working_folder;
  if (!map_add(look->memory, known, path, 0)) return;
  Str shown = path_is_inside(path, folder) ? path_relative(look->memory, path, folder) : path;
  vec_push(look->memory, files, (SourceFile){ .path = path, .shown = shown, .root = root });
}

/* Outside of projects a folder that is looked at as a whole stands for one: see discover. */
static Str root_of_named(const Look *look, Str path) {
  Str folder = look->survey.configurations.working_folder;
  Str root = project_folder(look->memory, path_parent(path));
  bool is_below = look->is_whole && path_is_inside(path, folder);
  return is_below && !is_project_folder(look->memory, root) ? folder : root;
}

static SourceFiles find_files(Look *look, const Strs *named) {
  Arena *arena = look->memory;
  Str folder = look->survey.configurations.working_folder;
  SourceFiles files = { 0 };
  Map known = { 0 };
  if (look->is_whole) {
    Strs names = { 0 };
    Problems unused = { 0 };
    vec_push(arena, &names, folder);
    SourceFiles found = discover(arena, &names, folder, &unused);
    for (uint32_t i = 0; i < found.count; i++)
      add_file(look, found.items[i].path, found.items[i].root, &known, &files);
  }
  uint32_t found_count = files.count;
  for (uint32_t i = 0; i < named->count; i++) {
    Str path = str_copy(arena, named->items[i]);
    add_file(look, path, root_of_named(look, path), &known, &files);
  }
  for (uint32_t i = found_count; i < files.count; i++) {
    FileFacts facts;
    Str path = files.items[i].path;
    vec_push(arena, &look->named, path);
    if (file_facts(path, &facts) != FILE_OK) map_put(arena, &look->unborn, path, 0);
  }
  return files;
}

static void take_problems(Look *look, const Problems *problems) {
  for (uint32_t i = 0; i < problems->count; i++)
    vec_push(look->memory, &look->problems, problems->items[i]);
}

/* Baselines hold as `awry check` would have it, but that no renamed file is followed: that takes the
   findings of all files. */
static void open_gate(Look *look) {
  static const GateRequest as_settings_say = { .aim = BASELINE_APPLIED };
  Problems *problems = &look->survey.configurations.problems;
  uint32_t first = problems->count;
  look->gate = gate_open(look->memory, &as_settings_say, &look->survey);
  if (look->gate != NULL) gate_settle(look->gate);
  for (uint32_t i = first; i < problems->count; i++)
    vec_push(look->memory, &look->problems, problems->items[i]);
}

static const Settings *overrides_of(Arena *arena, const LookOptions *options) {
  Settings *overrides = arena_make(arena, Settings);
  *overrides = *options->overrides;
  if (overrides->cache_folder.len == 0) overrides->cache_folder = options->cache_folder;
  return overrides;
}

Look *look_at(const LookOptions *options, const Strs *named) {
  Arena *memory = arena_new();
  Look *look = arena_make(memory, Look);
  Survey *survey = &look->survey;
  look->memory = memory;
  look->pool = pool_new(options->threads);
  pool_watch(look->pool, options->is_ending);
  look->is_whole = options->is_whole;
  survey->arena = memory;
  survey->overlays = options->overlays;
  survey->build = options->build;
  survey->configurations = (Configurations){
    .arena = memory,
    .working_folder = str_copy(memory, options->folder),
    .choice = options->settings,
    .overrides = overrides_of(memory, options),
  };
  check_overrides(&survey->configurations);
  take_problems(look, &survey->configurations.problems);
  SourceFiles files = find_files(look, named);
  survey_take(survey, &files);
  open_gate(look);
  survey_index(survey, look->pool);
  survey_save(survey);
  renewal_begin(survey);
  if (options->is_ending && atomic_load(options->is_ending)) {
    look_free(look);
    return NULL;
  }
  take_problems(look, &survey->environment_problems);
  look->identities = arena_array(memory, uint64_t, survey->files.count + 1);
  for (uint32_t i = 0; i < survey->files.count; i++)
    map_put(memory, &look->items, survey->files.items[i].path, i);
  for (uint32_t i = 0; i < survey->excluded.count; i++)
    map_put(memory, &look->excluded, survey->excluded.items[i].file.path, i);
  return look;
}

void look_free(Look *look) {
  if (look == NULL) return;
  renewal_free(&look->survey);
  pool_free(look->pool);
  arena_free(look->memory);
}

size_t look_bytes(const Look *look) {
  return arena_bytes(look->memory) + pool_bytes(look->pool) + renewal_bytes(&look->survey);
}

Str look_folder(const Look *look) { return look->survey.configurations.working_folder; }

const Strs *look_named(const Look *look) { return &look->named; }

void look_found(const Look *look, Arena *arena, Strs *paths) {
  for (uint32_t i = 0; i < look->survey.files.count; i++) {
    Str path = look->survey.files.items[i].path;
    bool is_named = false;
    for (uint32_t k = 0; k < look->named.count && !is_named; k++)
      is_named = str_equal(look->named.items[k], path);
    if (!is_named) vec_push(arena, paths, str_copy(arena, path));
  }
}

/* --- changes ---------------------------------------------------------------------------------- */

bool look_knows(const Look *look, Str path) {
  return map_has(&look->items, path) || map_has(&look->excluded, path);
}

void look_settings(const Look *look, Arena *arena, Strs *paths) {
  const Configurations *known = &look->survey.configurations;
  for (uint32_t i = 0; i < known->all.count; i++) {
    const Strs *files = &known->all.items[i]->settings.files;
    for (uint32_t k = 0; k < files->count; k++) vec_push(arena, paths, files->items[k]);
  }
}

bool look_is_configured_by(const Look *look, Str path) {
  Arena *scratch = arena_new();
  Strs files = { 0 };
  bool is_found = false;
  look_settings(look, scratch, &files);
  for (uint32_t i = 0; i < files.count && !is_found; i++)
    is_found = str_equal(files.items[i], path);
  arena_free(scratch);
  return is_found;
}

static bool is_configured_as_before(const Look *look) {
  const Configurations *known = &look->survey.configurations;
  for (uint32_t i = 0; i < known->all.count; i++) {
    if (!configured_is_current(known->all.items[i])) return false;
  }
  return true;
}

bool look_missed(const Look *look, Str path) {
  FileFacts facts;
  return map_has(&look->unborn, path) && file_facts(path, &facts) == FILE_OK;
}

bool look_note(Look *look, Str path) {
  uint32_t item;
  if (map_get(&look->items, path, &item)) look->identities[item] = 0;
  return renewal_note(&look->survey, path);
}

bool look_renew(Look *look, Worker *worker) {
  if (!is_configured_as_before(look)) return false;
  if (look->gate != NULL && !gate_is_current(look->gate)) return false;
  Renewed renewed = renewal_run(&look->survey, look->pool, worker);
  if (renewed == RENEWAL_PROJECT) {
    for (uint32_t i = 0; i < look->survey.files.count; i++) look->identities[i] = 0;
  }
  return renewed != RENEWAL_IMPOSSIBLE;
}

/* --- results ---------------------------------------------------------------------------------- */

/* Never 0. */
static uint64_t identity_of(const WorkspaceResult *result) {
  Digest digest = digest_begin();
  findings_digest(&digest, &result->findings);
  for (uint32_t i = 0; i < result->problems.count; i++) {
    const Problem *problem = &result->problems.items[i];
    digest_str(&digest, problem->path);
    digest_number(&digest, problem->position.line);
    digest_number(&digest, problem->position.column);
    digest_str(&digest, problem->message);
  }
  digest_number(&digest, result->is_excluded);
  uint64_t identity = digest_end(&digest);
  return identity ? identity : 1;
}

static void add_problems(Arena *arena, Problems *all, const Problems *more) {
  for (uint32_t i = 0; i < more->count; i++) vec_push(arena, all, more->items[i]);
}

static Findings lint_opened(
  const Look *look, const Linter *linter, const LintInput *input, Worker *worker, bool is_alone
) {
  Findings findings;
  if (is_alone && shared_lint(look->pool, linter, input, worker->arena, &findings)) return findings;
  return lint_source(linter, input, worker->parser, worker->arena);
}

static void
lint_item(const Look *look, uint32_t item, bool is_alone, Worker *worker, WorkspaceResult *result) {
  const Survey *survey = &look->survey;
  const Configured *configured = survey->configured[item];
  result->target_minor = configured->settings.target_minor;
  add_problems(worker->arena, &result->problems, &configured->problems);
  Problem problem;
  ParsedFile *file = arena_make(worker->arena, ParsedFile);
  SurveyOpened opened = survey_open(survey, item, false, worker, file, &problem);
  if (opened == SURVEY_UNREADABLE) vec_push(worker->arena, &result->problems, problem);
  if (opened != SURVEY_OPENED) return;
  result->source = &file->source;
  LintInput input = survey_input(survey, item, file, worker->arena);
  input.omits_line_hashes = look->gate == NULL || gate_lets_all_pass(look->gate);
  if (!survey_recall(survey, item, worker, &input, &result->findings))
    result->findings = lint_opened(look, configured->linter, &input, worker, is_alone);
  Findings known = { 0 };
  if (look->gate != NULL) gate_apply(look->gate, item, &input, worker, &result->findings, &known);
}

/* is_alone: the pool has nothing else to do. */
static void
lint_path(Look *look, Str path, bool is_alone, Worker *worker, WorkspaceResult *result) {
  uint32_t item;
  *result = (WorkspaceResult){ .folder = look_folder(look) };
  add_problems(worker->arena, &result->problems, &look->problems);
  if (map_get(&look->items, path, &item)) {
    lint_item(look, item, is_alone, worker, result);
    result->identity = look->identities[item] = identity_of(result);
  } else {
    result->is_excluded = true;
    result->identity = identity_of(result);
  }
}

void look_lint(Look *look, Str path, Worker *worker, WorkspaceResult *result) {
  lint_path(look, path, true, worker, result);
}

void look_lint_beside(Look *look, Str path, Worker *worker, WorkspaceResult *result) {
  lint_path(look, path, false, worker, result);
}

bool look_is_current(const Look *look, Str path, uint64_t identity) {
  uint32_t item;
  return map_get(&look->items, path, &item) && look->identities[item] == identity;
}

void look_share(Look *look, uint32_t count, PoolWork work, void *state) {
  pool_run(look->pool, count, work, state);
}
