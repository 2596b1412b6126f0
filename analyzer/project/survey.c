#include "project/survey.h"

#include "base/path.h"
#include "lint/path_pattern.h"

/* --- the files and their projects
   -------------------------------------------------------------- */

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

/* The virtual environment of the first file in that project whose settings name one, or NULL. */
static const Environment *environment_of(Survey *survey, Str root) {
  Arena *arena = survey->arena;
  for (uint32_t i = 0; i < survey->files.count; i++) {
    const Settings *settings = &survey->configured[i]->settings;
    if (settings->venv.len == 0 || !str_equal(survey->files.items[i].root, root)) continue;
    bool is_option = survey->configurations.overrides->venv.len > 0;
    Str base = is_option ? survey->configurations.working_folder : settings->root;
    Str path = path_normalise(arena, path_join(arena, base, settings->venv));
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

/* The files of one project: what is below its folder and what was named besides. */
static Surroundings *find_files(Survey *survey, Str root) {
  Arena *arena = survey->arena;
  Surroundings *around = arena_make(arena, Surroundings);
  Map known = { 0 };
  around->root = root;
  for (uint32_t i = 0; i < survey->files.count; i++) {
    if (!str_equal(survey->files.items[i].root, root)) continue;
    map_add(arena, &known, survey->files.items[i].path, 0);
    survey->around[i] = around;
    survey->places[i] = around->files.count;
    vec_push(arena, &around->files, survey->files.items[i]);
  }
  around->reported = around->files.count;
  SourceFiles below = { 0 };
  discover_project(arena, root, &below);
  for (uint32_t i = 0; i < below.count; i++) {
    SourceFile file = below.items[i];
    if (map_add(arena, &known, file.path, 0)) vec_push(arena, &around->files, file);
  }
  return around;
}

static void index_one(Survey *survey, Pool *pool, Surroundings *around, FolderCache *folders) {
  Arena *arena = survey->arena;
  const SourceFiles *all = &around->files;
  ModuleIdentity *identities = arena_array(arena, ModuleIdentity, all->count + 1);
  for (uint32_t i = 0; i < all->count; i++) {
    identities[i] = module_identity(arena, folders, all->items[i].path, around->root);
  }
  const Environment *environment = environment_of(survey, around->root);
  around->input = (IndexInput){
    .files = all,
    .identities = identities,
    .vocabularies = vocabularies_of(survey, all),
    .overlays = survey->overlays,
    .library = index_library(arena, pool, all, identities, survey->overlays, environment),
    .indexed = arena_array(arena, IndexedFile, all->count + 1),
  };
  Budget budget = { survey->parsed_bytes };
  ParsedFiles parsed = {
    .items = arena_array(arena, const ParsedFile *, around->reported + 1),
    .count = around->reported,
    .budget = &budget,
  };
  around->project = index_project(arena, pool, &around->input, &parsed);
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
  FolderCache folders = { 0 };
  for (uint32_t i = 0; i < survey->files.count; i++) {
    if (survey->around[i]) continue;
    Surroundings *around = find_files(survey, survey->files.items[i].root);
    vec_push(arena, &survey->surroundings, around);
    index_one(survey, pool, around, &folders);
  }
}

const IndexedFile *survey_indexed(const Survey *survey, uint32_t item) {
  return &survey->around[item]->input.indexed[survey->places[item]];
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

LintInput survey_input(const Survey *survey, uint32_t item, const ParsedFile *file, Arena *arena) {
  const Settings *settings = &survey->configured[item]->settings;
  const Surroundings *around = survey->around[item];
  return (LintInput){
    .source = file ? &file->source : NULL,
    .tree = file && file->tree.count > 0 ? &file->tree : NULL,
    .identity = around->input.identities[survey->places[item]],
    .relative_path = path_relative(arena, survey->files.items[item].path, settings->root),
    .target_minor = settings->target_minor,
    .project = around->project,
    .uses_coroutines = survey_indexed(survey, item)->uses_coroutines,
  };
}
