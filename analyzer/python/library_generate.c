/*
 * Host tool: prints the table behind library.h from the standard library's stubs in typeshed, and
 * from what library_condense has found in the sources of other libraries.
 *
 *   library_generate STUBS LIBRARIES OUTPUT
 *
 * STUBS is typeshed's folder `stdlib`, LIBRARIES is libraries/table.txt. The output depends on
 * these alone.
 */
#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "python/catalogue_line.h"
#include "python/parse.h"

#include <stdio.h>

enum { STUB_LIMIT = 8 * 1024 * 1024 /* bytes */ };

/* The front end asks it while the stubs are read, when nothing is known yet. */
static const uint32_t NO_SLOTS[1];
const LibraryTable library_table = { .entry_index = { NO_SLOTS, 1 },
                                     .rename_index = { NO_SLOTS, 1 } };

/* Lists the stubs below the folder as paths relative to it, sorted. */
static bool list_stubs(Arena *arena, Str folder, Strs *stubs) {
  Strs folders = { 0 };
  vec_push(arena, &folders, STR_EMPTY);
  for (uint32_t i = 0; i < folders.count; i++) {
    Str below = folders.items[i];
    FileEntries entries = { 0 };
    Str path = below.len == 0 ? folder : path_join(arena, folder, below);
    if (file_list(arena, path, &entries) != FILE_OK) return false;
    for (uint32_t j = 0; j < entries.count; j++) {
      const FileEntry *entry = &entries.items[j];
      Str found = str_join(arena, below, '/', entry->name);
      if (entry->kind == FILE_KIND_DIRECTORY) vec_push(arena, &folders, found);
      else if (str_ends_with(found, STR(".pyi"))) vec_push(arena, stubs, found);
    }
  }
  return stubs->count > 0;
}

/* "asyncio/tasks.pyi" is asyncio.tasks. Builtins have no module, as their names have none. */
static ModuleIdentity identity_of(Arena *arena, Str stub) {
  Str path = str_slice(stub, 0, stub.len - STR(".pyi").len);
  ModuleIdentity identity = { .name = STR_EMPTY };
  if (str_is(path, "builtins")) return identity;
  while (path.len > 0) {
    Str part = str_next(&path, '/');
    identity.is_package = str_is(part, "__init__");
    if (!identity.is_package) identity.name = str_join(arena, identity.name, '.', part);
  }
  return identity;
}

static bool read_stubs(Catalogue *catalogue, Str folder, const Strs *stubs) {
  Parser *parser = parser_new();
  Arena *arena = arena_new();
  bool is_read = true;
  for (uint32_t i = 0; i < stubs->count && is_read; i++) {
    arena_reset(arena);
    Str text, path = path_join(arena, folder, stubs->items[i]);
    is_read = file_read(arena, path, STUB_LIMIT, &text) == FILE_OK;
    if (!is_read) break;
    Source source = source_build(arena, path, text);
    ModuleOptions options = { .identity = identity_of(arena, stubs->items[i]) };
    Tree tree = parse_source(parser, &source, arena);
    catalogue_read(catalogue, module_build(arena, tree, &options));
  }
  arena_free(arena);
  parser_free(parser);
  return is_read;
}

/* -- Other libraries -------------------------------------------------------------------------- */

static bool read_libraries(Catalogue *catalogue, Str path) {
  Str text, owner = STR_EMPTY;
  if (file_read(catalogue->arena, path, STUB_LIMIT, &text) != FILE_OK) return false;
  while (text.len > 0) {
    Str line = str_next(&text, '\n');
    bool is_comment = str_starts_with(line, STR("#"));
    if (line.len > 0 && !is_comment && !catalogue_read_line(catalogue, line, &owner)) return false;
  }
  return true;
}

/* -- Printing --------------------------------------------------------------------------------- */

static const char *const KIND_NAMES[] = {
  [LIBRARY_FUNCTION] = "LIBRARY_FUNCTION",
  [LIBRARY_COROUTINE] = "LIBRARY_COROUTINE",
  [LIBRARY_ASYNC_GENERATOR] = "LIBRARY_ASYNC_GENERATOR",
  [LIBRARY_NEVER_RETURNS] = "LIBRARY_NEVER_RETURNS",
  [LIBRARY_CLASS] = "LIBRARY_CLASS",
  [LIBRARY_ALIAS] = "LIBRARY_ALIAS",
};

