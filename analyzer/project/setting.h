#pragma once
/*
 * Setting: one thing that a user can set. The table is the only list of them: settings files are read by it, --help,
 * --show-settings, the documentation, the schema and the completions are written by it, and an option of the command line
 * that says the same is a column of its row. A setting is added by a member of Settings, a row, and its name below.
 */
#include <stddef.h>

#include "lint/settings.h"

/* What the value is, and the type of the member of Settings. */
typedef enum {
  SETTING_RULES,            /* list of selectors (lint/selector.h): Strs */
  SETTING_PATH_PATTERNS,    /* list of patterns (lint/path_pattern.h): Strs */
  SETTING_DOTTED_PATTERNS,  /* list of dotted names with *: Patterns */
  SETTING_VERSION,          /* "py311" or "3.11": uint16_t */
  SETTING_FOLDER,           /* a path, not empty: Str */
  SETTING_FILE,             /* a path, not empty: Str */
  SETTING_SETTINGS_FILE,    /* a path, not empty, of a file with settings: Str */
  SETTING_FLAG,             /* true or false: bool */
  SETTING_FAIL_ON,          /* a severity or "never": FailOn */
  SETTING_RULES_BY_PATH,    /* table: path pattern -> list of selectors: PathIgnores */
  SETTING_SEVERITY_BY_RULE, /* table: selector -> severity: RuleSeverities */
} SettingKind;

typedef struct {
  const char *table;  /* that the key is in: "vocabulary"; NULL: awry's own */
  const char *key;    /* "extend-select" */
  const char *option; /* of the command line that says the same, "--extend-select"; NULL: none */
  const char *value;  /* what is written behind the option, "RULES" */
  const char *help;   /* one line */
  const char *by_default; /* in words: what holds where nobody says anything */
  const char *example;    /* in TOML, without the key */
  SettingKind kind;
  bool is_replaced; /* by the option; else the option adds to what files say */
  size_t field;     /* offset of the member of Settings */
} Setting;

typedef enum {
  SETTING_EXTEND,
  SETTING_SELECT,
  SETTING_EXTEND_SELECT,
  SETTING_IGNORE,
  SETTING_EXCLUDE,
  SETTING_FORCE_EXCLUDE,
  SETTING_TARGET_VERSION,
  SETTING_VENV,
  SETTING_FAILS_ON,
  SETTING_BASELINE,
  SETTING_CACHE_DIR,
  SETTING_PER_FILE_IGNORES,
  SETTING_SEVERITY,
  SETTING_GATHER_LIKE,
  SETTING_TASK_MAKERS,
  SETTING_LOG_LIKE,
  SETTING_NEVER_RETURN,
  SETTING_CLEANUP,
  SETTING_COUNT,
} SettingName;

/* Keys of one table stand next to each other; awry's own come first. */
extern const Setting setting_rows[SETTING_COUNT];

/* The key in that table (NULL: awry's own); NULL if there is none. */
const Setting *setting_find(const char *table, Str key);

/* The one that an option of the command line says, too; NULL if there is none. */
const Setting *setting_of_option(const char *option);

/* The name of the table below awry's own, as rows have it; NULL if there is none. */
const char *setting_table(Str name);

/* True if the key stands in that table; NULL: in awry's own. */
bool setting_is_in(const Setting *setting, const char *table);

/* True if the setting is anything else than its default. */
bool setting_is_set(const Setting *setting, const Settings *settings);

/* The member of `settings` that the row is about. */
void *setting_member(const Setting *setting, Settings *settings);
const void *setting_member_of(const Setting *setting, const Settings *settings);

/* Makes paths absolute that are relative to the folder. */
void settings_rebase(Arena *arena, Settings *settings, Str folder);

/* What `more` was told (Settings.told) takes the place of what is there, as if a file that extends this one said it. */
void settings_extend(Arena *arena, Settings *settings, const Settings *more);

/* The command line decides over files: what it says replaces what they say, or adds to it. */
void settings_override(Arena *arena, Settings *settings, const Settings *overrides);
