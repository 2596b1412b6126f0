#pragma once
/*
 * Setting reader: what a table of a settings file says, by the rows of setting.h, as Settings. What is wrong in it is a
 * problem that names the place, and left out; the rest holds.
 */
#include "lint/settings.h"
#include "project/toml.h"

/* What the table says takes the place of what is in `settings`. Owns: nothing; strings are those of the source and of the
   arena. */
void settings_take(
  Arena *arena, const Source *source, const TomlValue *table, Settings *settings, Problems *problems
);
