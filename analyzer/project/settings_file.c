#include "project/settings_file.h"

#include "base/file.h"
#include "base/path.h"
#include "project/declared_python.h"
#include "project/setting.h"
#include "project/setting_reader.h"

enum { LARGEST_SETTINGS_FILE = 8 << 20, LONGEST_CHAIN = 32 };

// False if the text is no TOML for its encoding, with a problem that says why.
static bool check_encoding(Arena *arena, Str path, Str text, Problems *problems) {
  static const char *const messages[] = {
    [SOURCE_NOT_UTF8] = "not UTF-8 from here on",
    [SOURCE_UTF16] = "UTF-16, where UTF-8 is wanted",
    [SOURCE_NUL] = "a NUL byte",
  };
  uint32_t offset = 0;
  SourceFault fault = source_fault(text, &offset);
  if (fault == SOURCE_OK) return true;
  Source before = source_build(arena, path, str_slice(text, 0, offset));
  Problem problem = {
    .path = path,
    .position = source_position(&before, offset),
    .message = str_from(messages[fault]),
  };
  vec_push(arena, problems, problem);
  return false;
}

static bool is_pyproject(Str path) { return str_is(path_name(path), "pyproject.toml"); }

// A pyproject.toml that has nothing to do with awry is for others to judge.
static bool is_ours(Str path, Str text) {
  return !is_pyproject(path) || str_contains(text, STR("awry"));
}

// A file that has been read: its text, and awry's own table in it.
typedef struct {
  Source source;
  FileFacts facts;
  const TomlValue *table; // NULL: it has none
  uint16_t declared;      // the lowest version of Python that a pyproject.toml declares, or 0
} Layer;

static void
add_problem(Arena *arena, Problems *problems, const Source *source, Span span, Str message) {
  Problem problem = {
    .path = source->path,
    .position = source_position(source, span.start),
    .message = message,
  };
  vec_push(arena, problems, problem);
}

static void read_layer(Arena *arena, Str path, Str text, Layer *layer, Problems *problems) {
  Problems unseen = { 0 };
  if (!is_ours(path, text)) problems = &unseen;
  if (!check_encoding(arena, path, text, problems)) text = STR_EMPTY;
  layer->source = source_build(arena, path, text);
  const TomlValue *root = toml_parse(arena, &layer->source, problems);
  layer->table = root;
  if (!is_pyproject(path)) return;
  const TomlEntry *section = toml_entry(toml_get(root, "tool"), "awry");
  layer->table = section != NULL ? section->value : NULL;
  layer->declared = declared_python_of(root);
  if (section == NULL || section->value->kind == TOML_TABLE) return;
  Str message =
    str_format(arena, "\"awry\" must be a table, not %s", toml_kind_name(section->value->kind));
  add_problem(arena, problems, &layer->source, section->value->span, message);
  layer->table = NULL;
}

// Metadata keep the lower bounds that they once got. Versions from before 3.8, where a cancellation
// was an Exception, must be asked for.
static uint16_t at_least_supported(uint16_t required) {
  enum { LOWEST_BELIEVED = 8 };
  return required != 0 && required < LOWEST_BELIEVED ? LOWEST_BELIEVED : required;
}

// Where no target-version is given, what the project declares.
static void set_target(Settings *settings, uint16_t declared) {
  if (settings->target_minor == 0) settings->target_minor = at_least_supported(declared);
}

void settings_parse(Arena *arena, Str path, Str text, Settings *settings, Problems *problems) {
  Layer *layer = arena_make(arena, Layer);
  read_layer(arena, path, text, layer, problems);
  settings->root = path_parent(path);
  if (layer->table != NULL) settings_take(arena, &layer->source, layer->table, settings, problems);
  const TomlEntry *extend = toml_entry(layer->table, "extend");
  if (extend != NULL) {
    Str message = STR("\"extend\" is for settings files only");
    add_problem(arena, problems, &layer->source, extend->span, message);
  }
  set_target(settings, layer->declared);
}

