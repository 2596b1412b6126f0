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
  Str root;      /* the project it belongs to, or what stands for one */
  bool is_named; /* itself, not a folder that it is in */
} SourceFile;

typedef Vec(SourceFile) SourceFiles;

/* The Python files and notebooks that the names stand for, each once, sorted by path. A file that
   is named is taken whatever its name; of a folder, all that git does not ignore (without git: no
   hidden folders, virtual environments, build results). Each file belongs to the project around
   it, however it was named; a folder that is in none, or that its project ignores, stands for a
   project of what is found in it. A name that leads through a link to another folder of its project
   stands for what lies there. A name that does not exist is a problem. Requires: working_folder is
   absolute. */
SourceFiles discover(Arena *arena, const Strs *names, Str working_folder, Problems *problems);

/* What a text is that stands for the file of that name, which need not exist. */
SourceFile discover_text(Arena *arena, Str name, Str working_folder);

/* Adds the files that an index of the project in that folder covers, sorted by path: all below it
   but notebooks, which nobody imports, and other projects; of a folder that is no project only what lies in it directly, so that a
   script in a home folder does not draw all of it in. */
void discover_project(Arena *arena, Str folder, SourceFiles *files);

/* By path. */
void sort_files(SourceFiles *files);
