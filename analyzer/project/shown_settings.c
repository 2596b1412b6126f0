#include "project/shown_settings.h"

#include "base/path.h"
#include "project/setting.h"
#include "project/toml_string.h"
#include "report/report.h"

typedef struct {
  Text *text;
  const Settings *settings;
  const Settings *overrides;
  Str working_folder;
} Showing;

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

static void add_origin(Showing *showing, const Setting *setting) {
  bool is_option = setting->option != NULL && setting_is_set(setting, showing->overrides);
  const ToldSetting *told = told_setting(showing, setting->key);
  bool is_told = told != NULL && !(is_option && setting->is_replaced);
  text_add(showing->text, STR("  # "));
  if (is_told) add_place(showing, told);
  if (is_told && is_option) text_add(showing->text, STR(" and "));
  if (is_option) text_add(showing->text, str_from(setting->option));
  else if (!is_told) text_format(showing->text, "default: %s", setting->by_default);
  text_add_char(showing->text, '\n');
}

static void add_list(Text *text, const Str *items, uint32_t count) {
  text_add_char(text, '[');
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) text_add(text, STR(", "));
    toml_quote(text, items[i]);
  }
  text_add_char(text, ']');
}

static void add_strs(Text *text, const void *member) {
  const Strs *list = member;
  add_list(text, list->items, list->count);
}

static void add_patterns(Text *text, const void *member) {
  const Patterns *list = member;
  add_list(text, list->items, list->count);
}

static void add_version(Text *text, const void *member) {
  text_format(text, "\"py3%u\"", *(const uint16_t *)member);
}

static void add_path(Text *text, const void *member) { toml_quote(text, *(const Str *)member); }

static void add_flag(Text *text, const void *member) {
  text_add(text, *(const bool *)member ? STR("true") : STR("false"));
}

static void add_fail_on(Text *text, const void *member) {
  FailOn fail_on = *(const FailOn *)member;
  text_format(text, "\"%s\"", fail_on_name(fail_on == FAIL_ON_UNSET ? FAIL_ON_INFO : fail_on));
}

static void add_rules_by_path(Text *text, const void *member) {
  const PathIgnores *all = member;
  for (uint32_t i = 0; i < all->count; i++) {
    const PathSelectors *ignores = &all->items[i];
    toml_quote(text, ignores->pattern);
    text_add(text, STR(" = "));
    add_list(text, ignores->selectors.items, ignores->selectors.count);
    text_add_char(text, '\n');
  }
}

static void add_severities(Text *text, const void *member) {
  const RuleSeverities *all = member;
  for (uint32_t i = 0; i < all->count; i++) {
    toml_quote(text, all->items[i].selector);
    text_format(text, " = \"%s\"\n", severity_name(all->items[i].severity));
  }
}

typedef struct {
  void (*write)(Text *text, const void *member);
  bool is_table;
  bool is_empty_unset;  /* what is not set has nothing that could be pasted */
  bool is_said_in_full; /* by the other settings: pasted, it would say them again */
} Shape;

static void add_setting(Showing *showing, const Setting *setting) {
  static const Shape shapes[] = {
    [SETTING_RULES] = { add_strs, false, false, false },
    [SETTING_PATH_PATTERNS] = { add_strs, false, false, false },
    [SETTING_DOTTED_PATTERNS] = { add_patterns, false, false, false },
    [SETTING_VERSION] = { add_version, false, true, false },
    [SETTING_FOLDER] = { add_path, false, true, false },
    [SETTING_FILE] = { add_path, false, true, false },
    [SETTING_SETTINGS_FILE] = { add_path, false, true, true },
    [SETTING_FLAG] = { add_flag, false, false, false },
    [SETTING_FAIL_ON] = { add_fail_on, false, false, false },
    [SETTING_RULES_BY_PATH] = { add_rules_by_path, true, false, false },
    [SETTING_SEVERITY_BY_RULE] = { add_severities, true, false, false },
  };
  const Shape *shape = &shapes[setting->kind];
  const void *member = setting_member_of(setting, showing->settings);
  Text *text = showing->text;
  if (shape->is_table) {
    text_format(text, "\n[tool.awry.%s]", setting->key);
    add_origin(showing, setting);
    shape->write(text, member);
    return;
  }
  bool is_set = setting_is_set(setting, showing->settings);
  bool is_example = shape->is_empty_unset && !is_set;
  bool is_comment = is_example || shape->is_said_in_full;
  text_format(text, "%s%s = ", is_comment ? "# " : "", setting->key);
  if (is_example) text_add(text, str_from(setting->example));
  else shape->write(text, member);
  add_origin(showing, setting);
}

void show_settings(
  Text *text, const Settings *settings, const Settings *overrides, Str working_folder
) {
  Showing showing = { text, settings, overrides, working_folder };
  const char *table = NULL;
  text_add(text, STR("[tool.awry]\n"));
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    if (!setting_is_in(setting, table)) {
      table = setting->table;
      text_format(text, "\n[tool.awry.%s]  # beside what awry knows by itself\n", table);
    }
    add_setting(&showing, setting);
  }
}
