#pragma once
/*
 * What git knows of a folder, asked of the user's own git.
 */
#include "base/arena.h"
#include "lint/settings.h"

typedef enum {
  GIT_LISTED,
  GIT_IGNORES, /* the folder itself */
  GIT_UNKNOWN, /* there is no git, or the folder is in no repository */
} GitListing;

/* The files below the folder that git tracks or does not ignore and whose names end in .py or
   .ipynb, relative to the folder. */
GitListing git_files(Arena *arena, Str folder, Strs *files);
