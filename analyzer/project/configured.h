#pragma once
/*
 * Configured: the settings that apply in a folder, compiled: those of the nearest settings file
 * upwards, or those that were chosen for all, under what the command line says. Each settings file is read once.
 */
#include "base/file.h"
#include "base/map.h"
#include "lint/linter.h"
#include "project/settings_file.h"

/* What a file was when it was read; all zero: it was not there. */
typedef struct {
  Str path;
  FileFacts facts;
} FileStamp;

typedef Vec(FileStamp) FileStamps;

typedef struct {
  Settings settings;
  const Linter *linter;
  Problems problems; /* of the files that these settings are from */
  FileStamps stamps; /* of the files */
} Configured;

typedef struct {
  Arena *arena;
  Str working_folder; /* absolute */
  SettingsChoice choice;
  const Settings *overrides; /* of the command line */
  Vec(Configured *) all;
  Map of_folder; /* folder -> index into all */
  Map of_file;   /* settings file -> index into all */
  Problems problems;
} Configurations;

/* True if the files that these settings were read from, or would be if they were there, are what they were. */
bool configured_is_current(const Configured *configured);

/* Requires: folder is absolute and normalised. */
const Configured *configured_for(Configurations *known, Str folder);

/* Adds what is wrong with the selectors of the command line, once, without a settings file to
   blame. */
void check_overrides(Configurations *known);

/* The absolute path of a folder that settings tell, or the option over them (empty: it is not
   given); empty if they tell none. */
Str configured_folder(const Configurations *known, const Settings *settings, Str told, Str option);

/* Problems from `first` on are shown as the user would write their paths. */
void show_relative(const Configurations *known, uint32_t first);
