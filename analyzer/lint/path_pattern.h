#pragma once
/*
 * Path patterns of the settings, as in a .gitignore: `*` and `?` stay within one part of a path,
 * `**` crosses parts; a pattern without '/' fits a part at any depth; one that fits a folder covers
 * all that lies in it.
 */
#include <stdbool.h>

#include "base/str.h"

/* path is relative to the folder that the pattern is relative to. */
bool path_fits(Str path, Str pattern);
