#pragma once
/*
 * Settings files: `[tool.awry]` of a pyproject.toml, or the whole of an awry.toml. The keys are the rows of
 * setting.h.
 *
 * What is wrong in a file is a problem that names the place, and left out; the rest holds.
 */
#include "lint/settings.h"
#include "source/problem.h"

typedef struct {
  Str path; /* of the file with awry's settings; may be empty */
  Str
    declares_path; /* of the nearest one that declares a Python (declared_python.h); may be empty */
} SettingsFile;

/* The settings for what lies in the folder: those of the nearest folder upwards that has any,
   awry.toml before pyproject.toml. Returns false if there is neither that nor a file that declares
   a Python. Requires: folder is absolute and normalised. */
bool settings_find(Arena *arena, Str folder, SettingsFile *found);

/* True if the folder itself holds a file that may tell settings. */
bool settings_may_be_in(Arena *arena, Str folder);

/* Fills in what the files say: for a file that the user names, a SettingsFile with only a path.
   Without a target-version it is what the project declares, but 3.8 at least; still 0 if nothing
   declares any. */
void settings_read(Arena *arena, const SettingsFile *file, Settings *settings, Problems *problems);

/* The same for a text that has been read. Its name tells whether it is a pyproject.toml. */
void settings_parse(Arena *arena, Str path, Str text, Settings *settings, Problems *problems);
