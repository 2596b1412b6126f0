#include "project/environment.h"

#include "base/path.h"

enum { LARGEST_PATH_FILE = 1 << 20 /* bytes */ };

static bool is_kind(Str path, FileKind kind) {
  FileFacts facts;
  return file_facts(path, &facts) == FILE_OK && facts.kind == kind;
}

/* --- where packages lie ---------------------------------------------------------------------- */

/* "lib/python3.12/site-packages", and on Windows "Lib/site-packages". */
static void find_site_packages(Arena *arena, Str path, Strs *folders) {
  static const char *const LIBRARIES[] = { "lib", "lib64", "Lib" };
  for (size_t i = 0; i < sizeof LIBRARIES / sizeof *LIBRARIES && folders->count == 0; i++) {
    Str library = path_join(arena, path, str_from(LIBRARIES[i]));
    Str direct = path_join(arena, library, STR("site-packages"));
    if (is_kind(direct, FILE_KIND_DIRECTORY)) vec_push(arena, folders, direct);
    FileEntries entries = { 0 };
    if (file_list(arena, library, &entries) != FILE_OK) continue;
    for (uint32_t k = 0; k < entries.count; k++) {
      Str name = entries.items[k].name;
      if (!str_starts_with(name, STR("python")) && !str_starts_with(name, STR("pypy"))) continue;
      Str folder = path_join(arena, path_join(arena, library, name), STR("site-packages"));
      if (is_kind(folder, FILE_KIND_DIRECTORY)) vec_push(arena, folders, folder);
    }
  }
}

/* Each line of a .pth file names a folder, unless it is code. */
static void read_path_file(Arena *arena, Str folder, Str path, Strs *folders) {
  Str text;
  if (file_read(arena, path, LARGEST_PATH_FILE, &text) != FILE_OK) return;
  while (text.len > 0) {
    Str line = str_trim(str_next(&text, '\n'));
    if (line.len == 0 || line.data[0] == '#' || str_starts_with(line, STR("import"))) continue;
    Str named = path_normalise(arena, path_join(arena, folder, line));
    if (is_kind(named, FILE_KIND_DIRECTORY)) vec_push(arena, folders, named);
  }
}

/* The next string in quotes; empty if there is none. */
static Str next_quoted(Str *text) {
  for (uint32_t i = 0; i < text->len; i++) {
    char quote = text->data[i];
    if (quote != '\'' && quote != '"') continue;
    for (uint32_t end = i + 1; end < text->len; end++) {
      if (text->data[end] != quote) continue;
      Str quoted = str_slice(*text, i + 1, end);
      *text = str_slice(*text, end + 1, text->len);
      return quoted;
    }
  }
  *text = STR_EMPTY;
  return STR_EMPTY;
}

/* setuptools installs a package to be edited as a module that says where it lies:
   `MAPPING: dict[str, str] = {'name': '/folder/of/name'}`. */
static void read_finder(Arena *arena, Str path, Environment *environment) {
  Str text;
  if (file_read(arena, path, LARGEST_PATH_FILE, &text) != FILE_OK) return;
  uint32_t start = str_find(text, STR("\nMAPPING"));
  if (start == UINT32_MAX) return;
  text = str_slice(text, start + 1, text.len);
  Str mapping = str_next(&text, '}');
  uint32_t brace = str_find(mapping, STR("{"));
  if (brace == UINT32_MAX) return;
  mapping = str_slice(mapping, brace + 1, mapping.len);
  for (;;) {
    Str name = next_quoted(&mapping), folder = next_quoted(&mapping);
    if (name.len == 0 || folder.len == 0) return;
    if (map_add(arena, &environment->mapped, name, environment->sources.count))
      vec_push(arena, &environment->sources, folder);
  }
}

static void read_site_packages(Arena *arena, Str folder, Environment *environment) {
  FileEntries entries = { 0 };
  file_list(arena, folder, &entries);
  for (uint32_t i = 0; i < entries.count; i++) {
    Str name = entries.items[i].name, path = path_join(arena, folder, name);
    bool is_finder =
      str_starts_with(name, STR("__editable__")) && str_ends_with(name, STR("_finder.py"));
    if (is_finder) read_finder(arena, path, environment);
    if (str_ends_with(name, STR(".pth")))
      read_path_file(arena, folder, path, &environment->folders);
  }
}

bool environment_open(Arena *arena, Str path, Environment *environment, Str *why) {
  FileFacts facts;
  FileFault fault = file_facts(path, &facts);
  *environment = (Environment){ 0 };
  if (fault != FILE_OK) return *why = str_from(file_fault_text(fault)), false;
  find_site_packages(arena, path, &environment->folders);
  uint32_t count = environment->folders.count;
  for (uint32_t i = 0; i < count; i++)
    read_site_packages(arena, environment->folders.items[i], environment);
  if (count > 0) return true;
  *why = STR("is no virtual environment: there is no lib/python3.*/site-packages in it");
  return false;
}

/* --- modules --------------------------------------------------------------------------------- */

static ModuleFile file_below(Arena *arena, Str folder, Str path, bool only_stubs) {
  static const struct {
    const char *end;
    bool is_package, is_stub;
  } FORMS[] = {
    { "/__init__.pyi", true, true },
    { ".pyi", false, true },
    { "/__init__.py", true, false },
    { ".py", false, false },
  };
  Str base = path_join(arena, folder, path);
  for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
    if (only_stubs && !FORMS[i].is_stub) continue;
    Str file = str_format(arena, "%.*s%s", STR_ARGS(base), FORMS[i].end);
    if (is_kind(file, FILE_KIND_REGULAR)) return (ModuleFile){ file, FORMS[i].is_package };
  }
  return (ModuleFile){ STR_EMPTY, false };
}

/* "a.b.c" is "b/c" in the folder of a. */
static Str path_of(Arena *arena, Str dotted) {
  Str path = STR_EMPTY;
  while (dotted.len > 0) path = str_join(arena, path, '/', str_next(&dotted, '.'));
  return path;
}

ModuleFile environment_module(Arena *arena, const Environment *environment, Str module) {
  Str below = module, top = str_next(&below, '.');
  Str path = path_of(arena, module), rest = path_of(arena, below);
  Str stubs = str_format(arena, "%.*s-stubs", STR_ARGS(top));
  if (rest.len > 0) stubs = path_join(arena, stubs, rest);
  for (uint32_t i = 0; i < environment->folders.count; i++) {
    ModuleFile file = file_below(arena, environment->folders.items[i], stubs, true);
    if (file.path.len > 0) return file;
  }
  for (uint32_t i = 0; i < environment->folders.count; i++) {
    ModuleFile file = file_below(arena, environment->folders.items[i], path, false);
    if (file.path.len > 0) return file;
  }
  uint32_t mapped;
  if (!map_get(&environment->mapped, top, &mapped)) return (ModuleFile){ STR_EMPTY, false };
  Str source = environment->sources.items[mapped];
  if (rest.len > 0) return file_below(arena, source, rest, false);
  return file_below(arena, path_parent(source), path_name(source), false);
}
