#include "python/catalogue.h"

#include <stdlib.h>

typedef struct {
  Catalogue *catalogue;
  const Library *library;
} Making;

/* The name under which others refer to what a stub calls `name`. */
static Str public_name(const Making *making, Str name) {
  const Record *record = catalogue_resolve(making->catalogue, name);
  if (record) return record->is_kept ? record->public_name : name;
  return library_public_name(making->library, name);
}

/* Only classes say something about a returned value. */
static Str returned_class(const Making *making, Str name) {
  const Record *record = catalogue_resolve(making->catalogue, name);
  if (str_is(name, "typing.Any")) return STR_EMPTY;
  if (record) return record->kind == LIBRARY_CLASS ? record->public_name : STR_EMPTY;
  const LibraryEntry *entry = name.len > 0 ? library_find(making->library, name) : NULL;
  bool is_class = entry && entry->kind == LIBRARY_CLASS;
  return is_class ? library_public_name(making->library, name) : STR_EMPTY;
}

static Str target_of(const Making *making, const Record *record) {
  if (record->kind == LIBRARY_CLASS) return STR_EMPTY;
  if (record->kind != LIBRARY_ALIAS) return returned_class(making, record->target);
  return catalogue_resolve(making->catalogue, record->target)->name;
}

static LibraryEntry entry_of(const Making *making, const Record *record) {
  Arena *arena = making->catalogue->arena;
  LibraryEntry entry = {
    .name = record->name,
    .kind = record->kind,
    .is_external = record->is_external,
    .target = target_of(making, record),
    .base_count = record->bases.count,
  };
  if (record->bases.count == 0) return entry;
  Str *bases = arena_array(arena, Str, record->bases.count);
  for (uint32_t i = 0; i < record->bases.count; i++) {
    bases[i] = public_name(making, record->bases.items[i]);
  }
  entry.bases = bases;
  return entry;
}

static int compare_records(const void *a, const void *b) {
  return str_compare((*(const Record *const *)a)->name, (*(const Record *const *)b)->name);
}

static uint32_t *make_slots(Arena *arena, uint32_t count, LibraryIndex *index) {
  uint32_t slot_count = 4;
  while (slot_count < 2 * count) slot_count *= 2;
  uint32_t *slots = arena_array(arena, uint32_t, slot_count);
  *index = (LibraryIndex){ slots, slot_count };
  return slots;
}

static void take_slot(uint32_t *slots, uint32_t slot_count, Str name, uint32_t number) {
  uint32_t at = (uint32_t)str_hash(name);
  while (slots[at & (slot_count - 1)] != 0) at++;
  slots[at & (slot_count - 1)] = number + 1;
}

static void index_names(Arena *arena, LibraryTable *table) {
  uint32_t *entries = make_slots(arena, table->entry_count, &table->entry_index);
  for (uint32_t i = 0; i < table->entry_count; i++)
    take_slot(entries, table->entry_index.slot_count, table->entries[i].name, i);
  uint32_t *renames = make_slots(arena, table->rename_count, &table->rename_index);
  for (uint32_t i = 0; i < table->rename_count; i++)
    take_slot(renames, table->rename_index.slot_count, table->renames[i].name, i);
}

const LibraryTable *catalogue_table(Catalogue *catalogue, const Library *library) {
  Arena *arena = catalogue->arena;
  Making making = { catalogue, library };
  const Record **kept = arena_array(arena, const Record *, catalogue->records.count + 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < catalogue->records.count; i++) {
    const Record *record = &catalogue->records.items[i];
    if (record->is_kept) kept[count++] = record;
  }
  qsort(kept, count, sizeof(*kept), compare_records);
  LibraryTable *table = arena_make(arena, LibraryTable);
  LibraryEntry *entries = arena_array(arena, LibraryEntry, count + 1);
  LibraryRename *renames = arena_array(arena, LibraryRename, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    const Record *record = kept[i];
    entries[table->entry_count++] = entry_of(&making, record);
    if (str_equal(record->name, record->public_name)) continue;
    renames[table->rename_count++] =
      (LibraryRename){ record->name, record->public_name, record->is_external };
  }
  table->entries = entries;
  table->renames = renames;
  index_names(arena, table);
  return table;
}
