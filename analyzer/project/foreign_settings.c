#include "project/foreign_settings.h"

#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "project/ini.h"
#include "project/toml.h"

enum { LARGEST_FILE = 1 << 20 };

const char *const foreign_tools[] = { "ruff", "flake8", "pylint", "pyright", NULL };

typedef struct {
  Arena *arena;
  Source source;
  Problems *problems;
  ForeignSettings *settings;
} Reading;

static void add_word(Reading *reading, SaidWords *words, Str word, uint32_t line) {
  while (word.len > 0 && strchr("\"' \t\r\n", word.data[0])) word = str_slice(word, 1, word.len);
  while (word.len > 0 && strchr("\"' \t\r\n", word.data[word.len - 1])) word.len--;
  if (word.len > 0) vec_push(reading->arena, words, ((SaidWord){ word, line }));
}

/* Words with commas or white space between them. */
static void add_words(Reading *reading, SaidWords *words, Str text, uint32_t line) {
  uint32_t start = 0;
  for (uint32_t i = 0; i <= text.len; i++) {
    if (i < text.len && !strchr(", \t\r\n", text.data[i])) continue;
    add_word(reading, words, str_slice(text, start, i), line);
    start = i + 1;
  }
}

/* --- TOML -------------------------------------------------------------------------------------- */

static uint32_t line_of(const Reading *reading, Span span) {
  return source_position(&reading->source, span.start).line;
}

/* A list of strings, or a string with words. */
static void add_value(Reading *reading, SaidWords *words, const TomlValue *value) {
  if (value == NULL) return;
  if (value->kind == TOML_STRING)
    add_words(reading, words, value->string, line_of(reading, value->span));
  for (uint32_t i = 0; i < value->items.count; i++) {
    const TomlValue *item = value->items.items[i];
    if (item->kind == TOML_STRING)
      add_word(reading, words, item->string, line_of(reading, item->span));
  }
}

static void add_by_path(Reading *reading, const TomlValue *table) {
  if (table == NULL || table->kind != TOML_TABLE) return;
  for (uint32_t i = 0; i < table->entries.count; i++) {
    SaidByPath said = { .pattern = table->entries.items[i].key };
    add_value(reading, &said.codes, table->entries.items[i].value);
    vec_push(reading->arena, &reading->settings->by_path, said);
  }
}

/* Of the table `lint`, or as they stood before there was one. */
static void take_ruff_rules(Reading *reading, const TomlValue *table) {
  ForeignSettings *settings = reading->settings;
  add_value(reading, &settings->selected, toml_get(table, "select"));
  add_value(reading, &settings->selected, toml_get(table, "extend-select"));
  add_value(reading, &settings->ignored, toml_get(table, "ignore"));
  add_value(reading, &settings->ignored, toml_get(table, "extend-ignore"));
  add_by_path(reading, toml_get(table, "per-file-ignores"));
  add_by_path(reading, toml_get(table, "extend-per-file-ignores"));
}

static bool take_ruff(Reading *reading, const TomlValue *root) {
  bool is_shared = str_is(reading->settings->file, "pyproject.toml");
  const TomlValue *ruff = is_shared ? toml_get(toml_get(root, "tool"), "ruff") : root;
  if (ruff == NULL) return false;
  take_ruff_rules(reading, ruff);
  take_ruff_rules(reading, toml_get(ruff, "lint"));
  add_value(reading, &reading->settings->excluded, toml_get(ruff, "exclude"));
  add_value(reading, &reading->settings->excluded, toml_get(ruff, "extend-exclude"));
  const TomlValue *extend = toml_get(ruff, "extend");
  if (extend != NULL && extend->kind == TOML_STRING) reading->settings->extends = extend->string;
  return true;
}

static void take_pylint_table(Reading *reading, const TomlValue *table) {
  ForeignSettings *settings = reading->settings;
  add_value(reading, &settings->selected, toml_get(table, "enable"));
  add_value(reading, &settings->ignored, toml_get(table, "disable"));
  add_value(reading, &settings->excluded, toml_get(table, "ignore"));
  static const char *const expressions[] = {
    "ignore-paths", "ignore_paths", "ignore-patterns", "ignore_patterns"
  };
  for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); i++)
    settings->is_pattern |= toml_get(table, expressions[i]) != NULL;
}