/* --- files that extend others ------------------------------------------------------------------ */

// Files, each of which extends the next.
typedef struct {
  Arena *arena;
  Settings *settings;
  Problems *problems;
  Vec(Layer *) layers;
} Chain;

static Layer *add_layer(Chain *chain, Str path, Str text) {
  Layer *layer = arena_make(chain->arena, Layer);
  file_facts(path, &layer->facts);
  read_layer(chain->arena, path, text, layer, chain->problems);
  vec_push(chain->arena, &chain->layers, layer);
  return layer;
}

static bool is_in_chain(const Chain *chain, const FileFacts *facts) {
  for (uint32_t i = 0; i < chain->layers.count; i++) {
    const FileFacts *own = &chain->layers.items[i]->facts;
    if (own->device == facts->device && own->number == facts->number) return true;
  }
  return false;
}

// Why the file cannot be extended by the last one of the chain; NULL if it can, and then it is read.
static const char *extend_to(Chain *chain, Str path, Layer **next) {
  Str text;
  FileFacts facts;
  vec_push(chain->arena, &chain->settings->files, path);
  FileFault fault = file_facts(path, &facts);
  if (fault == FILE_OK && is_in_chain(chain, &facts)) return "leads back to where it is extended";
  if (chain->layers.count == LONGEST_CHAIN) return "ends a chain of too many files";
  if (fault == FILE_OK) fault = file_read(chain->arena, path, LARGEST_SETTINGS_FILE, &text);
  if (fault != FILE_OK) return file_fault_text(fault);
  uint32_t known = chain->problems->count;
  *next = add_layer(chain, path, text);
  bool is_sound = chain->problems->count == known;
  return is_sound && (*next)->table == NULL ? "has no [tool.awry]" : NULL;
}

// The layer that this one extends; NULL if there is none.
static Layer *next_layer(Chain *chain, const Layer *layer) {
  Arena *arena = chain->arena;
  const TomlEntry *extend = toml_entry(layer->table, "extend");
  bool is_path =
    extend != NULL && extend->value->kind == TOML_STRING && extend->value->string.len > 0;
  if (!is_path) return NULL; // else something is wrong with it, as with any other value
  Str name = extend->value->string;
  Str path = path_normalise(arena, path_join(arena, path_parent(layer->source.path), name));
  Layer *next = NULL;
  const char *fault = extend_to(chain, path, &next);
  if (fault == NULL) return next;
  Str message = str_format(arena, "\"extend\": %.*s %s", STR_ARGS(name), fault);
  add_problem(arena, chain->problems, &layer->source, extend->value->span, message);
  return NULL;
}

// The nearer file has the last word. Paths in a file that is extended are seen from there.
static void take_layers(Chain *chain) {
  for (uint32_t i = chain->layers.count; i-- > 0;) {
    const Layer *layer = chain->layers.items[i];
    if (layer->table == NULL) continue;
    settings_take(chain->arena, &layer->source, layer->table, chain->settings, chain->problems);
    if (i > 0) settings_rebase(chain->arena, chain->settings, path_parent(layer->source.path));
  }
}

static bool read_text(Arena *arena, Str path, Str *text, Problems *problems) {
  FileFault fault = file_read(arena, path, LARGEST_SETTINGS_FILE, text);
  if (fault == FILE_OK) return true;
  Problem problem = { .path = path, .message = str_from(file_fault_text(fault)) };
  vec_push(arena, problems, problem);
  return false;
}

// Reads the file and what it extends; returns what it declares.
static uint16_t read_chain(Arena *arena, Str path, Settings *settings, Problems *problems) {
  Str text;
  Chain chain = { .arena = arena, .settings = settings, .problems = problems };
  vec_push(arena, &settings->files, path);
  if (!read_text(arena, path, &text, problems)) return 0;
  Layer *nearest = add_layer(&chain, path, text);
  for (const Layer *layer = nearest; layer != NULL;) layer = next_layer(&chain, layer);
  take_layers(&chain);
  return nearest->declared;
}

