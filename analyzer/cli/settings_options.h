#pragma once
/*
 * Settings options: which settings files a command reads, and what stands over them. All commands that read any have the
 * same two options.
 */
#include "cli/command.h"
#include "project/settings_file.h"

typedef struct {
  bool isolated;
  Strs config;
} SettingsOptions;

#define SETTINGS_OPTIONS(Options, member) \
  { "--config", \
    "SETTING", \
    "KEY=VALUE over what files say, or the settings file to read instead of others", \
    OPTION_TEXTS, \
    offsetof(Options, member) + offsetof(SettingsOptions, config) }, \
  { \
    "--isolated", NULL, "read no settings files", OPTION_FLAG, \
      offsetof(Options, member) + offsetof(SettingsOptions, isolated) \
  }

/* False, after showing what is wrong on standard error, if the options cannot be followed. Requires: the folder is
   absolute. Owns: the choice lives in the arena. */
bool settings_options_read(
  const Invocation *invocation,
  const SettingsOptions *options,
  Str working_folder,
  SettingsChoice *choice
);

/* Where a user's own settings lie, whether they are there or not; empty if the environment does not tell. */
Str user_settings_file(Arena *arena);
