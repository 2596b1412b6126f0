#pragma once
/*
 * Importer: whether a file without a word of async uses coroutine functions of the project all the
 * same.
 *
 * A cheap look at the text, before anything is parsed: its import statements, and the names of the
 * coroutine functions in the modules that they name. It may take a string for an import, which
 * costs a parse; it misses what is imported in any other way than by a statement.
 */
#include <stdbool.h>

#include "lint/settings.h"
#include "python/facts.h"

/* The coroutine functions that importers of each module can use, by bare name. */
typedef struct {
  Map modules; /* dotted name -> index into names */
  Vec(Strs) names;
} CoroutineNames;

/* `names` maps each name that importers may use for a file to its index in `facts`, which are NULL
   where there are none. What a package imports counts as its own: it may hand it on. */
CoroutineNames
coroutine_names(Arena *arena, const Map *names, const Facts *const *facts, uint32_t count);

/* True if the text imports a module of which it uses a coroutine function's name. */
bool uses_coroutines(
  Arena *arena, const CoroutineNames *coroutines, const ModuleIdentity *identity, Str text
);
