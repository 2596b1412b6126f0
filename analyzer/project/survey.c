#include "project/survey.h"

#include "base/file.h"
#include "base/path.h"
#include "lint/path_pattern.h"
#include "project/cache_folder.h"
#include "project/notebook.h"
#include "project/project_folder.h"

/* --- the files and their projects ------------------------------------------------------------ */

/* The pattern that excludes the file; NULL if there is none. */
static const Str *excluding_pattern(Arena *arena, const Settings *settings, Str path) {
  if (settings->exclude.count == 0) return NULL;
  Str relative = path_relative(arena, path, settings->root);
  for (uint32_t i = 0; i < settings->exclude.count; i++) {
    if (path_fits(relative, settings->exclude.items[i])) return &settings->exclude.items[i];
  }
  return NULL;
}

void survey_take(Survey *survey, const SourceFiles *found) {
  Arena *arena = survey->arena;
  survey->configured = arena_array(arena, const Configured *, found->count + 1);
  for (uint32_t i = 0; i < found->count; i++) {
    SourceFile file = found->items[i];
    const Configured *configured = configured_for(&survey->configurations, path_parent(file.path));
    /* Whoever names a file means it. */
    bool is_spared = file.is_named && !configured->settings.excludes_named;
    const Str *excluding =
      is_spared ? NULL : excluding_pattern(arena, &configured->settings, file.path);
    if (excluding) {
      vec_push(arena, &survey->excluded, (ExcludedFile){ file, *excluding });
      continue;
    }
    survey->configured[survey->files.count] = configured;
    vec_push(arena, &survey->files, file);
  }
}

static const Environment *open_environment(Survey *survey, Str path) {
  Arena *arena = survey->arena;
  Environment *environment = arena_make(arena, Environment);
  Str why;
  if (environment_open(arena, path, environment, &why)) return environment;
  Problem problem = { .path = path, .message = why };
  vec_push(arena, &survey->configurations.problems, problem);
  show_relative(&survey->configurations, survey->configurations.problems.count - 1);
  vec_push(arena, &survey->environment_problems, vec_last(&survey->configurations.problems));
  return NULL;
}

/* The virtual environment of the first file of the project whose settings name one, or NULL. */
static const Environment *environment_of(Survey *survey, const Surroundings *around) {
  Arena *arena = survey->arena;
  for (uint32_t i = 0; i < around->input.own; i++) {
    Str folder = path_parent(around->files.items[i].path);
    const Settings *settings = &configured_for(&survey->configurations, folder)->settings;
    if (settings->venv.len == 0) continue;
    Str option = survey->configurations.overrides->venv;
    Str path = configured_folder(&survey->configurations, settings, settings->venv, option);
    uint32_t index;
    if (!map_get(&survey->environments, path, &index)) {
      index = survey->environment_items.count;
      vec_push(arena, &survey->environment_items, open_environment(survey, path));
      map_put(arena, &survey->environments, path, index);
    }
    return survey->environment_items.items[index];
  }
  return NULL;
}

/* The cache of the project, where the settings of the first file in it say; NULL if there is none. */
static FactsStore *open_store(Survey *survey, const Surroundings *around) {
  Arena *arena = survey->arena;
  if (!survey->build) return NULL;
  Str folder_of_first = path_parent(around->files.items[0].path);
  const Settings *settings = &configured_for(&survey->configurations, folder_of_first)->settings;
  Str folder = cache_folder(&survey->configurations, settings, around->root);
  if (folder.len == 0) return NULL;
  CachePlace place = {
    .folder = folder,
    .name = path_name(around->root),
    .build = *survey->build,
    .today = cache_today(),
  };
  FactsStore *store = arena_make(arena, FactsStore);
  *store = facts_store_open(cache_open(arena, &place), around->input.library);
  return store;
}

/* The words of the settings that apply to each file. What is wrong with the settings of files that
   nobody named is not shown. */