/* The names of the tables between mean nothing to pylint. */
static bool take_pylint(Reading *reading, const TomlValue *root) {
  const TomlValue *pylint = toml_get(toml_get(root, "tool"), "pylint");
  if (pylint == NULL) return false;
  take_pylint_table(reading, pylint);
  for (uint32_t i = 0; i < pylint->entries.count; i++)
    take_pylint_table(reading, pylint->entries.items[i].value);
  return true;
}

static bool take_pyright(Reading *reading, const TomlValue *root) {
  static const char *const name = "reportUnusedCoroutine";
  const TomlValue *pyright = toml_get(toml_get(root, "tool"), "pyright");
  const TomlValue *value = toml_get(pyright, name);
  if (value == NULL) return pyright != NULL;
  bool is_off = value->kind == TOML_STRING
    ? str_is(value->string, "none")
    : str_is(source_text(&reading->source, value->span), "false");
  SaidWords *words = is_off ? &reading->settings->ignored : &reading->settings->selected;
  add_word(reading, words, str_from(name), line_of(reading, value->span));
  return true;
}

/* --- INI --------------------------------------------------------------------------------------- */

/* What flake8 takes for a code: E501, ASYNC1, B. */
static bool is_code(Str word) {
  uint32_t i = 0;
  while (i < word.len && word.data[i] >= 'A' && word.data[i] <= 'Z') i++;
  bool has_letters = i > 0;
  while (i < word.len && word.data[i] >= '0' && word.data[i] <= '9') i++;
  return has_letters && i == word.len;
}

static void end_paths(Reading *reading, SaidWords *paths, SaidWords *codes) {
  for (uint32_t i = 0; i < paths->count && codes->count > 0; i++) {
    SaidByPath said = { .pattern = paths->items[i].word, .codes = *codes };
    vec_push(reading->arena, &reading->settings->by_path, said);
  }
  if (codes->count > 0) *paths = (SaidWords){ 0 };
  *codes = (SaidWords){ 0 };
}

// "tests/*,docs/*:E501,B012 setup.py:E401"
static void add_flake8_paths(Reading *reading, Str text, uint32_t line) {
  SaidWords words = { 0 }, paths = { 0 }, codes = { 0 };
  Text spaced = { .arena = reading->arena };
  for (uint32_t i = 0; i < text.len; i++) {
    text_add_char(&spaced, text.data[i]);
    if (text.data[i] == ':') text_add_char(&spaced, ' ');
  }
  add_words(reading, &words, text_str(&spaced), line);
  for (uint32_t i = 0; i < words.count; i++) {
    SaidWord said = words.items[i];
    bool is_last = str_ends_with(said.word, STR(":")); /* of the paths */
    if (!is_last && is_code(said.word)) {
      vec_push(reading->arena, &codes, said);
      continue;
    }
    end_paths(reading, &paths, &codes);
    if (is_last) said.word.len--;
    if (said.word.len > 0) vec_push(reading->arena, &paths, said);
  }
  end_paths(reading, &paths, &codes);
}

static bool take_flake8(Reading *reading, const IniEntries *entries) {
  ForeignSettings *settings = reading->settings;
  bool has_any = false;
  for (uint32_t i = 0; i < entries->count; i++) {
    const IniEntry *entry = &entries->items[i];
    if (!str_is(entry->section, "flake8")) continue;
    has_any = true;
    bool is_more = str_starts_with(entry->key, STR("extend-"));
    Str key = is_more ? str_slice(entry->key, 7, entry->key.len) : entry->key;
    SaidWords *words = NULL;
    if (str_is(key, "select")) words = &settings->selected;
    if (str_is(key, "ignore")) words = &settings->ignored;
    if (str_is(key, "exclude")) words = &settings->excluded;
    if (words != NULL) add_words(reading, words, entry->value, entry->line);
    if (str_is(key, "per-file-ignores")) add_flake8_paths(reading, entry->value, entry->line);
  }
  return has_any;
}

