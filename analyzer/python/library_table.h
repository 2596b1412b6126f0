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

/* Where names stand in a list, each in the first free slot from its str_hash on: one more than their
   number, or 0. */
typedef struct {
  const uint32_t *slots;
  uint32_t slot_count; /* a power of two, more than there are names */
} LibraryIndex;

/* Both sorted by name, in the order of str_compare; no name twice. */
struct LibraryTable {
  const LibraryEntry *entries;
  uint32_t entry_count;
  LibraryIndex entry_index;
  const LibraryRename *renames;
  uint32_t rename_count;
  LibraryIndex rename_index;
};

extern const LibraryTable library_table;
