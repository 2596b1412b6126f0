#pragma once
/*
 * Environment: a virtual environment on disk, and which of its files Python and type checkers would
 * read for a module. Nothing in it is ever run.
 */
#include "base/file.h"
#include "lint/settings.h"

typedef struct {
  Strs folders; /* where packages lie: site-packages, then what its .pth files name */
  Map mapped;   /* top-level packages that are installed to be edited -> index into sources */
  Strs sources; /* their folders */
} Environment;

/* Returns false with the reason in `why` if the folder is no virtual environment. Requires: path is
   absolute. */
bool environment_open(Arena *arena, Str path, Environment *environment, Str *why);

typedef struct {
  Str path; /* empty: there is none */
  bool is_package;
} ModuleFile;

/* The file of a module by its dotted name: the stub of a stub package, the stub beside the source,
   or the source. */
ModuleFile environment_module(Arena *arena, const Environment *environment, Str module);