/* In a file that others read, too, its sections begin with its name. */
static bool take_pylint_ini(Reading *reading, const IniEntries *entries) {
  ForeignSettings *settings = reading->settings;
  bool is_own = str_ends_with(settings->file, STR("pylintrc")), has_any = is_own;
  for (uint32_t i = 0; i < entries->count; i++) {
    const IniEntry *entry = &entries->items[i];
    Str section = str_lower(reading->arena, entry->section);
    if (!is_own && !str_starts_with(section, STR("pylint"))) continue;
    has_any = true;
    SaidWords *words = NULL;
    if (str_is(entry->key, "enable")) words = &settings->selected;
    if (str_is(entry->key, "disable")) words = &settings->ignored;
    if (str_is(entry->key, "ignore")) words = &settings->excluded;
    if (words != NULL) add_words(reading, words, entry->value, entry->line);
    bool is_pattern = str_is(entry->key, "ignore-paths") || str_is(entry->key, "ignore-patterns");
    settings->is_pattern |= is_pattern && entry->value.len > 0;
  }
  return has_any;
}

/* --- files ------------------------------------------------------------------------------------- */

/* Of each tool in the order in which it looks itself; false if the file is not about it. One of both is NULL. */
static const struct {
  const char *tool, *file;
  bool (*take_toml)(Reading *reading, const TomlValue *root);
  bool (*take_ini)(Reading *reading, const IniEntries *entries);
} places[] = {
  { "ruff", ".ruff.toml", take_ruff, NULL },
  { "ruff", "ruff.toml", take_ruff, NULL },
  { "ruff", "pyproject.toml", take_ruff, NULL },
  { "flake8", "setup.cfg", NULL, take_flake8 },
  { "flake8", "tox.ini", NULL, take_flake8 },
  { "flake8", ".flake8", NULL, take_flake8 },
  { "pylint", "pylintrc", NULL, take_pylint_ini },
  { "pylint", ".pylintrc", NULL, take_pylint_ini },
  { "pylint", "pyproject.toml", take_pylint, NULL },
  { "pylint", "setup.cfg", NULL, take_pylint_ini },
  { "pylint", "tox.ini", NULL, take_pylint_ini },
  { "pyright", "pyproject.toml", take_pyright, NULL },
};

static void add_problem(Reading *reading, Position position, Str message) {
  Problem problem = { reading->settings->file, position, message };
  vec_push(reading->arena, reading->problems, problem);
}

static bool take_file(Reading *reading, size_t place, Str text) {
  Str file = reading->settings->file;
  uint32_t offset = 0;
  if (source_fault(text, &offset) != SOURCE_OK) {
    add_problem(reading, (Position){ 0 }, STR("is not UTF-8"));
    return false;
  }
  if (places[place].take_ini != NULL) {
    IniEntries entries = ini_read(reading->arena, text);
    return places[place].take_ini(reading, &entries);
  }
  reading->source = source_build(reading->arena, file, text);
  return places[place].take_toml(
    reading, toml_parse(reading->arena, &reading->source, reading->problems)
  );
}

bool foreign_settings_read(
  Arena *arena, const char *tool, Str folder, ForeignSettings *settings, Problems *problems
) {
  Reading reading = { .arena = arena, .problems = problems, .settings = settings };
  for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
    if (strcmp(places[i].tool, tool) != 0) continue;
    Str text, path = path_join(arena, folder, str_from(places[i].file));
    *settings = (ForeignSettings){ .tool = places[i].tool, .file = str_from(places[i].file) };
    FileFault fault = file_read(arena, path, LARGEST_FILE, &text);
    bool is_absent = fault == FILE_MISSING || fault == FILE_IS_DIRECTORY;
    if (fault != FILE_OK && !is_absent)
      add_problem(&reading, (Position){ 0 }, str_from(file_fault_text(fault)));
    if (fault == FILE_OK && take_file(&reading, i, text)) return true;
  }
  return false;
}
