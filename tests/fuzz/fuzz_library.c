// Any bytes that pass as a source, as a module of an installed package: what it imports is scanned, what it defines is
// read into a table, and every name of the table leads somewhere or nowhere.
#include "base/fatal.h"
#include "project/import_scan.h"
#include "python/catalogue.h"
#include "python/parse.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_names(const Strs *names) {
  for (uint32_t i = 0; i < names->count; i++) {
    if (names->items[i].len == 0) fatal("an import of nothing");
  }
}

static void read_as(Catalogue *catalogue, Parser *parser, const char *name, Str text) {
  Library standard = { .is_standard_only = true };
  ModuleIdentity identity = { .name = str_from(name), .is_package = str_is(str_from(name), "a") };
  Source source = source_build(catalogue->arena, STR("fuzz.py"), text);
  Tree tree = parse_source(parser, &source, catalogue->arena);
  ModuleOptions options = { .identity = identity, .library = &standard };
  catalogue_read(catalogue, module_build(catalogue->arena, tree, &options));
  Strs names = { 0 };
  import_scan(catalogue->arena, &identity, text, &names);
  import_scan(catalogue->arena, NULL, text, &names);
  check_names(&names);
}

static void check_table(Catalogue *catalogue) {
  Library standard = { .is_standard_only = true };
  Library library = { .installed = catalogue_table(catalogue, &standard) };
  for (uint32_t i = 0; i < library.installed->entry_count; i++) {
    const LibraryEntry *entry = &library.installed->entries[i];
    if (entry->name.len == 0) fatal("an entry without a name");
    library_find(&library, entry->name);
    library_find(&library, entry->target);
    library_is_subclass(&library, entry->name, STR("BaseException"));
    if (entry->kind == LIBRARY_CLASS) library_method(&library, entry, STR("close"));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = { .data = (const char *)data, .len = (uint32_t)size };
  uint32_t offset;
  if (source_fault(text, &offset) != SOURCE_OK) return 0;
  Arena *arena = arena_new();
  Parser *parser = parser_new();
  Catalogue catalogue = { .arena = arena, .is_external = true };
  read_as(&catalogue, parser, "a", text);
  read_as(&catalogue, parser, "a.b", text);
  for (uint32_t i = 0; i < catalogue.records.count; i++)
    catalogue_resolve(&catalogue, catalogue.records.items[i].name);
  catalogue_link(&catalogue);
  check_table(&catalogue);
  parser_free(parser);
  arena_free(arena);
  return 0;
}
