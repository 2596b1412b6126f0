#pragma once
/*
 * Settings files: `[tool.awry]` of a pyproject.toml, or the whole of any other file, such as awry.toml. The keys are the
 * rows of setting.h. A file may extend another one (`extend = "path"`), and that one a third: what the nearer one says
 * takes the place of what is said there.
 *
 * What is wrong in a file is a problem that names the place, and left out; the rest holds.
 */
#include "lint/settings.h"
#include "source/problem.h"

typedef struct {
  Str path; /* of the file with awry's settings; may be empty */
  Str
    declares_path; /* of the nearest one that declares a Python (declared_python.h); may be empty */
  Str
    root; /* what patterns and paths in the file are relative to; empty: the folder that it lies in */
} SettingsFile;

/* Which settings files are read, and what stands over them. Paths are absolute. */
typedef struct {
  bool is_isolated; /* none */
  Str file;         /* this one instead of those that lie in folders; empty: it is not named */
  Str user_file; /* this one where a project has none of its own; empty: there is no such place */
  const Settings
    *given; /* over what files say, as if a file that extends them said it; NULL: nothing */
} SettingsChoice;

/* The settings for what lies in the folder: those of the nearest folder upwards that has any,
   .awry.toml before awry.toml before pyproject.toml. Requires: folder is absolute and normalised. */
void settings_find(Arena *arena, Str folder, SettingsFile *found);

/* Only the file that declares a Python. Requires: as settings_find. */
void settings_find_declared(Arena *arena, Str folder, SettingsFile *found);

/* True if the folder itself holds a file that may tell settings. */
bool settings_may_be_in(Arena *arena, Str folder);

/* Fills in what the files say, of which there is one at least: for a file that the user names, a SettingsFile with only a
   path. Without a target-version it is what the project declares, but 3.8 at least; still 0 if nothing declares any.
   Paths are absolute. */
void settings_read(Arena *arena, const SettingsFile *file, Settings *settings, Problems *problems);

/* The same for a text that is in no file; it can extend none. Its name tells whether it is a pyproject.toml. */
void settings_parse(Arena *arena, Str path, Str text, Settings *settings, Problems *problems);
