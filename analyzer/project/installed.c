#include "project/installed.h"

#include "base/file.h"
#include "python/catalogue.h"

enum {
  MAX_MODULES = 4000, /* read for one project */
  MAX_ROUNDS = 64,    /* of reading; each goes one step further from what the project imports */
  MAX_MODULE_BYTES = 8 << 20,
};

typedef struct {
  Str name;
  ModuleFile file;
  const Catalogue *read; /* NULL: not yet, or it cannot be read */
  bool is_joined;
} InstalledModule;

typedef struct {
  Arena *arena;
  Arena *scratch; /* reset after each look at the disk */
  const Environment *environment;
  Library *library;
  Library standard; /* what the modules themselves are read with */
  Catalogue catalogue;
  Vec(InstalledModule) modules;
  Map module_numbers; /* dotted name -> index into modules; UINT32_MAX: there is no file */
  uint32_t first_unread;
  Map asked;    /* names that have been asked for */
  Strs pending; /* those that wait for an answer */
} Reading;

/* --- modules --------------------------------------------------------------------------------- */

/* The number of the module, which is read in the next round if it is new; UINT32_MAX if it has no
   file. */
static uint32_t find_module(Reading *reading, Str name) {
  uint32_t number;
  if (map_get(&reading->module_numbers, name, &number)) return number;
  ModuleFile file = environment_module(reading->scratch, reading->environment, name);
  file.path = str_copy(reading->arena, file.path);
  arena_reset(reading->scratch);
  number = UINT32_MAX;
  if (file.path.len > 0 && reading->modules.count < MAX_MODULES) {
    number = reading->modules.count;
    InstalledModule module = { .name = name, .file = file };
    vec_push(reading->arena, &reading->modules, module);
  }
  map_put(reading->arena, &reading->module_numbers, name, number);
  return number;
}

static void read_module(void *state, uint32_t item, Worker *worker) {
  Reading *reading = state;
  InstalledModule *module = &reading->modules.items[reading->first_unread + item];
  Str text;
  if (file_read(worker->arena, module->file.path, MAX_MODULE_BYTES, &text) != FILE_OK) return;
  uint32_t offset;
  if (source_fault(text, &offset) != SOURCE_OK) return;
  Source source = source_build(worker->arena, module->file.path, text);
  Tree tree = parse_source(worker->parser, &source, worker->arena);
  ModuleOptions options = {
    .identity = { .name = module->name, .is_package = module->file.is_package },
    .library = &reading->standard,
  };
  Catalogue *catalogue = arena_make(worker->keep, Catalogue);
  *catalogue = (Catalogue){ .arena = worker->keep, .is_external = true };
  catalogue_read(catalogue, module_build(worker->arena, tree, &options));
  module->read = catalogue;
}

/* Reads the modules that have been asked for since; false if there are none. */
static bool read_round(Reading *reading, Pool *pool) {
  uint32_t first = reading->first_unread, count = reading->modules.count - first;
  if (count == 0) return false;
  pool_run(pool, count, read_module, reading);
  for (uint32_t i = first; i < reading->modules.count; i++) {
    InstalledModule *module = &reading->modules.items[i];
    module->is_joined = true;
    if (module->read) catalogue_add_all(&reading->catalogue, module->read);
  }
  reading->first_unread = reading->modules.count;
  return true;
}

/* --- names ----------------------------------------------------------------------------------- */

static void ask(Reading *reading, Str name) {
  if (name.len == 0 || !map_add(reading->arena, &reading->asked, name, 0)) return;
  vec_push(reading->arena, &reading->pending, name);
}

static void ask_joined(Reading *reading, Str name, Str rest) {
  ask(reading, rest.len == 0 ? name : str_join(reading->arena, name, '.', rest));
}

static Str top_of(Str name) { return str_next(&name, '.'); }

/* Everything that the module has for those who import it as a whole. */
static void ask_exports(Reading *reading, const Stub *stub) {
  for (uint32_t i = 0; i < stub->exports.count; i++)
    ask_joined(reading, stub->module, stub->exports.items[i]);
  for (uint32_t i = 0; i < stub->star_modules.count; i++)
    ask_joined(reading, stub->star_modules.items[i], STR("*"));
}

