#pragma once
/*
 * Installed: what the packages of a virtual environment say about the names that a project imports.
 * Read are the modules that these names lead to: through re-exports, to the bases of classes, and
 * to what their methods return. So the cost depends on what the project uses, not on what is
 * installed.
 */
#include "project/environment.h"
#include "project/pool.h"
#include "python/library.h"

/* Adds to the library: its installed packages and what they hold. `imported` are names as
   import_scan gives them; those of the standard library, and of packages that the library calls the
   project's own, are passed over. Owns: the result lives in the arena and in the pool's workers. */
void installed_read(
  Arena *arena, Pool *pool, const Environment *environment, const Strs *imported, Library *library
);
