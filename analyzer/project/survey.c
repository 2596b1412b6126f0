#include "project/survey.h"

#include "base/path.h"
#include "lint/path_pattern.h"

/* For files that stay parsed between the two phases: some ten megabytes of Python. */
enum { PARSED_BYTES = 64 << 20 };

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

/* The index of one project covers what is below its folder and what was named besides. */
static void index_one(Survey *survey, Pool *pool, Str root, FolderCache *folders) {
  Arena *arena = survey->arena;
  SourceFiles all = { 0 };
  Map known = { 0 };
  for (uint32_t i = 0; i < survey->files.count; i++) {
    if (!str_equal(survey->files.items[i].root, root)) continue;
    map_add(arena, &known, survey->files.items[i].path, 0);
    vec_push(arena, &all, survey->files.items[i]);
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
    .budget = &survey->budget,
  };
  const Overlays *overlays = survey->overlays;
  const Library *library =
    index_library(arena, pool, &all, identities, overlays, environment_of(survey, root));
  IndexInput input = { &all, identities, vocabularies_of(survey, &all), overlays, library };
  const Project *project = index_project(arena, pool, &input, &parsed);

  uint32_t next = 0;
  for (uint32_t i = 0; i < survey->files.count; i++) {
    if (!str_equal(survey->files.items[i].root, root)) continue;
    survey->parsed[i] = parsed.items[next];
    survey->uses_coroutines[i] = parsed.uses_coroutines[next];
    survey->identities[i] = identities[next++];
    survey->projects[i] = project;
  }
}

void survey_index(Survey *survey, Pool *pool) {
  survey->identities = arena_array(survey->arena, ModuleIdentity, survey->files.count + 1);
  survey->projects = arena_array(survey->arena, const Project *, survey->files.count + 1);
  survey->parsed = arena_array(survey->arena, const ParsedFile *, survey->files.count + 1);
  survey->uses_coroutines = arena_array(survey->arena, bool, survey->files.count + 1);
  survey->budget.left = PARSED_BYTES;
  FolderCache folders = { 0 };
  Map done = { 0 };
  for (uint32_t i = 0; i < survey->files.count; i++) {
    if (map_add(survey->arena, &done, survey->files.items[i].root, 0)) {
      index_one(survey, pool, survey->files.items[i].root, &folders);
    }
  }
}

SurveyOpened survey_open(
  const Survey *survey,
  uint32_t item,
  bool is_wanted,
  Worker *worker,
  Source *source,
  Problem *problem
) {
  const SourceFile *file = &survey->files.items[item];
  const Linter *linter = survey->configured[item]->linter;
  is_wanted = is_wanted || survey->uses_coroutines[item];
  if (survey->parsed[item]) {
    *source = survey->parsed[item]->source;
    return is_wanted || linter_wants(linter, source->text) ? SURVEY_OPENED : SURVEY_UNWANTED;
  }
  SourceText read;
  if (!source_text_read(worker->arena, file, survey->overlays, &read, problem))
    return SURVEY_UNREADABLE;
  if (!is_wanted && !linter_wants(linter, read.text)) return SURVEY_UNWANTED;
  *source = source_text_build(worker->arena, file, &read);
  return SURVEY_OPENED;
}

LintInput survey_input(const Survey *survey, uint32_t item, const Source *source, Arena *arena) {
  const Settings *settings = &survey->configured[item]->settings;
  return (LintInput){
    .source = source,
    .tree = survey->parsed[item] ? &survey->parsed[item]->tree : NULL,
    .identity = survey->identities[item],
    .relative_path = path_relative(arena, survey->files.items[item].path, settings->root),
    .target_minor = settings->target_minor,
    .project = survey->projects[item],
    .uses_coroutines = survey->uses_coroutines[item],
  };
}
