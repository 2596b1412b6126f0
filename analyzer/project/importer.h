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
  Vec(uint64_t) digests; /* one for each list of names */
} CoroutineNames;

/* `names` maps each name that importers may use for a file to its index in `facts`, which are NULL
   where there are none. What a package imports counts as its own: it may hand it on. */
CoroutineNames
coroutine_names(Arena *arena, const Map *names, const Facts *const *facts, uint32_t count);

/* A number for what a file's facts say of importing: what it imports, and what coroutine functions
   there are to import from it. */
uint64_t importing_digest(const Facts *facts);

/* A number for what there is to import by those names, as import_scan gives them: as long as it is
   the same, so is the answer for the text that they stand in. 0: none of them leads to a coroutine
   function. */
uint64_t importable_digest(const CoroutineNames *coroutines, const Strs *imported);

/* True if the text, which imports those names, uses a coroutine function's name of one of their
   modules. */
bool uses_coroutines(const CoroutineNames *coroutines, const Strs *imported, Str text);