static void ask_of_class(Reading *reading, const Record *class_record, const Stub *stub) {
  for (uint32_t i = 0; i < class_record->bases.count; i++)
    ask(reading, class_record->bases.items[i]);
  for (uint32_t i = stub->first_record; i < stub->end_record; i++) {
    const Record *record = &reading->catalogue.records.items[i];
    if (str_equal(record->owner, class_record->name)) ask(reading, record->target);
  }
}

/* What `rest` of the module leads to. */
static void ask_of_member(Reading *reading, const Stub *stub, Str rest) {
  Str member = str_next(&rest, '.');
  Str name = str_join(reading->arena, stub->module, '.', member);
  const Record *record = catalogue_find(&reading->catalogue, name);
  if (record == NULL) {
    for (uint32_t i = 0; i < stub->star_modules.count; i++)
      ask_joined(reading, stub->star_modules.items[i], member);
  } else if (record->kind == LIBRARY_ALIAS) {
    ask_joined(reading, record->target, rest);
  } else if (record->kind == LIBRARY_CLASS) {
    ask_of_class(reading, record, stub);
  } else {
    ask(reading, record->target);
  }
}

/* The modules that a name leads through: each part of it that is one. False if one has to be read
   first. */
static bool find_modules(Reading *reading, Str name, Str *found, Str *rest) {
  bool is_ready = true;
  *found = STR_EMPTY;
  *rest = name;
  Str behind = name;
  while (behind.len > 0) {
    str_next(&behind, '.');
    uint32_t len = name.len - behind.len;
    Str module = str_slice(name, 0, behind.len > 0 ? len - 1 : len);
    uint32_t number = find_module(reading, module);
    if (number == UINT32_MAX) continue;
    is_ready &= reading->modules.items[number].is_joined;
    *found = module;
    *rest = behind;
    if (!reading->modules.items[number].file.is_package) break;
  }
  return is_ready;
}

/* False if it has to be asked again when more has been read. */
static bool answer(Reading *reading, Str name) {
  uint32_t home;
  Str top = top_of(name), module, rest;
  bool is_known = map_get(&reading->library->packages, top, &home);
  if (is_known && home == PACKAGE_OWN) return true;
  if (!is_known && library_is_standard(top)) return true;
  if (!find_modules(reading, name, &module, &rest)) return false;
  if (module.len == 0) return true;
  if (!is_known) map_add(reading->arena, &reading->library->packages, top, PACKAGE_INSTALLED);
  const Stub *stub = catalogue_stub(&reading->catalogue, module);
  if (stub == NULL) return true;
  if (rest.len == 0 || str_is(rest, "*")) ask_exports(reading, stub);
  else ask_of_member(reading, stub, rest);
  /* A package may have something else under the name of one of its modules. */
  const Stub *parent = catalogue_stub(&reading->catalogue, str_before_last(module, '.'));
  if (parent != NULL && rest.len == 0) ask_of_member(reading, parent, str_after_last(module, '.'));
  return true;
}

static void answer_all(Reading *reading) {
  Strs waiting = { 0 };
  for (uint32_t i = 0; i < reading->pending.count; i++) {
    Str name = reading->pending.items[i];
    if (!answer(reading, name)) vec_push(reading->arena, &waiting, name);
  }
  reading->pending = waiting;
}

void installed_read(
  Arena *arena, Pool *pool, const Environment *environment, const Strs *imported, Library *library
) {
  Reading reading = {
    .arena = arena,
    .scratch = arena_new(),
    .environment = environment,
    .library = library,
    .standard = { .is_standard_only = true },
    .catalogue = { .arena = arena, .is_external = true },
  };
  for (uint32_t i = 0; i < imported->count; i++) ask(&reading, imported->items[i]);
  for (int round = 0; round < MAX_ROUNDS; round++) {
    answer_all(&reading);
    if (!read_round(&reading, pool)) break;
  }
  arena_free(reading.scratch);
  if (reading.catalogue.records.count == 0) return;
  catalogue_link(&reading.catalogue);
  library->installed = catalogue_table(&reading.catalogue, &reading.standard);
}
