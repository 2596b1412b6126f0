#include "project/discovery.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "project/git.h"
#include "project/notebook.h"
#include "project/project_folder.h"

/* Folders that hold code of others or results of a build, for trees that git does not know. */
static const char *const passed_over[] = {
  "__pycache__", "__pypackages__", "node_modules", "site-packages", "venv",
  "_build",      "build",          "dist",         "buck-out",
};

static bool is_source(Str name) { return str_is(path_extension(name), "py") || is_notebook(name); }

/* Copies that Jupyter makes of what is being edited. */
static bool is_checkpoint(Str path) { return str_contains(path, STR(".ipynb_checkpoints/")); }

static bool is_passed_over(Arena *arena, Str folder, Str name) {
  if (name.data[0] == '.' || STR_IN(name, passed_over)) return true;
  return folder_holds(arena, path_join(arena, folder, name), "pyvenv.cfg");
}

/* A plain walk, depth first in name order. Links to folders are not followed, so there are no
   loops. */
static void walk_below(Arena *arena, Str folder, Str shown_folder, SourceFiles *files) {
  Vec(SourceFile) folders = { 0 };
  vec_push(arena, &folders, (SourceFile){ .path = folder, .shown = shown_folder });
  while (folders.count > 0) {
    SourceFile current = folders.items[--folders.count];
    FileEntries entries = { 0 };
    file_list(arena, current.path, &entries);
    for (uint32_t i = 0; i < entries.count; i++) {
      const FileEntry *entry = &entries.items[i];
      SourceFile found = { .path = path_join(arena, current.path, entry->name),
                           .shown = path_join(arena, current.shown, entry->name) };
      if (entry->kind == FILE_KIND_DIRECTORY) {
        if (!entry->is_link && !is_passed_over(arena, current.path, entry->name)) {
          vec_push(arena, &folders, found);
        }
      } else if (is_source(entry->name)) {
        vec_push(arena, files, found);
      }
    }
  }
}

/* Of a file that was found twice the one that belongs to the wider project. */
static int by_path(const void *left, const void *right) {
  const SourceFile *a = left, *b = right;
  int order = str_compare(a->path, b->path);
  return order != 0 ? order : (a->root.len > b->root.len) - (a->root.len < b->root.len);
}

void sort_files(SourceFiles *files) {
  if (files->count > 1) qsort(files->items, files->count, sizeof(SourceFile), by_path);
}

/* Adds the Python files below a folder, in no particular order; shown_folder is how it is shown
   itself. */
static GitListing discover_below(Arena *arena, Str folder, Str shown_folder, SourceFiles *files) {
  Strs listed = { 0 };
  GitListing listing = git_files(arena, folder, &listed);
  if (listing != GIT_LISTED) walk_below(arena, folder, shown_folder, files);
  for (uint32_t i = 0; i < listed.count; i++) {
    if (is_checkpoint(listed.items[i])) continue;
    SourceFile found = { .path = path_join(arena, folder, listed.items[i]),
                         .shown = path_join(arena, shown_folder, listed.items[i]) };
    FileFacts facts;
    FileFault fault = file_facts(found.path, &facts);
    bool is_deleted = fault == FILE_MISSING;
    bool is_folder_link = fault == FILE_OK && facts.kind == FILE_KIND_DIRECTORY;
    if (!is_deleted && !is_folder_link) vec_push(arena, files, found);
  }
  return listing;
}

static void discover_beside(Arena *arena, Str folder, SourceFiles *files) {
  FileEntries entries = { 0 };
  file_list(arena, folder, &entries);
  for (uint32_t i = 0; i < entries.count; i++) {
    const FileEntry *entry = &entries.items[i];
    if (entry->kind != FILE_KIND_REGULAR || !str_is(path_extension(entry->name), "py")) continue;
    Str path = path_join(arena, folder, entry->name);
    vec_push(arena, files, (SourceFile){ .path = path, .shown = path, .root = folder });
  }
}

void discover_project(Arena *arena, Str folder, SourceFiles *files) {
  if (is_project_folder(arena, folder)) {
    SourceFiles below = { 0 };
    ProjectFolders projects = { .arena = arena };
    discover_below(arena, folder, folder, &below);
    for (uint32_t i = 0; i < below.count; i++) {
      Str path = below.items[i].path;
      if (is_notebook(path)) continue;
      bool is_own = str_equal(project_around(&projects, path_parent(path)), folder);
      if (is_own) vec_push(arena, files, below.items[i]);
    }
  } else {
    discover_beside(arena, folder, files);
  }
  sort_files(files);
}

