#include "project/shown_settings.h"

#include "base/path.h"

#include <stddef.h>

typedef struct {
  Text *text;
  const Settings *settings;
  const Settings *overrides;
  Str working_folder;
} Showing;

/* What the command line says of a key. */
typedef struct {
  const char *option; /* NULL: there is none, or it is not given */
  bool replaces;      /* what files say, or it adds to that */
} Override;

static const ToldSetting *told_setting(const Showing *showing, const char *key) {
  const Settings *settings = showing->settings;
  for (uint32_t i = settings->told.count; i > 0; i--) {
    if (str_is(settings->told.items[i - 1].key, key)) return &settings->told.items[i - 1];
  }
  return NULL;
}

static void add_place(Showing *showing, const ToldSetting *told) {
  Str path = told->path;
  if (path_is_inside(path, showing->working_folder))
    path = path_relative(showing->text->arena, path, showing->working_folder);
  text_format(showing->text, "%.*s", STR_ARGS(path));
  if (told->position.line > 0) text_format(showing->text, ":%u", told->position.line);
}

static void
add_origin(Showing *showing, const char *key, Override override, const char *by_default) {
  const ToldSetting *told = told_setting(showing, key);
  bool is_told = told != NULL && !(override.option != NULL && override.replaces);
  text_add(showing->text, STR("  # "));
  if (is_told) add_place(showing, told);
  if (is_told && override.option != NULL) text_add(showing->text, STR(" and "));
  if (override.option != NULL) text_add(showing->text, str_from(override.option));
  else if (!is_told) text_format(showing->text, "default: %s", by_default);
  text_add_char(showing->text, '\n');
}

static void add_quoted(Text *text, Str string) {
  text_add_char(text, '"');
  for (uint32_t i = 0; i < string.len; i++) {
    unsigned char c = (unsigned char)string.data[i];
    if (c < 0x20 || c == 0x7f) {
      text_format(text, "\\u%04x", c);
      continue;
    }
    if (c == '"' || c == '\\') text_add_char(text, '\\');
    text_add_char(text, (char)c);
  }
  text_add_char(text, '"');
}

static void add_list(Text *text, const Str *items, uint32_t count) {
  text_add_char(text, '[');
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) text_add(text, STR(", "));
    add_quoted(text, items[i]);
  }
  text_add_char(text, ']');
}

/* --- the keys ---------------------------------------------------------------------------------- */

typedef struct {
  const char *key;
  size_t list; /* offset of the Strs */
  Override override;
  const char *by_default;
} ListKey;

static const ListKey LIST_KEYS[] = {
  { "select",
    offsetof(Settings, select),
    { "--select", true },
    "the rules that are on by default" },
  { "extend-select", offsetof(Settings, extend_select), { "--extend-select", false }, "no others" },
  { "ignore", offsetof(Settings, ignore), { "--ignore", false }, "none" },
  { "exclude",
    offsetof(Settings, exclude),
    { "--exclude", false },
    "nothing but what git ignores" },
};

static void add_list_key(Showing *showing, const ListKey *row) {
  const Strs *list = (const Strs *)(const void *)((const char *)showing->settings + row->list);
  const Strs *added = (const Strs *)(const void *)((const char *)showing->overrides + row->list);
  text_format(showing->text, "%s = ", row->key);
  add_list(showing->text, list->items, list->count);
  add_origin(
    showing, row->key, added->count > 0 ? row->override : (Override){ 0 }, row->by_default
  );
}

/* What is not set cannot be pasted: it stands in a comment. */
static void add_target(Showing *showing) {
  uint16_t minor = showing->settings->target_minor;
  bool is_option = showing->overrides->target_minor != 0;
  if (minor == 0) text_add(showing->text, STR("# "));
  text_format(
    showing->text, "target-version = \"py3%u\"", minor != 0 ? minor : OLDEST_SUPPORTED_MINOR
  );
  Override override = { is_option ? "--target-version" : NULL, true };
  add_origin(showing, "target-version", override, "this, or a newer one that the code needs");
}

