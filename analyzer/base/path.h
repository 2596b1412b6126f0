#pragma once
/*
 * Paths as text; nothing here looks at a disk. The separator is '/'.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

bool path_is_absolute(Str path);

/* path as seen from folder: "a" and "b" give "a/b"; an absolute path stays what it is. */
Str path_join(Arena *arena, Str folder, Str path);

/* Without "." parts, doubled and closing separators, and with ".." resolved as far as the text
   allows. The empty path is ".". (Where links are followed, "a/.." may be somewhere else.) */
Str path_normalise(Arena *arena, Str path);

/* The folder of a normalised path: "a/b" gives "a", "a" gives ".". "/" and "." are their own. */
Str path_parent(Str path);

/* The last part: "a/b.py" gives "b.py". */
Str path_name(Str path);

/* What is behind the last dot of the name: "a/b.py" gives "py"; "Makefile" and ".profile" none. */
Str path_extension(Str path);

/* The name without its extension: "a/b.py" gives "b". */
Str path_stem(Str path);

/* True if path is folder or lies in it. Requires: both normalised and seen from the same folder. */
bool path_is_inside(Str path, Str folder);

/* The path as seen from folder, with ".." where needed. Requires: as path_is_inside. If folder
   begins with ".." more often than path, there is no such path: returns path itself. */
Str path_relative(Arena *arena, Str path, Str folder);

/* The path as it stands in a URI: "a b.py" gives "a%20b.py". */
Str path_percent_encoded(Arena *arena, Str path);
