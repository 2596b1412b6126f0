#include "project/discovery.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "project/git.h"
#include "project/notebook.h"

/* Folders that hold code of others or results of a build, for trees that git does not know. */
static const char *const passed_over[] = {
  "__pycache__", "__pypackages__", "node_modules", "site-packages", "venv",
  "_build",      "build",          "dist",         "buck-out",
};

static bool holds(Arena *arena, Str folder, const char *name) {
  FileFacts facts;
  return file_facts(path_join(arena, folder, str_from(name)), &facts) == FILE_OK;
}

bool is_packaging_root(Arena *arena, Str folder) {
  static const char *const markers[] = {
    "pyproject.toml", "setup.py", "setup.cfg", "awry.toml", ".awry.toml",
  };
  for (size_t i = 0; i < sizeof(markers) / sizeof(*markers); i++) {
    if (holds(arena, folder, markers[i])) return true;
  }
  return false;
}

Str project_folder(Arena *arena, Str folder) {
  Str packaging = STR_EMPTY;
  for (Str current = folder;; current = path_parent(current)) {
    if (holds(arena, current, ".git")) return current;
    if (packaging.len == 0 && is_packaging_root(arena, current)) packaging = current;
    if (current.len <= 1) break;
  }
  return packaging.len > 0 ? packaging : folder;
}

static bool is_source(Str name) { return str_is(path_extension(name), "py") || is_notebook(name); }

/* Copies that Jupyter makes of what is being edited. */
static bool is_checkpoint(Str path) { return str_contains(path, STR(".ipynb_checkpoints/")); }

static bool is_passed_over(Arena *arena, Str folder, Str name) {
  if (name.data[0] == '.' || STR_IN(name, passed_over)) return true;
  return holds(arena, path_join(arena, folder, name), "pyvenv.cfg");
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

static int by_path(const void *left, const void *right) {
  const SourceFile *a = left, *b = right;
  return str_compare(a->path, b->path);
}

static void sort_files(SourceFiles *files) {
  if (files->count > 1) qsort(files->items, files->count, sizeof(SourceFile), by_path);
}

/* Adds the Python files below a folder, in no particular order; shown_folder is how it is shown
   itself. */
static void discover_below(Arena *arena, Str folder, Str shown_folder, SourceFiles *files) {
  Strs listed = { 0 };
  if (!git_files(arena, folder, &listed)) {
    walk_below(arena, folder, shown_folder, files);
    return;
  }
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

bool is_project_folder(Arena *arena, Str folder) {
  return holds(arena, folder, ".git") || is_packaging_root(arena, folder);
}

void discover_project(Arena *arena, Str folder, SourceFiles *files) {
  if (is_project_folder(arena, folder)) {
    SourceFiles below = { 0 };
    discover_below(arena, folder, folder, &below);
    for (uint32_t i = 0; i < below.count; i++) {
      if (!is_notebook(below.items[i].path)) vec_push(arena, files, below.items[i]);
    }
  } else {
    discover_beside(arena, folder, files);
  }
}

static void
discover_name(Arena *arena, Str name, Str working_folder, SourceFiles *files, Problems *problems) {
  Str path = path_normalise(arena, path_join(arena, working_folder, name));
  Str shown = path_normalise(arena, name);
  FileFacts facts;
  FileFault fault = file_facts(path, &facts);
  if (fault != FILE_OK) {
    Problem problem = { .path = name, .message = str_from(file_fault_text(fault)) };
    vec_push(arena, problems, problem);
  } else if (facts.kind == FILE_KIND_DIRECTORY) {
    uint32_t first = files->count;
    Str root = project_folder(arena, path);
    discover_below(arena, path, shown, files);
    for (uint32_t i = first; i < files->count; i++) files->items[i].root = root;
  } else {
    Str root = project_folder(arena, path_parent(path));
    SourceFile named = { .path = path, .shown = shown, .root = root, .is_named = true };
    vec_push(arena, files, named);
  }
}

SourceFiles discover(Arena *arena, const Strs *names, Str working_folder, Problems *problems) {
  SourceFiles found = { 0 };
  for (uint32_t i = 0; i < names->count; i++) {
    discover_name(arena, names->items[i], working_folder, &found, problems);
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
