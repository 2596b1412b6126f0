#pragma once
/*
 * What git knows of a folder, asked of the user's own git.
 */
#include "base/arena.h"
#include "lint/settings.h"

/* The files below the folder that git tracks or does not ignore and whose names end in .py or
   .ipynb, relative to the folder. False if there is no git, the folder is in no repository, or the
   repository ignores the folder itself. */
bool git_files(Arena *arena, Str folder, Strs *files);
