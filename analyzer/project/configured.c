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

static uint32_t read_configured(Configurations *known, const SettingsFile *file) {
  Configured *configured = arena_make(known->arena, Configured);
  Settings *settings = &configured->settings;
  settings->root = known->working_folder;
  uint32_t first = known->problems.count;
  bool has_file = file->path.len > 0 || file->declares_path.len > 0;
  if (has_file) settings_read(known->arena, file, settings, &known->problems);
  show_relative(known, first);
  for (uint32_t i = first; i < known->problems.count; i++)
    vec_push(known->arena, &configured->problems, known->problems.items[i]);
  settings_override(known->arena, settings, known->overrides);
  SelectorProblems problems = { 0 };
  configured->linter = linter_build(known->arena, settings, &problems);
  vec_push(known->arena, &known->all, configured);
  return known->all.count - 1;
}

/* The settings that files in this very folder tell, or none. */
static uint32_t settings_in(Configurations *known, Str folder) {
  uint32_t index;
  SettingsFile file = { 0 };
  bool has_file = !known->is_isolated && settings_find(known->arena, folder, &file);
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
    bool is_top = known->is_isolated || str_equal(path_parent(at), at);
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
