#pragma once
/*
 * URIs of documents, and the paths that stand behind them.
 */
#include "base/str.h"

/* The absolute, normalised path of a file: URI. Of any other, as of a text that is not saved yet, a
   path in the folder that no file has: the URI itself, with its slashes as dashes. */
Str uri_path(Arena *arena, Str uri, Str folder);

/* The file: URI of an absolute path. */
Str uri_of(Arena *arena, Str path);
