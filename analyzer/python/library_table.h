#pragma once
/*
 * The generated table behind library.c. Private to library.c and what library_generate.c prints.
 */
#include "python/library.h"

/* A name under which users do not know a thing, and the one under which they do. */
typedef struct {
  Str name;
  Str public_name;
} LibraryRename;

/* Both sorted by name, in the order of str_compare; no name twice. */
typedef struct {
  const LibraryEntry *entries;
  uint32_t entry_count;
  const LibraryRename *renames;
  uint32_t rename_count;
} LibraryTable;

extern const LibraryTable library_table;
