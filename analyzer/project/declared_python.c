#include "project/declared_python.h"

#include "base/file.h"
#include "base/path.h"
#include "project/python_version.h"

enum { LARGEST_FILE = 1 << 20 };

typedef uint16_t DeclaredIn(Arena *arena, Str path, Str text);

static const TomlValue *parse(Arena *arena, Str path, Str text) {
  uint32_t offset = 0;
  Problems unseen = { 0 };
  if (source_fault(text, &offset) != SOURCE_OK) return NULL;
  Source source = source_build(arena, path, text);
  return toml_parse(arena, &source, &unseen);
}

static const TomlValue *tool(const TomlValue *root, const char *name) {
  return toml_get(toml_get(root, "tool"), name);
}

// Of a project's metadata, or of poetry's: there a dependency is a specifier or a table with one.
static uint16_t required_by(const TomlValue *root) {
  const TomlValue *value = toml_get(toml_get(root, "project"), "requires-python");
  if (value == NULL) value = toml_get(toml_get(tool(root, "poetry"), "dependencies"), "python");
  if (value != NULL && value->kind == TOML_TABLE) value = toml_get(value, "version");
  bool is_string = value != NULL && value->kind == TOML_STRING;
  return is_string ? python_version_lowest(value->string) : 0;
}

// "py311", "3.11", or the lowest of a list of them.
static uint16_t lowest_version(const TomlValue *value) {
  uint16_t minor = 0, lowest = 0;
  if (value == NULL) return 0;
  if (value->kind == TOML_STRING) return python_version_parse(value->string, &minor) ? minor : 0;
  if (value->kind != TOML_ARRAY) return 0;
  for (uint32_t i = 0; i < value->items.count; i++) {
    minor = lowest_version(value->items.items[i]);
    if (minor != 0 && (lowest == 0 || minor < lowest)) lowest = minor;
  }
  return lowest;
}

static uint16_t told_to_tools(const TomlValue *root) {
  static const struct {
    const char *tool, *key;
  } keys[] = {
    { "ruff", "target-version" },
    { "black", "target-version" },
    { "mypy", "python_version" },
    { "pyright", "pythonVersion" },
  };
  for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
    uint16_t minor = lowest_version(toml_get(tool(root, keys[i].tool), keys[i].key));
    if (minor != 0) return minor;
  }
  return 0;
}

uint16_t declared_python_of(const TomlValue *pyproject) {
  uint16_t required = required_by(pyproject);
  return required != 0 ? required : told_to_tools(pyproject);
}

static uint16_t in_metadata(Arena *arena, Str path, Str text) {
  return required_by(parse(arena, path, text));
}

static uint16_t in_setup(Arena *arena, Str path, Str text) {
  (void)arena, (void)path;
  return python_version_of_setup(text);
}

static uint16_t in_tools(Arena *arena, Str path, Str text) {
  return told_to_tools(parse(arena, path, text));
}

static uint16_t in_ruff(Arena *arena, Str path, Str text) {
  return lowest_version(toml_get(parse(arena, path, text), "target-version"));
}

static uint16_t in_mypy(Arena *arena, Str path, Str text) {
  (void)arena, (void)path;
  return python_version_of_mypy(text);
}

static uint16_t in_pin(Arena *arena, Str path, Str text) {
  (void)arena, (void)path;
  return python_version_lowest(str_trim(text));
}

// In the order of their word.
static const struct {
  const char *name;
  DeclaredIn *minor_in;
} files[] = {
  { "pyproject.toml", in_metadata }, { "setup.cfg", in_setup }, { "setup.py", in_setup },
  { "pyproject.toml", in_tools },    { "ruff.toml", in_ruff },  { ".ruff.toml", in_ruff },
  { "mypy.ini", in_mypy },           { "setup.cfg", in_mypy },  { ".python-version", in_pin },
};

enum { FILE_COUNT = sizeof(files) / sizeof(*files) };

bool declared_python_find(Arena *arena, Str folder, Str *path) {
  for (size_t i = 0; i < FILE_COUNT; i++) {
    Str text;
    *path = path_join(arena, folder, str_from(files[i].name));
    if (file_read(arena, *path, LARGEST_FILE, &text) != FILE_OK) continue;
    if (files[i].minor_in(arena, *path, text) != 0) return true;
  }
  return false;
}

bool declared_python_may_be_in(Arena *arena, Str folder) {
  for (size_t i = 0; i < FILE_COUNT; i++) {
    FileFacts facts;
    Str path = path_join(arena, folder, str_from(files[i].name));
    if (file_facts(path, &facts) == FILE_OK && facts.kind != FILE_KIND_DIRECTORY) return true;
  }
  return false;
}

uint16_t declared_python_read(Arena *arena, Str path) {
  Str text;
  if (file_read(arena, path, LARGEST_FILE, &text) != FILE_OK) return 0;
  for (size_t i = 0; i < FILE_COUNT; i++) {
    if (!str_is(path_name(path), files[i].name)) continue;
    uint16_t minor = files[i].minor_in(arena, path, text);
    if (minor != 0) return minor;
  }
  return 0;
}
