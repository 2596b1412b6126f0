#include "python/library.h"

#include "python/library_table.h"

#include <string.h>

enum {
  NAME_LIMIT = 256, /* bytes; no name in the table is that long */
  ALIAS_LIMIT = 8,
  BASE_LIMIT = 64, /* classes among the bases of one class */
};

static const LibraryEntry *find_entry(Str name) {
  uint32_t low = 0, high = library_table.entry_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    int order = str_compare(library_table.entries[middle].name, name);
    if (order == 0) return &library_table.entries[middle];
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return NULL;
}

static const LibraryEntry *follow(const LibraryEntry *entry) {
  for (uint32_t i = 0; i < ALIAS_LIMIT && entry && entry->kind == LIBRARY_ALIAS; i++) {
    entry = find_entry(entry->target);
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

static void collect_hierarchy(Hierarchy *hierarchy, const LibraryEntry *entry) {
  add_class(hierarchy, entry);
  for (uint32_t i = 0; i < hierarchy->count; i++) {
    const LibraryEntry *class_entry = hierarchy->items[i];
    for (uint32_t base = 0; base < class_entry->base_count; base++) {
      add_class(hierarchy, follow(find_entry(class_entry->bases[base])));
    }
  }
}

const LibraryEntry *library_method(const LibraryEntry *class_entry, Str method) {
  Hierarchy hierarchy = { .count = 0 };
  collect_hierarchy(&hierarchy, class_entry);
  for (uint32_t i = 0; i < hierarchy.count; i++) {
    char name[NAME_LIMIT];
    Str owner = hierarchy.items[i]->name;
    if (owner.len + 1 + method.len > NAME_LIMIT) continue;
    memcpy(name, owner.data, owner.len);
    name[owner.len] = '.';
    memcpy(name + owner.len + 1, method.data, method.len);
    const LibraryEntry *entry = find_entry((Str){ name, owner.len + 1 + method.len });
    if (entry) return follow(entry);
  }
  return NULL;
}

const LibraryEntry *library_find(Str name) {
  name = without_builtins(name);
  const LibraryEntry *entry = find_entry(name);
  if (entry) return follow(entry);
  const LibraryEntry *owner = follow(find_entry(str_before_last(name, '.')));
  return owner ? library_method(owner, str_after_last(name, '.')) : NULL;
}

Str library_public_name(Str name) {
  name = without_builtins(name);
  uint32_t low = 0, high = library_table.rename_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    const LibraryRename *rename = &library_table.renames[middle];
    int order = str_compare(rename->name, name);
    if (order == 0) return rename->public_name;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return name;
}

bool library_is_subclass(Str name, Str base) {
  name = library_public_name(name);
  base = library_public_name(base);
  if (str_equal(name, base)) return true;
  const LibraryEntry *wanted = library_find(base);
  Hierarchy hierarchy = { .count = 0 };
  collect_hierarchy(&hierarchy, library_find(name));
  for (uint32_t i = 0; i < hierarchy.count; i++) {
    const LibraryEntry *entry = hierarchy.items[i];
    if (entry == wanted) return true;
    for (uint32_t j = 0; j < entry->base_count; j++) {
      if (str_equal(entry->bases[j], base)) return true;
    }
  }
  return false;
}
