#pragma once
/*
 * Watching: a command that is run again whenever something changes.
 */
#include "cli/command.h"
#include "project/settings_file.h"

/* Runs the command, and again when a file changes, comes or goes in a folder of the projects that the names lie in, until
   the user ends it; also when a file changes that their settings are read from. Each run has an arena of its own; a terminal
   is cleared before it. Returns EXIT_CLEAN. */
int watch(
  const Invocation *invocation,
  const SettingsChoice *choice,
  int (*run)(const Invocation *invocation)
);