static const Vocabulary **vocabularies_of(Survey *survey, const SourceFiles *files) {
  Configurations *known = &survey->configurations;
  const Vocabulary **vocabularies =
    arena_array(survey->arena, const Vocabulary *, files->count + 1);
  uint32_t shown = known->problems.count;
  for (uint32_t i = 0; i < files->count; i++) {
    Str folder = path_parent(files->items[i].path);
    vocabularies[i] = &configured_for(known, folder)->settings.vocabulary;
  }
  known->problems.count = shown;
  return vocabularies;
}

/* Files that nobody named are shown like those that were, so that what is said of them does not
   depend on which are named. */
static Str shown_like_named(const Survey *survey, Str path) {
  Str folder = survey->configurations.working_folder;
  return path_is_inside(path, folder) ? path_relative(survey->arena, path, folder) : path;
}

/* True if a file that a listing of its project does not have is one of the project's own all the
   same: outside of projects what is named stands for one; an editor may hold a new file that is not
   on the disk yet. */
static bool is_unlisted_own(const Survey *survey, const SourceFile *file) {
  if (is_notebook(file->path)) return false;
  if (!is_project_folder(survey->arena, file->root)) return true;
  FileFacts facts;
  bool is_new = overlays_find(survey->overlays, file->path) != NULL &&
    file_facts(file->path, &facts) == FILE_MISSING;
  return is_new && str_is(path_extension(file->path), "py");
}

/* The files of one project, and what is reported on besides. */
static void find_files(Survey *survey, Surroundings *around) {
  Arena *arena = survey->arena;
  SourceFiles *files = &around->files, others = { 0 };
  Map known = { 0 };
  discover_project(arena, around->root, files);
  for (uint32_t i = 0; i < files->count; i++) {
    files->items[i].shown = shown_like_named(survey, files->items[i].path);
    map_add(arena, &known, files->items[i].path, 0);
  }
  for (uint32_t i = 0; i < survey->files.count; i++) {
    const SourceFile *file = &survey->files.items[i];
    if (!str_equal(file->root, around->root) || map_has(&known, file->path)) continue;
    if (is_unlisted_own(survey, file)) vec_push(arena, files, *file);
    else vec_push(arena, &others, *file);
  }
  sort_files(files);
  around->input.own = files->count;
  for (uint32_t i = 0; i < others.count; i++) vec_push(arena, files, others.items[i]);
}

/* Which of the files are reported on, and as what they are shown then. */
static void place_reported(Survey *survey, Surroundings *around) {
  Arena *arena = survey->arena;
  Map places = { 0 };
  bool *is_linted = arena_array(arena, bool, around->files.count + 1);
  for (uint32_t i = 0; i < around->files.count; i++)
    map_put(arena, &places, around->files.items[i].path, i);
  for (uint32_t i = 0; i < survey->files.count; i++) {
    uint32_t *place = &survey->places[i];
    if (!str_equal(survey->files.items[i].root, around->root)) continue;
    if (!map_get(&places, survey->files.items[i].path, place)) continue;
    survey->around[i] = around;
    around->files.items[*place] = survey->files.items[i];
    is_linted[*place] = true;
  }
  around->input.is_linted = is_linted;
}

static void prepare_index(Survey *survey, Pool *pool, Surroundings *around, FolderCache *folders) {
  Arena *arena = survey->arena;
  const SourceFiles *all = &around->files;
  IndexInput *input = &around->input;
  ModuleIdentity *identities = arena_array(arena, ModuleIdentity, all->count + 1);
  for (uint32_t i = 0; i < all->count; i++) {
    identities[i] = module_identity(arena, folders, all->items[i].path, around->root);
  }
  input->files = all;
  input->identities = identities;
  input->vocabularies = vocabularies_of(survey, all);
  input->overlays = survey->overlays;
  input->indexed = arena_array(arena, IndexedFile, all->count + 1);
  input->library = index_library(arena, pool, input, environment_of(survey, around));
  input->store = around->store = open_store(survey, around);
}

