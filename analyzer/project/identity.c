#include "project/identity.h"

#include "base/file.h"
#include "base/path.h"
#include "project/notebook.h"
#include "project/project_folder.h"

static bool has_init(Arena *arena, FolderCache *cache, Str folder) {
  uint32_t known;
  if (map_get(&cache->has_init, folder, &known)) return known != 0;
  bool found = folder_holds(arena, folder, "__init__.py");
  map_put(arena, &cache->has_init, folder, found);
  return found;
}

static bool is_packaging(Arena *arena, FolderCache *cache, Str folder) {
  uint32_t known;
  if (map_get(&cache->is_packaging, folder, &known)) return known != 0;
  bool found = is_packaging_root(arena, folder);
  map_put(arena, &cache->is_packaging, folder, found);
  return found;
}

/* The folder that dotted names are counted from. */
static Str base_folder(Arena *arena, FolderCache *cache, Str path, Str root) {
  static const char *const source_folders[] = { "src", "lib", "python" };
  Str below = STR_EMPTY;
  for (Str folder = path_parent(path);; folder = path_parent(folder)) {
    bool is_top = str_equal(folder, root) || folder.len <= 1;
    /* A package that holds a script named setup.py is a package all the same. */
    bool is_base = is_packaging(arena, cache, folder) && !has_init(arena, cache, folder);
    if (is_top || is_base) {
      bool is_source_folder = below.len > 0 && STR_IN(path_name(below), source_folders);
      return is_source_folder && !has_init(arena, cache, below) ? below : folder;
    }
    below = folder;
  }
}

static uint32_t optional_parts(Arena *arena, FolderCache *cache, Str folder, Str base) {
  uint32_t parts = 0, package_parts = 0;
  for (Str current = folder; current.len > base.len; current = path_parent(current)) {
    parts++;
    if (has_init(arena, cache, current)) package_parts = parts;
  }
  return parts - package_parts;
}

static bool is_test_path(Str path, Str root) {
  Str name = path_name(path);
  if (str_starts_with(name, STR("test_")) || str_ends_with(name, STR("_test.py"))) return true;
  if (str_is(name, "conftest.py")) return true;
  for (Str folder = path_parent(path); folder.len > root.len; folder = path_parent(folder)) {
    Str part = path_name(folder);
    if (str_is(part, "tests") || str_is(part, "test")) return true;
  }
  return false;
}

ModuleIdentity module_identity(Arena *arena, FolderCache *cache, Str path, Str root) {
  Str base = base_folder(arena, cache, path, root);
  Str folder = path_parent(path);
  /* Nobody imports a notebook: its name is one that no module can have. */
  Str stem = is_notebook(path) ? str_format(arena, "%.*s-ipynb", STR_ARGS(path_stem(path)))
                               : path_stem(path);
  ModuleIdentity identity = {
    .is_package = str_is(stem, "__init__"),
    .is_notebook = is_notebook(path),
    .is_test = is_test_path(path, root),
    .optional_parts = optional_parts(arena, cache, folder, base),
  };
  Str relative = str_equal(folder, base) ? STR_EMPTY : path_relative(arena, folder, base);
  while (relative.len > 0) {
    identity.name = str_join(arena, identity.name, '.', str_next(&relative, '/'));
  }
  if (!identity.is_package || identity.name.len == 0) {
    identity.name = str_join(arena, identity.name, '.', stem);
  }
  return identity;
}
