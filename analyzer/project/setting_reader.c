#include "project/setting_reader.h"

#include "base/text.h"
#include "lint/nearest.h"
#include "lint/selector.h"
#include "project/python_version.h"
#include "project/setting.h"

#include <string.h>

typedef struct {
  Arena *arena;
  const Source *source;
  Problems *problems;
  Settings *settings;
} Reading;

static void add_problem(Reading *reading, Span span, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

static void add_problem(Reading *reading, Span span, const char *format, ...) {
  va_list args;
  va_start(args, format);
  Problem problem = {
    .path = reading->source->path,
    .position = source_position(reading->source, span.start),
    .message = str_format_list(reading->arena, format, args),
  };
  va_end(args);
  vec_push(reading->arena, reading->problems, problem);
}

static bool is_kind(Reading *reading, const TomlEntry *entry, TomlKind kind, const char *wanted) {
  if (entry->value->kind == kind) return true;
  add_problem(
    reading,
    entry->value->span,
    "\"%.*s\" must be %s, not %s",
    STR_ARGS(entry->key),
    wanted,
    toml_kind_name(entry->value->kind)
  );
  return false;
}

// True if a string may stand in a list; else it adds a problem.
typedef bool (*AcceptItem)(Reading *reading, const TomlValue *item);

static Strs read_list(Reading *reading, const TomlEntry *entry, AcceptItem accept) {
  Strs strings = { 0 };
  if (!is_kind(reading, entry, TOML_ARRAY, "a list of strings")) return strings;
  for (uint32_t i = 0; i < entry->value->items.count; i++) {
    const TomlValue *item = entry->value->items.items[i];
    if (item->kind != TOML_STRING) {
      const char *found = toml_kind_name(item->kind);
      add_problem(
        reading,
        item->span,
        "\"%.*s\" must be a list of strings, but this is %s",
        STR_ARGS(entry->key),
        found
      );
    } else if (accept(reading, item)) {
      vec_push(reading->arena, &strings, item->string);
    }
  }
  return strings;
}

static bool accept_selector(Reading *reading, const TomlValue *item) {
  if (selector_is_known(item->string)) return true;
  Str message = selector_problem(reading->arena, item->string);
  add_problem(reading, item->span, "%.*s", STR_ARGS(message));
  return false;
}

static bool accept_path_pattern(Reading *reading, const TomlValue *item) {
  if (item->string.len > 0) return true;
  add_problem(reading, item->span, "an empty pattern fits no path");
  return false;
}

static bool is_dotted_pattern(Str text) {
  for (uint32_t i = 0; i < text.len; i++) {
    char c = text.data[i];
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
    bool is_digit = c >= '0' && c <= '9';
    if (!is_letter && !is_digit && c != '_' && c != '.' && c != '*') return false;
  }
  return text.len > 0;
}

static bool accept_dotted_pattern(Reading *reading, const TomlValue *item) {
  if (is_dotted_pattern(item->string)) return true;
  add_problem(
    reading,
    item->span,
    "\"%.*s\" is not a dotted name such as \"package.module.function\" or \"*.gather_all\"",
    STR_ARGS(item->string)
  );
  return false;
}

static void read_selectors(Reading *reading, const TomlEntry *entry, void *target) {
  *(Strs *)target = read_list(reading, entry, accept_selector);
}

static void read_path_patterns(Reading *reading, const TomlEntry *entry, void *target) {
  *(Strs *)target = read_list(reading, entry, accept_path_pattern);
}

static void read_dotted_patterns(Reading *reading, const TomlEntry *entry, void *target) {
  Strs strings = read_list(reading, entry, accept_dotted_pattern);
  *(Patterns *)target = (Patterns){ .items = strings.items, .count = strings.count };
}

static void read_target_version(Reading *reading, const TomlEntry *entry, void *target) {
  if (!is_kind(reading, entry, TOML_STRING, "a string such as \"py311\" or \"3.11\"")) return;
  if (python_version_parse(entry->value->string, target)) return;
  add_problem(
    reading,
    entry->value->span,
    "\"%.*s\" must be a version such as \"py311\" or \"3.11\", not \"%.*s\"",
    STR_ARGS(entry->key),
    STR_ARGS(entry->value->string)
  );
}

static void read_path(Reading *reading, const TomlEntry *entry, void *target) {
  if (!is_kind(reading, entry, TOML_STRING, "a string: a path")) return;
  if (entry->value->string.len > 0) *(Str *)target = entry->value->string;
  else add_problem(reading, entry->value->span, "\"%.*s\" is empty", STR_ARGS(entry->key));
}

static void read_per_file_ignores(Reading *reading, const TomlEntry *entry, void *target) {
  PathIgnores *all = target;
  *all = (PathIgnores){ 0 };
  if (!is_kind(reading, entry, TOML_TABLE, "a table of path patterns")) return;
  for (uint32_t i = 0; i < entry->value->entries.count; i++) {
    const TomlEntry *ignore = &entry->value->entries.items[i];
    if (ignore->key.len == 0) {
      add_problem(reading, ignore->span, "an empty pattern fits no path");
      continue;
    }
    PathSelectors ignores = { .pattern = ignore->key };
    ignores.selectors = read_list(reading, ignore, accept_selector);
    vec_push(reading->arena, all, ignores);
  }
}

static void read_severities(Reading *reading, const TomlEntry *entry, void *target) {
  RuleSeverities *all = target;
  *all = (RuleSeverities){ 0 };
  if (!is_kind(reading, entry, TOML_TABLE, "a table of rules")) return;
  for (uint32_t i = 0; i < entry->value->entries.count; i++) {
    const TomlEntry *row = &entry->value->entries.items[i];
    RuleSeverity severity = { .selector = row->key };
    if (!selector_is_known(row->key)) {
      Str message = selector_problem(reading->arena, row->key);
      add_problem(reading, row->span, "%.*s", STR_ARGS(message));
    } else if (row->value->kind == TOML_STRING && severity_parse(row->value->string, &severity.severity)) {
      vec_push(reading->arena, all, severity);
    } else {
      const char *wanted = "must be \"error\", \"warning\" or \"info\"";
      add_problem(
        reading, row->value->span, "the severity of \"%.*s\" %s", STR_ARGS(row->key), wanted
      );
    }
  }
}

static void read_fail_on(Reading *reading, const TomlEntry *entry, void *target) {
  const TomlValue *value = entry->value;
  if (value->kind == TOML_STRING && fail_on_parse(value->string, target)) return;
  const char *wanted = "must be \"error\", \"warning\", \"info\" or \"never\"";
  add_problem(reading, value->span, "\"%.*s\" %s", STR_ARGS(entry->key), wanted);
}

static void read_flag(Reading *reading, const TomlEntry *entry, void *target) {
  if (is_kind(reading, entry, TOML_BOOLEAN, "true or false"))
    *(bool *)target = str_is(source_text(reading->source, entry->value->span), "true");
}

// What may stand in a table: its settings, and in awry's own the tables below it.
typedef Vec(const char *) Names;

static Names names_in(Arena *arena, const char *table) {
  Names names = { 0 };
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    bool is_here = setting_is_in(setting, table);
    const char *name = is_here ? setting->key : setting->table;
    bool is_listed = names.count > 0 && strcmp(vec_last(&names), name) == 0;
    if (is_here || (table == NULL && !is_listed)) vec_push(arena, &names, name);
  }
  return names;
}

