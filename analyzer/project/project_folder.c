#include "project/project_folder.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"

bool is_packaging_root(Arena *arena, Str folder) {
  static const char *const markers[] = {
    "pyproject.toml", "setup.py", "setup.cfg", "awry.toml", ".awry.toml",
  };
  for (size_t i = 0; i < sizeof(markers) / sizeof(*markers); i++) {
    if (folder_holds(arena, folder, markers[i])) return true;
  }
  return false;
}

bool is_project_folder(Arena *arena, Str folder) {
  return folder_holds(arena, folder, ".git") || is_packaging_root(arena, folder);
}

/* A stray pyproject.toml in a home folder does not make one project of all that lies there. */
static bool is_too_wide(Arena *arena, Str project) {
  const char *home = getenv("HOME");
  return home && path_is_inside(path_normalise(arena, str_from(home)), project) &&
    !folder_holds(arena, project, ".git");
}

Str project_around(ProjectFolders *folders, Str folder) {
  Arena *arena = folders->arena;
  Strs unknown = { 0 }; /* from the folder upwards */
  Str project = STR_EMPTY;
  for (Str at = folder;; at = path_parent(at)) {
    uint32_t index;
    if (map_get(&folders->known, at, &index)) {
      project = folders->found.items[index];
      break;
    }
    vec_push(arena, &unknown, at);
    if (folder_holds(arena, at, ".git")) {
      project = at;
      break;
    }
    if (at.len <= 1) break;
  }
  for (uint32_t i = unknown.count; i > 0; i--) {
    Str at = unknown.items[i - 1];
    bool is_free = project.len == 0 || is_too_wide(arena, project);
    if (is_free && is_packaging_root(arena, at)) project = at;
    map_put(arena, &folders->known, at, folders->found.count);
    vec_push(arena, &folders->found, project);
  }
  return project;
}

Str project_folder(Arena *arena, Str folder) {
  ProjectFolders folders = { .arena = arena };
  Str project = project_around(&folders, folder);
  return project.len > 0 ? project : folder;
}
