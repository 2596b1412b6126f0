#pragma once
/*
 * ProjectFolder: which project a folder belongs to. That follows from the folders around it alone.
 */
#include "base/map.h"
#include "base/strs.h"

/* The project around a folder: the repository that holds it; without one the outermost folder up
   with pyproject.toml, setup.py, setup.cfg, awry.toml or .awry.toml, so that a workspace of several
   packages is one project whether git knows it or not; else the folder itself. */
Str project_folder(Arena *arena, Str folder);

/* True if such a folder is one of a project: not just the one that a script lies in. */
bool is_project_folder(Arena *arena, Str folder);

/* True if the folder holds a file of one of those names: it is the root of a package that can be
   installed. */
bool is_packaging_root(Arena *arena, Str folder);

/* The projects of many folders, each looked at once. Zeroed but for the arena, it knows none. */
typedef struct {
  Arena *arena;
  Map known; /* folder -> index into found */
  Strs found;
} ProjectFolders;

/* The same as project_folder, but empty where there is no project. Owns: the result lives in the
   arena. */
Str project_around(ProjectFolders *folders, Str folder);
