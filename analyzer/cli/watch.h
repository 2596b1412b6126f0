#pragma once
/*
 * Watching: a command that is run again whenever something changes.
 */
#include "cli/command.h"

/* Runs the command, and again when a file changes, comes or goes in a folder of the projects that the names lie in, until
   the user ends it. Each run has an arena of its own; a terminal is cleared before it. Returns EXIT_CLEAN. */
int watch(const Invocation *invocation, int (*run)(const Invocation *invocation));