void settings_read(Arena *arena, const SettingsFile *file, Settings *settings, Problems *problems) {
  uint16_t own = 0, nearer = 0;
  settings->root = file->root;
  if (settings->root.len == 0)
    settings->root = path_parent(file->path.len > 0 ? file->path : file->declares_path);
  if (file->path.len > 0) own = read_chain(arena, file->path, settings, problems);
  if (file->declares_path.len > 0) nearer = declared_python_read(arena, file->declares_path);
  if (settings->target_minor == 0 && (nearer | own) != 0) {
    ToldSetting told = { STR("target-version"),
                         nearer != 0 ? file->declares_path : file->path,
                         { 0 } };
    vec_push(arena, &settings->told, told);
  }
  set_target(settings, nearer != 0 ? nearer : own);
}

/* --- where files are --------------------------------------------------------------------------- */

// True if the folder holds something of that name that is to be read, readable or not.
static bool has_file(Arena *arena, Str folder, const char *name, Str *path) {
  *path = path_join(arena, folder, str_from(name));
  FileFacts facts;
  FileFault fault = file_facts(*path, &facts);
  bool is_absent = fault == FILE_MISSING || fault == FILE_NOT_DIRECTORY;
  return !is_absent && (fault != FILE_OK || facts.kind != FILE_KIND_DIRECTORY);
}

// In the order of their word; pyproject.toml after them.
static const char *const own_names[] = { ".awry.toml", "awry.toml" };

static bool has_own_file(Arena *arena, Str folder, Str *path) {
  for (size_t i = 0; i < sizeof(own_names) / sizeof(*own_names); i++) {
    if (has_file(arena, folder, own_names[i], path)) return true;
  }
  return false;
}

bool settings_may_be_in(Arena *arena, Str folder) {
  Str path;
  return has_own_file(arena, folder, &path) || has_file(arena, folder, "pyproject.toml", &path) ||
    declared_python_may_be_in(arena, folder);
}

// True if a pyproject.toml has settings of ours, or what is wrong with it may hide them.
static bool has_section(Arena *arena, Str path, Str text) {
  if (!str_contains(text, STR("awry"))) return false;
  uint32_t offset = 0;
  if (source_fault(text, &offset) != SOURCE_OK) return true;
  Problems problems = { 0 };
  Source source = source_build(arena, path, text);
  const TomlValue *root = toml_parse(arena, &source, &problems);
  return toml_entry(toml_get(root, "tool"), "awry") != NULL || problems.count > 0;
}

static void find_pyproject(Arena *arena, Str folder, SettingsFile *found) {
  Str path, text;
  Problems problems = { 0 };
  if (found->path.len > 0 || !has_file(arena, folder, "pyproject.toml", &path)) return;
  bool is_readable = read_text(arena, path, &text, &problems);
  if (!is_readable || has_section(arena, path, text)) found->path = path;
}

static void find_declared(Arena *arena, Str folder, SettingsFile *found) {
  Str path;
  if (found->declares_path.len == 0 && declared_python_find(arena, folder, &path))
    found->declares_path = path;
}

static bool is_top(Str folder) { return str_equal(path_parent(folder), folder); }

void settings_find(Arena *arena, Str folder, SettingsFile *found) {
  *found = (SettingsFile){ 0 };
  for (;; folder = path_parent(folder)) {
    Str path;
    if (has_own_file(arena, folder, &path)) found->path = path;
    find_pyproject(arena, folder, found);
    find_declared(arena, folder, found);
    if (found->path.len > 0 || is_top(folder)) return;
  }
}

void settings_find_declared(Arena *arena, Str folder, SettingsFile *found) {
  for (;; folder = path_parent(folder)) {
    find_declared(arena, folder, found);
    if (found->declares_path.len > 0 || is_top(folder)) return;
  }
}
