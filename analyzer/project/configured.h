#pragma once
/*
 * Configured: the settings that apply in a folder, compiled: those of the nearest settings file
 * upwards, under what the command line says. Each settings file is read once.
 */
#include "base/map.h"
#include "lint/linter.h"
#include "project/settings_file.h"

typedef struct {
  Settings settings;
  const Linter *linter;
  Problems problems; /* of the files that these settings are from */
} Configured;

typedef struct {
  Arena *arena;
  Str working_folder;        /* absolute */
  bool is_isolated;          /* no settings files */
  const Settings *overrides; /* of the command line */
  Vec(Configured *) all;
  Map of_folder; /* folder -> index into all */
  Map of_file;   /* settings file -> index into all */
  Problems problems;
} Configurations;

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
