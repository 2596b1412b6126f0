#include "python/library.h"

#include "python/library_table.h"

#include <stdlib.h>
#include <string.h>

enum {
  NAME_LIMIT = 256, /* bytes; no name in the table is that long */
  ALIAS_LIMIT = 8,
  BASE_LIMIT = 64, /* classes among the bases of one class */
};

/* The number of entries whose names come before that one. */
static uint32_t entries_before(const LibraryTable *table, Str name) {
  uint32_t low = 0, high = table->entry_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (str_compare(table->entries[middle].name, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

static const LibraryEntry *entry_in(const LibraryTable *table, Str name) {
  const LibraryIndex *index = &table->entry_index;
  for (uint32_t at = (uint32_t)str_hash(name);; at++) {
    uint32_t number = index->slots[at & (index->slot_count - 1)];
    if (number == 0) return NULL;
    if (str_equal(table->entries[number - 1].name, name)) return &table->entries[number - 1];
  }
}

static const LibraryRename *rename_in(const LibraryTable *table, Str name) {
  const LibraryIndex *index = &table->rename_index;
  for (uint32_t at = (uint32_t)str_hash(name);; at++) {
    uint32_t number = index->slots[at & (index->slot_count - 1)];
    if (number == 0) return NULL;
    if (str_equal(table->renames[number - 1].name, name)) return &table->renames[number - 1];
  }
}

/* --- which table ------------------------------------------------------------------------------ */

/* The table that answers for an external name; NULL: none does. */
static const LibraryTable *table_of(const Library *library, Str name) {
  if (library->is_standard_only) return NULL;
  uint32_t home;
  if (!map_get(&library->packages, str_next(&name, '.'), &home)) return &library_table;
  return home == PACKAGE_INSTALLED ? library->installed : NULL;
}

/* True if what the table says of a name, or that it says nothing, holds for every project. */
static bool is_settled(const Library *library, bool is_found, bool is_external) {
  return library == NULL || (is_found ? !is_external : library->installed == NULL);
}

static const LibraryEntry *find_entry(const Library *library, Str name) {
  const LibraryEntry *entry = entry_in(&library_table, name);
  if (is_settled(library, entry != NULL, entry != NULL && entry->is_external)) return entry;
  const LibraryTable *table = table_of(library, name);
  if (table == NULL) return NULL;
  return table == &library_table ? entry : entry_in(table, name);
}

static const LibraryRename *find_rename(const Library *library, Str name) {
  const LibraryRename *rename = rename_in(&library_table, name);
  if (is_settled(library, rename != NULL, rename != NULL && rename->is_external)) return rename;
  const LibraryTable *table = table_of(library, name);
  if (table == NULL) return NULL;
  return table == &library_table ? rename : rename_in(table, name);
}

/* --- queries ---------------------------------------------------------------------------------- */

static const LibraryEntry *follow(const Library *library, const LibraryEntry *entry) {
  for (uint32_t i = 0; i < ALIAS_LIMIT && entry && entry->kind == LIBRARY_ALIAS; i++) {
    entry = find_entry(library, entry->target);
  }
  return entry;
}

static Str without_builtins(Str name) {
  Str prefix = STR("builtins.");
  return str_starts_with(name, prefix) ? str_slice(name, prefix.len, name.len) : name;
}

/* A class and its bases, each once, in the order in which attributes are looked up in simple
   hierarchies. */
typedef struct {
  const LibraryEntry *items[BASE_LIMIT];
  uint32_t count;
} Hierarchy;

static void add_class(Hierarchy *hierarchy, const LibraryEntry *entry) {
  if (!entry || entry->kind != LIBRARY_CLASS || hierarchy->count == BASE_LIMIT) return;
  for (uint32_t i = 0; i < hierarchy->count; i++) {
    if (hierarchy->items[i] == entry) return;
  }
  hierarchy->items[hierarchy->count++] = entry;
}

static void
collect_hierarchy(const Library *library, Hierarchy *hierarchy, const LibraryEntry *entry) {
  add_class(hierarchy, entry);
  for (uint32_t i = 0; i < hierarchy->count; i++) {
    const LibraryEntry *class_entry = hierarchy->items[i];
    for (uint32_t base = 0; base < class_entry->base_count; base++) {
      add_class(hierarchy, follow(library, find_entry(library, class_entry->bases[base])));
    }
  }
}

const LibraryEntry *
library_method(const Library *library, const LibraryEntry *class_entry, Str method) {
  Hierarchy hierarchy = { .count = 0 };
  collect_hierarchy(library, &hierarchy, class_entry);
  for (uint32_t i = 0; i < hierarchy.count; i++) {
    char name[NAME_LIMIT];
    Str owner = hierarchy.items[i]->name;
    if (owner.len + 1 + method.len > NAME_LIMIT) continue;
    memcpy(name, owner.data, owner.len);
    name[owner.len] = '.';
    memcpy(name + owner.len + 1, method.data, method.len);
    const LibraryEntry *entry = find_entry(library, (Str){ name, owner.len + 1 + method.len });
    if (entry) return follow(library, entry);
  }
  return NULL;
}

const LibraryEntry *library_find(const Library *library, Str name) {
  name = without_builtins(name);
  const LibraryEntry *entry = find_entry(library, name);
  if (entry) return follow(library, entry);
  const LibraryEntry *owner = follow(library, find_entry(library, str_before_last(name, '.')));
  return owner ? library_method(library, owner, str_after_last(name, '.')) : NULL;
}

Str library_public_name(const Library *library, Str name) {
  name = without_builtins(name);
  const LibraryRename *rename = find_rename(library, name);
  return rename == NULL ? name : rename->public_name;
}

bool library_is_subclass(const Library *library, Str name, Str base) {
  name = library_public_name(library, name);
  base = library_public_name(library, base);
  if (str_equal(name, base)) return true;
  const LibraryEntry *wanted = library_find(library, base);
  Hierarchy hierarchy = { .count = 0 };
  collect_hierarchy(library, &hierarchy, library_find(library, name));
  for (uint32_t i = 0; i < hierarchy.count; i++) {
    const LibraryEntry *entry = hierarchy.items[i];
    if (entry == wanted) return true;
    for (uint32_t j = 0; j < entry->base_count; j++) {
      if (str_equal(entry->bases[j], base)) return true;
    }
  }
  return false;
}

/* The first entry of the package; NULL if the table has none. */
static const LibraryEntry *entry_of_package(Str package) {
  uint32_t index = entries_before(&library_table, package);
  for (; index < library_table.entry_count; index++) {
    const LibraryEntry *entry = &library_table.entries[index];
    if (!str_starts_with(entry->name, package)) return NULL;
    bool is_inside = entry->name.len == package.len || entry->name.data[package.len] == '.';
    if (is_inside) return entry;
  }
  return NULL;
}

bool library_is_standard(Str package) {
  const LibraryEntry *entry = entry_of_package(package);
  return entry != NULL && !entry->is_external;
}

/* --- as bytes --------------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b) {
  return str_compare((*(const MapSlot *const *)a)->key, (*(const MapSlot *const *)b)->key);
}

static void write_name(Text *text, Str name) {
  text_format(text, "%u:", name.len);
  text_add(text, name);
}

/* In order. What is the project's own hides what the tables have of that name; if they have nothing,
   no answer depends on it. */
static void write_packages(Text *text, const Library *library) {
  const MapSlot **slots = arena_array(text->arena, const MapSlot *, library->packages.count + 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < library->packages.capacity; i++) {
    const MapSlot *slot = &library->packages.slots[i];
    if (slot->hash == 0) continue;
    bool is_hiding = slot->value != PACKAGE_OWN || entry_of_package(slot->key) != NULL;
    if (is_hiding) slots[count++] = slot;
  }
  if (count > 1) qsort(slots, count, sizeof *slots, compare_names);
  for (uint32_t i = 0; i < count; i++) {
    write_name(text, slots[i]->key);
    text_format(text, "%u,", slots[i]->value);
  }
}

static void write_table(Text *text, const LibraryTable *table) {
  for (uint32_t i = 0; i < table->entry_count; i++) {
    const LibraryEntry *entry = &table->entries[i];
    write_name(text, entry->name);
    write_name(text, entry->target);
    text_format(text, "%u%d%u", entry->kind, entry->is_external, entry->base_count);
    for (uint32_t base = 0; base < entry->base_count; base++) write_name(text, entry->bases[base]);
  }
  for (uint32_t i = 0; i < table->rename_count; i++) {
    const LibraryRename *rename = &table->renames[i];
    write_name(text, rename->name);
    write_name(text, rename->public_name);
    text_format(text, "%d", rename->is_external);
  }
}

void library_write(Text *text, const Library *library) {
  text_format(text, "%d", library->is_standard_only);
  write_packages(text, library);
  text_format(text, "%d", library->installed != NULL);
  if (library->installed == NULL) return;
  text_format(text, "%u,%u,", library->installed->entry_count, library->installed->rename_count);
  write_table(text, library->installed);
}
