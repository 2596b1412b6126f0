#pragma once
/*
 * The table behind library.c: the generated one, and what others look like that are made at run
 * time. Private to library.c, catalogue_table.c and what library_generate.c prints.
 */
#include "python/library.h"

/* A name under which users do not know a thing, and the one under which they do. */
typedef struct {
  Str name;
  Str public_name;
  bool is_external; /* as in LibraryEntry */
} LibraryRename;

/* Both sorted by name, in the order of str_compare; no name twice. */
struct LibraryTable {
  const LibraryEntry *entries;
  uint32_t entry_count;
  const LibraryRename *renames;
  uint32_t rename_count;
};

extern const LibraryTable library_table;
