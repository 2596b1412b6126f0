#include "project/setting.h"

#include <string.h>

#include "base/path.h"

#define MEMBER(name) .field = offsetof(Settings, name)

const Setting setting_rows[SETTING_COUNT] = {
  [SETTING_EXTEND] = {
    .key = "extend",
    .value = "FILE",
    .help = "a settings file, relative to this one, that holds where this one says nothing",
    .by_default = "none",
    .example = "\"shared/awry.toml\"",
    .kind = SETTING_SETTINGS_FILE,
    .is_replaced = true,
    MEMBER(extend),
  },
  [SETTING_SELECT] = {
    .key = "select",
    .option = "--select",
    .value = "RULES",
    .help = "run these rules only: names, codes, beginnings of codes, ALL",
    .by_default = "the rules that are on by default",
    .example = "[\"AWR1\", \"dangling-task\"]",
    .kind = SETTING_RULES,
    .is_replaced = true,
    MEMBER(select),
  },
  [SETTING_EXTEND_SELECT] = {
    .key = "extend-select",
    .option = "--extend-select",
    .value = "RULES",
    .help = "run these rules, too",
    .by_default = "no others",
    .example = "[\"absorbed-cancellation\"]",
    .kind = SETTING_RULES,
    MEMBER(extend_select),
  },
  [SETTING_IGNORE] = {
    .key = "ignore",
    .option = "--ignore",
    .value = "RULES",
    .help = "do not run these rules",
    .by_default = "none",
    .example = "[\"AWR302\"]",
    .kind = SETTING_RULES,
    MEMBER(ignore),
  },
  [SETTING_EXCLUDE] = {
    .key = "exclude",
    .option = "--exclude",
    .value = "PATTERNS",
    .help = "pass over files whose paths fit",
    .by_default = "nothing but what git ignores",
    .example = "[\"vendored/**\"]",
    .kind = SETTING_PATH_PATTERNS,
    MEMBER(exclude),
  },
  [SETTING_FORCE_EXCLUDE] = {
    .key = "force-exclude",
    .option = "--force-exclude",
    .help = "pass over such files even if they are named one by one",
    .by_default = "what is named itself is checked",
    .example = "true",
    .kind = SETTING_FLAG,
    .is_replaced = true,
    MEMBER(excludes_named),
  },
  [SETTING_TARGET_VERSION] = {
    .key = "target-version",
    .option = "--target-version",
    .value = "VERSION",
    .help = "the oldest Python the code runs on: py38 … py314",
    .by_default = "this, or a newer one that the code needs",
    .example = "\"py310\"",
    .kind = SETTING_VERSION,
    .is_replaced = true,
    MEMBER(target_minor),
  },
  [SETTING_VENV] = {
    .key = "venv",
    .option = "--venv",
    .value = "FOLDER",
    .help = "know what the packages in this virtual environment do, too",
    .by_default = "none",
    .example = "\".venv\"",
    .kind = SETTING_FOLDER,
    .is_replaced = true,
    MEMBER(venv),
  },
  [SETTING_FAILS_ON] = {
    .key = "fail-on",
    .option = "--fail-on",
    .value = "SEVERITY",
    .help = "exit with 1 for findings from this one on: error, warning, info or never",
    .by_default = "any finding",
    .example = "\"error\"",
    .kind = SETTING_FAIL_ON,
    .is_replaced = true,
    MEMBER(fail_on),
  },
  [SETTING_BASELINE] = {
    .key = "baseline",
    .option = "--baseline",
    .value = "FILE",
    .help = "leave out the findings in this file, which `awry baseline` writes",
    .by_default = "none",
    .example = "\"awry-baseline.txt\"",
    .kind = SETTING_FILE,
    .is_replaced = true,
    MEMBER(baseline),
  },
  [SETTING_CACHE_DIR] = {
    .key = "cache-dir",
    .option = "--cache-dir",
    .value = "FOLDER",
    .help = "keep there what was found out, for later runs",
    .by_default = ".awry_cache in the folder of the project",
    .example = "\".cache/awry\"",
    .kind = SETTING_FOLDER,
    .is_replaced = true,
    MEMBER(cache_folder),
  },
  [SETTING_PER_FILE_IGNORES] = {
    .key = "per-file-ignores",
    .help = "do not report these rules in files whose paths fit",
    .by_default = "none",
    .example = "{ \"scripts/**\" = [\"dangling-task\"] }",
    .kind = SETTING_RULES_BY_PATH,
    MEMBER(per_file_ignores),
  },
  [SETTING_SEVERITY] = {
    .key = "severity",
    .help = "how severe the findings of these rules are",
    .by_default = "as each rule says",
    .example = "{ AWR1 = \"error\" }",
    .kind = SETTING_SEVERITY_BY_RULE,
    MEMBER(severities),
  },
  [SETTING_GATHER_LIKE] = {
    .table = "vocabulary",
    .key = "gather-like",
    .help = "what is called like `asyncio.gather`",
    .by_default = "no others",
    .example = "[\"app.util.gather_all\"]",
    .kind = SETTING_DOTTED_PATTERNS,
    MEMBER(vocabulary.gather_like),
  },
  [SETTING_TASK_MAKERS] = {
    .table = "vocabulary",
    .key = "task-makers",
    .help = "what makes tasks and keeps them",
    .by_default = "no others",
    .example = "[\"app.tasks.spawn\"]",
    .kind = SETTING_DOTTED_PATTERNS,
    MEMBER(vocabulary.task_makers),
  },
  [SETTING_LOG_LIKE] = {
    .table = "vocabulary",
    .key = "log-like",
    .help = "what only reports what it is given",
    .by_default = "no others",
    .example = "[\"app.audit.*\"]",
    .kind = SETTING_DOTTED_PATTERNS,
    MEMBER(vocabulary.log_like),
  },
  [SETTING_NEVER_RETURN] = {
    .table = "vocabulary",
    .key = "never-return",
    .help = "what never returns",
    .by_default = "no others",
    .example = "[\"app.errors.fail\"]",
    .kind = SETTING_DOTTED_PATTERNS,
    MEMBER(vocabulary.never_return),
  },
  [SETTING_CLEANUP] = {
    .table = "vocabulary",
    .key = "cleanup",
    .help = "what belongs to closing",
    .by_default = "no others",
    .example = "[\"*.decommission\"]",
    .kind = SETTING_DOTTED_PATTERNS,
    MEMBER(vocabulary.cleanup),
  },
};

