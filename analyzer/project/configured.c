#include "project/configured.h"

#include "base/path.h"
#include "project/setting.h"

void check_overrides(Configurations *known) {
  SelectorProblems problems = { 0 };
  linter_build(known->arena, known->overrides, &problems);
  for (uint32_t i = 0; i < problems.count; i++) {
    Problem problem = { .message = problems.items[i].message };
    vec_push(known->arena, &known->problems, problem);
  }
}

Str configured_folder(const Configurations *known, const Settings *settings, Str told, Str option) {
  if (told.len == 0) return STR_EMPTY;
  Str base = option.len > 0 ? known->working_folder : settings->root;
  return path_normalise(known->arena, path_join(known->arena, base, told));
}

void show_relative(const Configurations *known, uint32_t first) {
  for (uint32_t i = first; i < known->problems.count; i++) {
    Problem *problem = &known->problems.items[i];
    if (!path_is_inside(problem->path, known->working_folder)) continue;
    problem->path = path_relative(known->arena, problem->path, known->working_folder);
  }
}

static FileFacts facts_of(Str path) {
  FileFacts facts = { 0 };
  return file_facts(path, &facts) == FILE_OK ? facts : (FileFacts){ 0 };
}

static void stamp(Configurations *known, Configured *configured) {
  const Strs *files = &configured->settings.files;
  for (uint32_t i = 0; i < files->count; i++) {
    FileStamp own = { files->items[i], facts_of(files->items[i]) };
    vec_push(known->arena, &configured->stamps, own);
  }
}

bool configured_is_current(const Configured *configured) {
  for (uint32_t i = 0; i < configured->stamps.count; i++) {
    const FileFacts *then = &configured->stamps.items[i].facts;
    FileFacts now = facts_of(configured->stamps.items[i].path);
    bool is_same =
      now.modified == then->modified && now.size == then->size && now.number == then->number;
    if (!is_same) return false;
  }
  return true;
}

static uint32_t read_configured(Configurations *known, const SettingsFile *file) {
  Configured *configured = arena_make(known->arena, Configured);
  Settings *settings = &configured->settings;
  settings->root = known->working_folder;
  uint32_t first = known->problems.count;
  bool has_file = file->path.len > 0 || file->declares_path.len > 0;
  if (has_file) settings_read(known->arena, file, settings, &known->problems);
  const SettingsChoice *choice = &known->choice;
  bool lacks_users = file->path.len == 0 && choice->user_file.len > 0 && !choice->is_isolated;
  if (lacks_users) vec_push(known->arena, &settings->files, choice->user_file);
  if (choice->given != NULL) settings_extend(known->arena, settings, choice->given);
  show_relative(known, first);
  stamp(known, configured);
  for (uint32_t i = first; i < known->problems.count; i++)
    vec_push(known->arena, &configured->problems, known->problems.items[i]);
  settings_override(known->arena, settings, known->overrides);
  SelectorProblems problems = { 0 };
  configured->linter = linter_build(known->arena, settings, &problems);
  vec_push(known->arena, &known->all, configured);
  return known->all.count - 1;
}

/* The files that count in the folder, which may be none. */
static SettingsFile files_for(const Configurations *known, Str folder) {
  const SettingsChoice *choice = &known->choice;
  SettingsFile file = { 0 };
  if (choice->is_isolated) return file;
  if (choice->file.len > 0) {
    settings_find_declared(known->arena, folder, &file);
    file.path = choice->file;
    file.root = known->working_folder;
    return file;
  }
  settings_find(known->arena, folder, &file);
  FileFacts facts;
  bool is_users = file.path.len == 0 && choice->user_file.len > 0 &&
    file_facts(choice->user_file, &facts) != FILE_MISSING;
  if (!is_users) return file;
  file.path = choice->user_file;
  bool is_declared = file.declares_path.len > 0;
  file.root = is_declared ? path_parent(file.declares_path) : known->working_folder;
  return file;
}

/* The settings that files in this very folder tell, or none. */
static uint32_t settings_in(Configurations *known, Str folder) {
  uint32_t index;
  SettingsFile file = files_for(known, folder);
  bool has_file = file.path.len > 0 || file.declares_path.len > 0;
  Str key = has_file ? str_join(known->arena, file.path, '\n', file.declares_path) : STR_EMPTY;
  if (map_get(&known->of_file, key, &index)) return index;
  index = read_configured(known, &file);
  map_put(known->arena, &known->of_file, key, index);
  return index;
}

const Configured *configured_for(Configurations *known, Str folder) {
  uint32_t index;
  Str at = folder;
  /* A folder without a settings file has the settings of the one that it is in. */
  while (!map_get(&known->of_folder, at, &index)) {
    bool is_top = known->choice.is_isolated || str_equal(path_parent(at), at);
    if (is_top || settings_may_be_in(known->arena, at)) {
      index = settings_in(known, at);
      break;
    }
    at = path_parent(at);
  }
  while (map_add(known->arena, &known->of_folder, folder, index) && !str_equal(folder, at))
    folder = path_parent(folder);
  return known->all.items[index];
}
