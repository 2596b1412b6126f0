#pragma once
/*
 * Discovery: from the names on the command line to the files that are reported on, and to the files
 * of the project around them, which the index covers.
 */
#include "lint/settings.h"
#include "source/problem.h"

typedef struct {
  Str path;      /* absolute, normalised: what is opened, and what tells files apart */
  Str shown;     /* as the user would write it: relative where the name was relative */
  Str root;      /* the project it belongs to: see project_folder */
  bool is_named; /* itself, not a folder that it is in */
} SourceFile;

typedef Vec(SourceFile) SourceFiles;

/* The Python files and notebooks that the names stand for, each once, sorted by path. A file that
   is named is taken whatever its name; of a folder, all that git does not ignore (without git: no
   hidden folders, virtual environments, build results). A name that does not exist is a problem.
   Requires: working_folder is absolute. */
SourceFiles discover(Arena *arena, const Strs *names, Str working_folder, Problems *problems);

/* Adds the files that an index of the project in that folder covers: all below it but notebooks,
   which nobody imports; of a folder that is no project (see project_folder) only what lies in it
   directly, so that a script in a home folder does not draw all of it in. */
void discover_project(Arena *arena, Str folder, SourceFiles *files);

/* The project around a folder: the repository that holds it; without one the nearest folder up with
   pyproject.toml, setup.py, setup.cfg, awry.toml or .awry.toml; else the folder itself. */
Str project_folder(Arena *arena, Str folder);

/* True if such a folder is one of a project: not just the one that a script lies in. */
bool is_project_folder(Arena *arena, Str folder);

/* True if the folder holds a file of one of those names: it is the root of a package that can be
   installed. */
bool is_packaging_root(Arena *arena, Str folder);
