#pragma once
/*
 * Duplicates of folders, and their removal.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* Copies what a project consists of into an empty folder: not what git and caches hold; virtual environments and node_modules
   become links. False with a message if it is too much or cannot be read. */
bool folder_copy(Arena *arena, Str from, Str to, Str *message);

/* Removes the folder with all that is in it, as far as it can be. Links are removed, not followed. */
void folder_remove(Arena *arena, Str folder);