bool setting_is_in(const Setting *setting, const char *table) {
  if (setting->table == NULL || table == NULL) return setting->table == table;
  return strcmp(setting->table, table) == 0;
}

const Setting *setting_find(const char *table, Str key) {
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    if (setting_is_in(setting, table) && str_is(key, setting->key)) return setting;
  }
  return NULL;
}

const Setting *setting_of_option(const char *option) {
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const char *own = setting_rows[i].option;
    if (own != NULL && strcmp(own, option) == 0) return &setting_rows[i];
  }
  return NULL;
}

const char *setting_table(Str name) {
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const char *table = setting_rows[i].table;
    if (table != NULL && str_is(name, table)) return table;
  }
  return NULL;
}

const void *setting_member_of(const Setting *setting, const Settings *settings) {
  return (const char *)settings + setting->field;
}

void *setting_member(const Setting *setting, Settings *settings) {
  return (char *)settings + setting->field;
}

bool setting_is_set(const Setting *setting, const Settings *settings) {
  const void *member = setting_member_of(setting, settings);
  switch (setting->kind) {
  case SETTING_RULES:
  case SETTING_PATH_PATTERNS:
    return ((const Strs *)member)->count > 0;
  case SETTING_DOTTED_PATTERNS:
    return ((const Patterns *)member)->count > 0;
  case SETTING_VERSION:
    return *(const uint16_t *)member > 0;
  case SETTING_FOLDER:
  case SETTING_FILE:
  case SETTING_SETTINGS_FILE:
    return ((const Str *)member)->len > 0;
  case SETTING_FLAG:
    return *(const bool *)member;
  case SETTING_FAIL_ON:
    return *(const FailOn *)member != FAIL_ON_UNSET;
  case SETTING_SEVERITY_BY_RULE:
    return ((const RuleSeverities *)member)->count > 0;
  case SETTING_RULES_BY_PATH:
    return ((const PathIgnores *)member)->count > 0;
  }
  return false;
}

static void replace(const Setting *setting, Settings *settings, const Settings *overrides) {
  static const size_t sizes[] = {
    [SETTING_RULES] = sizeof(Strs),
    [SETTING_PATH_PATTERNS] = sizeof(Strs),
    [SETTING_DOTTED_PATTERNS] = sizeof(Patterns),
    [SETTING_VERSION] = sizeof(uint16_t),
    [SETTING_FOLDER] = sizeof(Str),
    [SETTING_FILE] = sizeof(Str),
    [SETTING_SETTINGS_FILE] = sizeof(Str),
    [SETTING_FLAG] = sizeof(bool),
    [SETTING_FAIL_ON] = sizeof(FailOn),
    [SETTING_RULES_BY_PATH] = sizeof(PathIgnores),
    [SETTING_SEVERITY_BY_RULE] = sizeof(RuleSeverities),
  };
  memcpy(
    setting_member(setting, settings), setting_member_of(setting, overrides), sizes[setting->kind]
  );
}

void settings_rebase(Arena *arena, Settings *settings, Str folder) {
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    bool is_path = setting->kind == SETTING_FOLDER || setting->kind == SETTING_FILE;
    if (!is_path || !setting_is_set(setting, settings)) continue;
    Str *path = setting_member(setting, settings);
    if (!path_is_absolute(*path)) *path = path_normalise(arena, path_join(arena, folder, *path));
  }
}

static bool is_told(const Setting *setting, const Settings *settings) {
  for (uint32_t i = 0; i < settings->told.count; i++) {
    if (str_is(settings->told.items[i].key, setting->key)) return true;
  }
  return false;
}

void settings_extend(Arena *arena, Settings *settings, const Settings *more) {
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    if (is_told(setting, more)) replace(setting, settings, more);
  }
  for (uint32_t i = 0; i < more->told.count; i++)
    vec_push(arena, &settings->told, more->told.items[i]);
}

void settings_override(Arena *arena, Settings *settings, const Settings *overrides) {
  for (uint32_t i = 0; i < SETTING_COUNT; i++) {
    const Setting *setting = &setting_rows[i];
    bool is_list = setting->kind == SETTING_RULES || setting->kind == SETTING_PATH_PATTERNS;
    if (!setting_is_set(setting, overrides)) continue;
    if (setting->is_replaced || !is_list) {
      replace(setting, settings, overrides);
      continue;
    }
    Strs *list = setting_member(setting, settings);
    const Strs *more = setting_member_of(setting, overrides);
    for (uint32_t k = 0; k < more->count; k++) vec_push(arena, list, more->items[k]);
  }
}