static void index_one(Survey *survey, Pool *pool, Surroundings *around) {
  Budget budget = { survey->parsed_bytes };
  ParsedFiles parsed = {
    .items = arena_array(survey->arena, const ParsedFile *, around->files.count + 1),
    .budget = &budget,
  };
  around->project = index_project(survey->arena, pool, &around->input, &parsed);
  survey->parsed_bytes = budget.left;
  for (uint32_t i = 0; i < survey->files.count; i++) {
    if (survey->around[i] == around) survey->parsed[i] = parsed.items[survey->places[i]];
  }
}

void survey_index(Survey *survey, Pool *pool) {
  Arena *arena = survey->arena;
  survey->around = arena_array(arena, Surroundings *, survey->files.count + 1);
  survey->places = arena_array(arena, uint32_t, survey->files.count + 1);
  survey->parsed = arena_array(arena, const ParsedFile *, survey->files.count + 1);
  survey->found = arena_array(arena, NewEntry, survey->files.count + 1);
  FolderCache folders = { 0 };
  for (uint32_t i = 0; i < survey->files.count; i++) {
    if (survey->around[i]) continue;
    Surroundings *around = arena_make(arena, Surroundings);
    around->root = survey->files.items[i].root;
    vec_push(arena, &survey->surroundings, around);
    find_files(survey, around);
    place_reported(survey, around);
    prepare_index(survey, pool, around, &folders);
    index_one(survey, pool, around);
  }
}

const IndexedFile *survey_indexed(const Survey *survey, uint32_t item) {
  return &survey->around[item]->input.indexed[survey->places[item]];
}

static void keep(const FactsStore *store, const NewEntry *found) {
  if (store && found->packed.len > 0) cache_put(store->cache, &found->key, found->packed);
}

void survey_save(const Survey *survey) {
  for (uint32_t i = 0; i < survey->files.count; i++)
    keep(survey->around[i]->store, &survey->found[i]);
  for (uint32_t i = 0; i < survey->surroundings.count; i++) {
    const Surroundings *around = survey->surroundings.items[i];
    for (uint32_t k = 0; k < around->files.count; k++)
      keep(around->store, &around->input.indexed[k].found);
    if (around->store) cache_save(around->store->cache);
  }
}

SurveyOpened survey_open(
  const Survey *survey,
  uint32_t item,
  bool is_wanted,
  Worker *worker,
  ParsedFile *opened,
  Problem *problem
) {
  const SourceFile *file = &survey->files.items[item];
  const Linter *linter = survey->configured[item]->linter;
  is_wanted = is_wanted || survey_indexed(survey, item)->uses_coroutines;
  *opened = (ParsedFile){ 0 };
  if (survey->parsed[item]) {
    *opened = *survey->parsed[item];
    opened->tree.source = &opened->source;
    return is_wanted || linter_wants(linter, opened->source.text) ? SURVEY_OPENED : SURVEY_UNWANTED;
  }
  SourceText read;
  if (!source_text_read(worker->arena, file, survey->overlays, &read, problem))
    return SURVEY_UNREADABLE;
  if (!is_wanted && !linter_wants(linter, read.text)) return SURVEY_UNWANTED;
  opened->source = source_text_build(worker->arena, file, &read);
  if (read.tree) opened->tree = *read.tree;
  opened->tree.source = &opened->source;
  return SURVEY_OPENED;
}

const Project *survey_project(const Survey *survey, uint32_t item, Arena *arena) {
  const Surroundings *around = survey->around[item];
  uint32_t place = survey->places[item];
  if (place < around->input.own) return around->project;
  return index_project_seen_by(arena, &around->input, place);
}

LintInput survey_input(const Survey *survey, uint32_t item, const ParsedFile *file, Arena *arena) {
  const Settings *settings = &survey->configured[item]->settings;
  const Surroundings *around = survey->around[item];
  return (LintInput){
    .source = file ? &file->source : NULL,
    .tree = file && file->tree.count > 0 ? &file->tree : NULL,
    .identity = around->input.identities[survey->places[item]],
    .relative_path = path_relative(arena, survey->files.items[item].path, settings->root),
    .target_minor = settings->target_minor,
    .project = file ? survey_project(survey, item, arena) : around->project,
    .uses_coroutines = survey_indexed(survey, item)->uses_coroutines,
  };
}