static void add_venv(Showing *showing) {
  Str venv = showing->settings->venv;
  bool is_option = showing->overrides->venv.len > 0;
  text_add(showing->text, venv.len == 0 ? STR("# venv = ") : STR("venv = "));
  add_quoted(showing->text, venv.len == 0 ? STR(".venv") : venv);
  add_origin(showing, "venv", (Override){ is_option ? "--venv" : NULL, true }, "none");
}

static void add_force_exclude(Showing *showing) {
  bool is_on = showing->settings->excludes_named, is_option = showing->overrides->excludes_named;
  text_format(showing->text, "force-exclude = %s", is_on ? "true" : "false");
  Override override = { is_option ? "--force-exclude" : NULL, true };
  add_origin(showing, "force-exclude", override, "what is named itself is checked");
}

static void add_fail_on(Showing *showing) {
  FailOn fail_on = showing->settings->fail_on;
  if (fail_on == FAIL_ON_UNSET) fail_on = FAIL_ON_INFO;
  bool is_option = showing->overrides->fail_on != FAIL_ON_UNSET;
  text_format(showing->text, "fail-on = \"%s\"", fail_on_name(fail_on));
  add_origin(showing, "fail-on", (Override){ is_option ? "--fail-on" : NULL, true }, "any finding");
}

static void add_severities(Showing *showing) {
  const Settings *settings = showing->settings;
  text_add(showing->text, STR("\n[tool.awry.severity]"));
  add_origin(showing, "severity", (Override){ 0 }, "as each rule says");
  for (uint32_t i = 0; i < settings->severities.count; i++) {
    const RuleSeverity *row = &settings->severities.items[i];
    add_quoted(showing->text, row->selector);
    text_format(showing->text, " = \"%s\"\n", severity_name(row->severity));
  }
}

static void add_file_ignores(Showing *showing) {
  const Settings *settings = showing->settings;
  text_add(showing->text, STR("\n[tool.awry.per-file-ignores]"));
  add_origin(showing, "per-file-ignores", (Override){ 0 }, "none");
  for (uint32_t i = 0; i < settings->per_file_ignores.count; i++) {
    const PathSelectors *ignores = &settings->per_file_ignores.items[i];
    add_quoted(showing->text, ignores->pattern);
    text_add(showing->text, STR(" = "));
    add_list(showing->text, ignores->selectors.items, ignores->selectors.count);
    text_add_char(showing->text, '\n');
  }
}

static void add_vocabulary(Showing *showing) {
  const Vocabulary *vocabulary = &showing->settings->vocabulary;
  const struct {
    const char *key;
    Patterns patterns;
  } rows[] = {
    { "gather-like", vocabulary->gather_like }, { "task-makers", vocabulary->task_makers },
    { "log-like", vocabulary->log_like },       { "never-return", vocabulary->never_return },
    { "cleanup", vocabulary->cleanup },
  };
  text_add(showing->text, STR("\n[tool.awry.vocabulary]  # beside what awry knows by itself\n"));
  for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
    text_format(showing->text, "%s = ", rows[i].key);
    add_list(showing->text, rows[i].patterns.items, rows[i].patterns.count);
    add_origin(showing, rows[i].key, (Override){ 0 }, "no others");
  }
}

void show_settings(
  Text *text, const Settings *settings, const Settings *overrides, Str working_folder
) {
  Showing showing = { text, settings, overrides, working_folder };
  text_add(text, STR("[tool.awry]\n"));
  for (size_t i = 0; i < sizeof(LIST_KEYS) / sizeof(*LIST_KEYS); i++)
    add_list_key(&showing, &LIST_KEYS[i]);
  add_force_exclude(&showing);
  add_target(&showing);
  add_venv(&showing);
  add_fail_on(&showing);
  add_file_ignores(&showing);
  add_severities(&showing);
  add_vocabulary(&showing);
}
