#pragma once
/*
 * Shown settings: the settings that count in a folder, as TOML that can be pasted into a
 * pyproject.toml, each with where it comes from: the default, a line of a file, an option.
 */
#include "base/text.h"
#include "lint/settings.h"

/* `overrides` are those of the command line, which the settings hold already. Paths are shown as
   seen from the working folder. */
void show_settings(
  Text *text, const Settings *settings, const Settings *overrides, Str working_folder
);