static void print_str(Text *text, Str str) {
  text_format(text, "{ \"%.*s\", %u }", STR_ARGS(str), str.len);
}

static void print_bases(Text *text, const LibraryEntry *entry) {
  for (uint32_t i = 0; i < entry->base_count; i++) {
    text_add(text, STR("  "));
    print_str(text, entry->bases[i]);
    text_add(text, STR(",\n"));
  }
}

/* `base` is the place of the entry's bases among all. */
static void print_entry(Text *text, const LibraryEntry *entry, uint32_t base) {
  text_add(text, STR("  { "));
  print_str(text, entry->name);
  text_format(text, ", %s, %d, ", KIND_NAMES[entry->kind], entry->is_external);
  print_str(text, entry->target);
  if (entry->base_count > 0) {
    text_format(text, ", &BASES[%u], %u },\n", base, entry->base_count);
  } else {
    text_add(text, STR(", NULL, 0 },\n"));
  }
}

static void print_rename(Text *text, const LibraryRename *rename) {
  text_add(text, STR("  { "));
  print_str(text, rename->name);
  text_add(text, STR(", "));
  print_str(text, rename->public_name);
  text_format(text, ", %d },\n", rename->is_external);
}

static void print_slots(Text *text, const char *name, const LibraryIndex *index) {
  text_format(text, "};\n\nstatic const uint32_t %s[] = {", name);
  for (uint32_t i = 0; i < index->slot_count; i++)
    text_format(text, "%s%u,", i % 16 == 0 ? "\n  " : " ", index->slots[i]);
  text_add(text, STR("\n"));
}

static Str table_text(Arena *arena, const LibraryTable *table) {
  Text text = { .arena = arena };
  text_add(
    &text, STR("/* Generated by library_generate from typeshed and libraries/table.txt. */\n")
  );
  text_add(&text, STR("#include \"python/library_table.h\"\n\n#include <stddef.h>\n\n"));
  text_add(&text, STR("static const Str BASES[] = {\n"));
  for (uint32_t i = 0; i < table->entry_count; i++) print_bases(&text, &table->entries[i]);
  text_add(&text, STR("};\n\nstatic const LibraryEntry ENTRIES[] = {\n"));
  for (uint32_t i = 0, base = 0; i < table->entry_count; i++) {
    print_entry(&text, &table->entries[i], base);
    base += table->entries[i].base_count;
  }
  text_add(&text, STR("};\n\nstatic const LibraryRename RENAMES[] = {\n"));
  for (uint32_t i = 0; i < table->rename_count; i++) print_rename(&text, &table->renames[i]);
  print_slots(&text, "ENTRY_SLOTS", &table->entry_index);
  print_slots(&text, "RENAME_SLOTS", &table->rename_index);
  text_add(&text, STR("};\n\nconst LibraryTable library_table = {\n"));
  text_format(
    &text,
    "  ENTRIES, %u, { ENTRY_SLOTS, %u },\n  RENAMES, %u, { RENAME_SLOTS, %u },\n};\n",
    table->entry_count,
    table->entry_index.slot_count,
    table->rename_count,
    table->rename_index.slot_count
  );
  return text_str(&text);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s STUBS LIBRARIES OUTPUT\n", argv[0]);
    return 2;
  }
  Catalogue catalogue = { .arena = arena_new() };
  Strs stubs = { 0 };
  Str folder = str_from(argv[1]);
  bool is_done = list_stubs(catalogue.arena, folder, &stubs) &&
    read_stubs(&catalogue, folder, &stubs) && read_libraries(&catalogue, str_from(argv[2]));
  if (is_done) {
    catalogue_link(&catalogue);
    Str text = table_text(catalogue.arena, catalogue_table(&catalogue, NULL));
    is_done = file_put(catalogue.arena, str_from(argv[3]), text) == FILE_OK;
  }
  if (!is_done)
    fprintf(stderr, "%s: cannot turn %s and %s into %s\n", argv[0], argv[1], argv[2], argv[3]);
  arena_free(catalogue.arena);
  return is_done ? 0 : 2;
}