/* --- names ----------------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  ProjectFolders projects;
  Map real; /* folder -> index into real_folders */
  Strs real_folders;
} Discovery;

/* The folder as the listing of its project has it: without the links to folders that lead there
   within the project. */
static Str listed_folder(Discovery *discovery, Str folder) {
  Arena *arena = discovery->arena;
  uint32_t index;
  if (map_get(&discovery->real, folder, &index)) return discovery->real_folders.items[index];
  Str project = project_around(&discovery->projects, folder), real_project, real, listed = folder;
  bool is_real = project.len > 0 && file_real_path(arena, project, &real_project) == FILE_OK &&
    file_real_path(arena, folder, &real) == FILE_OK && path_is_inside(real, real_project);
  if (is_real) {
    Str relative = path_relative(arena, real, real_project);
    listed = path_normalise(arena, path_join(arena, project, relative));
  }
  map_put(arena, &discovery->real, folder, discovery->real_folders.count);
  vec_push(arena, &discovery->real_folders, listed);
  return listed;
}

/* True if a walk through the project does not come to the folder. */
static bool is_off_the_walk(Arena *arena, Str folder, Str project) {
  for (Str at = folder; at.len > project.len; at = path_parent(at)) {
    if (is_passed_over(arena, path_parent(at), path_name(at))) return true;
  }
  return false;
}

static void discover_folder(Discovery *discovery, Str folder, Str shown, SourceFiles *files) {
  Arena *arena = discovery->arena;
  uint32_t first = files->count;
  GitListing listing = discover_below(arena, folder, shown, files);
  Str around = project_around(&discovery->projects, folder);
  bool is_outside = listing == GIT_IGNORES ||
    (listing == GIT_UNKNOWN && around.len > 0 && is_off_the_walk(arena, folder, around));
  for (uint32_t i = first; i < files->count; i++) {
    Str project = project_around(&discovery->projects, path_parent(files->items[i].path));
    bool is_none = project.len == 0 || (is_outside && str_equal(project, around));
    files->items[i].root = is_none ? folder : project;
  }
}

static SourceFile discover_file(Discovery *discovery, Str path, Str shown) {
  Str folder = listed_folder(discovery, path_parent(path));
  Str project = project_around(&discovery->projects, folder);
  return (SourceFile){
    .path = path_join(discovery->arena, folder, path_name(path)),
    .shown = shown,
    .root = project.len > 0 ? project : folder,
  };
}

SourceFile discover_text(Arena *arena, Str name, Str working_folder) {
  Discovery discovery = { .arena = arena, .projects = { .arena = arena } };
  Str path = path_normalise(arena, path_join(arena, working_folder, name));
  return discover_file(&discovery, path, name);
}

static void discover_name(
  Discovery *discovery, Str name, Str working_folder, SourceFiles *files, Problems *problems
) {
  Arena *arena = discovery->arena;
  Str path = path_normalise(arena, path_join(arena, working_folder, name));
  Str shown = path_normalise(arena, name);
  FileFacts facts;
  FileFault fault = file_facts(path, &facts);
  if (fault != FILE_OK) {
    Problem problem = { .path = name, .message = str_from(file_fault_text(fault)) };
    vec_push(arena, problems, problem);
  } else if (facts.kind == FILE_KIND_DIRECTORY) {
    discover_folder(discovery, listed_folder(discovery, path), shown, files);
  } else {
    SourceFile named = discover_file(discovery, path, shown);
    named.is_named = true;
    vec_push(arena, files, named);
  }
}

SourceFiles discover(Arena *arena, const Strs *names, Str working_folder, Problems *problems) {
  SourceFiles found = { 0 };
  Discovery discovery = { .arena = arena, .projects = { .arena = arena } };
  for (uint32_t i = 0; i < names->count; i++) {
    discover_name(&discovery, names->items[i], working_folder, &found, problems);
  }
  sort_files(&found);

  SourceFiles unique = { 0 };
  for (uint32_t i = 0; i < found.count; i++) {
    bool is_repeated = i > 0 && str_equal(found.items[i].path, found.items[i - 1].path);
    if (!is_repeated) vec_push(arena, &unique, found.items[i]);
    else vec_last(&unique).is_named |= found.items[i].is_named;
  }
  return unique;
}
