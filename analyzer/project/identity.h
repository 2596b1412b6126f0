#pragma once
/*
 * Identity: the dotted name of a file within its project.
 */
#include "base/map.h"
#include "python/module.h"

/* What has been found out about folders, so that each is looked at once. Zeroed, it is empty. */
typedef struct {
  Map has_init;     /* folder -> 1 if it holds an __init__.py */
  Map is_packaging; /* folder -> 1 if it holds pyproject.toml, setup.py, … */
} FolderCache;

/* The name counts from the packaging root around the file (or the project's folder), below `src`,
   `lib` or `python` where there is one. Leading folders that are no packages may be left out by
   importers: identity.optional_parts. Requires: path and root are absolute and normalised. */
ModuleIdentity module_identity(Arena *arena, FolderCache *cache, Str path, Str root);