static void report_unknown_key(Reading *reading, const TomlEntry *entry, const char *table) {
  Names names = names_in(reading->arena, table);
  Text list = { .arena = reading->arena };
  for (uint32_t i = 0; i < names.count; i++)
    text_format(&list, "%s%s", i == 0 ? "" : ", ", names.items[i]);
  const char *nearest = nearest_word(reading->arena, entry->key, names.items, names.count);
  if (nearest != NULL) {
    add_problem(
      reading,
      entry->span,
      "unknown key \"%.*s\"; did you mean \"%s\"?",
      STR_ARGS(entry->key),
      nearest
    );
  } else {
    add_problem(
      reading,
      entry->span,
      "unknown key \"%.*s\"; there are %.*s",
      STR_ARGS(entry->key),
      STR_ARGS(text_str(&list))
    );
  }
}

static void note_told(Reading *reading, const TomlEntry *entry) {
  ToldSetting told = {
    .key = entry->key,
    .path = reading->source->path,
    .position = source_position(reading->source, entry->span.start),
  };
  vec_push(reading->arena, &reading->settings->told, told);
}

// `target` is the member of the settings.
typedef void (*ReadValue)(Reading *reading, const TomlEntry *entry, void *target);

static void read_setting(Reading *reading, const TomlEntry *entry, const Setting *setting) {
  static const ReadValue readers[] = {
    [SETTING_RULES] = read_selectors,
    [SETTING_PATH_PATTERNS] = read_path_patterns,
    [SETTING_DOTTED_PATTERNS] = read_dotted_patterns,
    [SETTING_VERSION] = read_target_version,
    [SETTING_FOLDER] = read_path,
    [SETTING_FILE] = read_path,
    [SETTING_SETTINGS_FILE] = read_path,
    [SETTING_FLAG] = read_flag,
    [SETTING_FAIL_ON] = read_fail_on,
    [SETTING_RULES_BY_PATH] = read_per_file_ignores,
    [SETTING_SEVERITY_BY_RULE] = read_severities,
  };
  readers[setting->kind](reading, entry, setting_member(setting, reading->settings));
  note_told(reading, entry);
}

static void read_subtable(Reading *reading, const TomlEntry *table, const char *name) {
  if (!is_kind(reading, table, TOML_TABLE, "a table")) return;
  for (uint32_t i = 0; i < table->value->entries.count; i++) {
    const TomlEntry *entry = &table->value->entries.items[i];
    const Setting *setting = setting_find(name, entry->key);
    if (setting != NULL) read_setting(reading, entry, setting);
    else report_unknown_key(reading, entry, name);
  }
}

void settings_take(
  Arena *arena, const Source *source, const TomlValue *table, Settings *settings, Problems *problems
) {
  Reading reading = { arena, source, problems, settings };
  for (uint32_t i = 0; i < table->entries.count; i++) {
    const TomlEntry *entry = &table->entries.items[i];
    const Setting *setting = setting_find(NULL, entry->key);
    const char *subtable = setting_table(entry->key);
    if (setting != NULL) read_setting(&reading, entry, setting);
    else if (subtable != NULL) read_subtable(&reading, entry, subtable);
    else report_unknown_key(&reading, entry, NULL);
  }
}
