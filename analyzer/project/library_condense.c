/*
 * Tool: prints what matters to asyncio in the packages of a virtual environment, for the table
 * behind library.h.
 *
 *   library_condense VENV IMPORTS OUTPUT
 *
 * IMPORTS is a Python source that imports what users import. The output, which library_generate
 * reads, has a line for each entry that is worth keeping: see python/catalogue_line.h.
 */
#include "base/file.h"
#include "base/text.h"
#include "project/import_scan.h"
#include "project/installed.h"
#include "python/catalogue_line.h"
#include "python/library_table.h"

#include <stdio.h>

enum { LARGEST_SOURCE = 1 << 20 /* bytes */ };

typedef struct {
  Library library;
  const LibraryTable *table;
  bool *is_relevant; /* per entry */
} Selection;

static uint32_t index_of(const Selection *selection, Str name) {
  const LibraryEntry *entry = library_find(&selection->library, name);
  const LibraryEntry *first = selection->table->entries;
  bool is_inside = entry >= first && entry < first + selection->table->entry_count;
  return is_inside ? (uint32_t)(entry - first) : UINT32_MAX;
}

static bool is_relevant(const Selection *selection, Str name) {
  uint32_t index = name.len > 0 ? index_of(selection, name) : UINT32_MAX;
  return index != UINT32_MAX && selection->is_relevant[index];
}

static bool has_relevant_base(const Selection *selection, const LibraryEntry *entry) {
  for (uint32_t i = 0; i < entry->base_count; i++) {
    if (is_relevant(selection, entry->bases[i])) return true;
  }
  return false;
}

/* Rules tell these apart from other failures. */
static bool is_special_exception(const Selection *selection, Str name) {
  static const char *const SPECIAL[] = {
    "TimeoutError", "asyncio.TimeoutError", "asyncio.CancelledError", "BaseExceptionGroup"
  };
  for (size_t i = 0; i < sizeof SPECIAL / sizeof *SPECIAL; i++) {
    if (library_is_subclass(&selection->library, name, str_from(SPECIAL[i]))) return true;
  }
  return library_is_subclass(&selection->library, name, STR("BaseException")) &&
    !library_is_subclass(&selection->library, name, STR("Exception"));
}

/* A method that is none hides a coroutine function of a base. */
static bool hides_coroutine(const Selection *selection, const LibraryEntry *entry) {
  const Library *library = &selection->library;
  const LibraryEntry *owner = library_find(library, str_before_last(entry->name, '.'));
  if (owner == NULL || owner->kind != LIBRARY_CLASS) return false;
  for (uint32_t i = 0; i < owner->base_count; i++) {
    const LibraryEntry *base = library_find(library, owner->bases[i]);
    const LibraryEntry *method = base != NULL && base->kind == LIBRARY_CLASS
      ? library_method(library, base, str_after_last(entry->name, '.'))
      : NULL;
    if (method != NULL && method->kind == LIBRARY_COROUTINE) return true;
  }
  return false;
}

/* Whether it is a coroutine function, is there for one, or leads to one. */
static bool decide(const Selection *selection, const LibraryEntry *entry) {
  switch (entry->kind) {
  case LIBRARY_COROUTINE:
  case LIBRARY_ASYNC_GENERATOR:
  case LIBRARY_NEVER_RETURNS:
    return true;
  case LIBRARY_FUNCTION:
    return is_relevant(selection, entry->target) || hides_coroutine(selection, entry);
  case LIBRARY_CLASS:
    return has_relevant_base(selection, entry) || is_special_exception(selection, entry->name);
  default:
    return is_relevant(selection, entry->target);
  }
}

/* Marks the entry, and the class that it is a member of; true if that is new. */
static bool mark(Selection *selection, uint32_t index) {
  if (selection->is_relevant[index]) return false;
  selection->is_relevant[index] = true;
  const LibraryEntry *entry = &selection->table->entries[index];
  uint32_t owner = index_of(selection, str_before_last(entry->name, '.'));
  bool is_member = owner != UINT32_MAX && entry->kind != LIBRARY_ALIAS;
  if (is_member) selection->is_relevant[owner] = true;
  return true;
}

static void select_entries(Selection *selection) {
  for (bool has_new = true; has_new;) {
    has_new = false;
    for (uint32_t i = 0; i < selection->table->entry_count; i++) {
      if (decide(selection, &selection->table->entries[i])) has_new |= mark(selection, i);
    }
  }
}

/* --- printing -------------------------------------------------------------------------------- */

static Str selected_text(Arena *arena, const Selection *selection) {
  Text text = { .arena = arena };
  text_add(&text, STR("# Written by `./dev libraries`; see libraries/README.md.\n"));
  Str class_name = STR_EMPTY;
  for (uint32_t i = 0; i < selection->table->entry_count; i++) {
    const LibraryEntry *entry = &selection->table->entries[i];
    if (!selection->is_relevant[i]) continue;
    text_add_entry(&text, entry, class_name);
    if (entry->kind == LIBRARY_CLASS) class_name = entry->name;
  }
  return text_str(&text);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s VENV IMPORTS OUTPUT\n", argv[0]);
    return 2;
  }
  Arena *arena = arena_new();
  Environment environment;
  Str why, text;
  Strs imported = { 0 };
  if (!environment_open(arena, str_from(argv[1]), &environment, &why)) {
    fprintf(stderr, "%s %.*s\n", argv[1], STR_ARGS(why));
    return 2;
  }
  FileFault fault = file_read(arena, str_from(argv[2]), LARGEST_SOURCE, &text);
  if (fault != FILE_OK) {
    fprintf(stderr, "%s %s\n", argv[2], file_fault_text(fault));
    return 2;
  }
  import_scan(arena, NULL, text, &imported);
  Selection selection = { .library = { .installed = NULL } };
  Pool *pool = pool_new(1);
  installed_read(arena, pool, &environment, &imported, &selection.library);
  selection.table = selection.library.installed;
  bool is_done = selection.table != NULL;
  if (is_done) {
    selection.is_relevant = arena_array(arena, bool, selection.table->entry_count);
    select_entries(&selection);
    is_done = file_put(arena, str_from(argv[3]), selected_text(arena, &selection)) == FILE_OK;
  }
  if (!is_done) fprintf(stderr, "%s: nothing written to %s\n", argv[0], argv[3]);
  pool_free(pool);
  arena_free(arena);
  return is_done ? 0 : 2;
}
