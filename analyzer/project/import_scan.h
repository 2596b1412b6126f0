#pragma once
/*
 * ImportScan: which names a source imports, read off its lines without parsing. Finds more than
 * there is (lines of a docstring that look like imports), never less, but for imports that share a
 * line with other statements.
 */
#include "lint/settings.h"
#include "python/module.h"

/* Adds a dotted name for each module and for each name that is imported from one: "a.b" for `import
   a.b`, "a.b.C" for `from a.b import C`, "a.b.*" for a star. Relative imports start from the module
   of that identity; without one (NULL) they are left out. Names are slices of the text or in the
   arena. */
void import_scan(Arena *arena, const ModuleIdentity *identity, Str text, Strs *names);
