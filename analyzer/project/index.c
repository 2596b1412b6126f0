#include "project/index.h"

#include "lint/screen.h"
#include "project/import_scan.h"
#include "project/importer.h"
#include "project/installed.h"

typedef struct {
  const SourceFiles *files;
  const ModuleIdentity *identities;
  const Vocabulary *const *vocabularies; /* per file */
  const Overlays *overlays;
  const uint32_t *items; /* which files this round is about */
  const Facts **facts;   /* per file; NULL: not collected */
  const ParsedFiles *parsed;
  const CoroutineNames *coroutines; /* of the files collected so far */
  const Library *library;
  bool only_async; /* this round passes over files without a word of async */
} Round;

static void keep_parsed(const ParsedFiles *parsed, uint32_t file, const Tree *tree, Arena *keep) {
  if (file >= parsed->count) return;
  const Source *source = tree->source;
  size_t bytes = sizeof(ParsedFile) + source->text.len + source->code.len +
    sizeof(uint32_t) * source->line_count + sizeof(NodeRow) * tree->count +
    sizeof(Span) * tree->comments.count;
  if (!budget_take(parsed->budget, bytes)) return;
  ParsedFile *kept = arena_make(keep, ParsedFile);
  kept->source = source_copy(keep, source);
  kept->tree = tree_copy(keep, tree, &kept->source);
  parsed->items[file] = kept;
}

static bool read_file(const Round *round, uint32_t file, Arena *arena, SourceText *read) {
  Problem problem;
  return source_text_read(arena, &round->files->items[file], round->overlays, read, &problem);
}

static void
collect_read(Round *round, uint32_t file, const SourceText *read, bool is_linted, Worker *worker) {
  Source source = source_text_build(worker->arena, &round->files->items[file], read);
  Tree tree = parse_source(worker->parser, &source, worker->arena);
  ModuleOptions options = {
    .identity = round->identities[file],
    .library = round->library,
    .vocabulary = round->vocabularies[file],
  };
  Module *module = module_build(worker->arena, tree, &options);
  Facts *facts = arena_make(worker->keep, Facts);
  *facts = facts_collect(module, worker->keep);
  round->facts[file] = facts;
  if (is_linted) keep_parsed(round->parsed, file, &tree, worker->keep);
}

static void collect(void *state, uint32_t item, Worker *worker) {
  Round *round = state;
  uint32_t file = round->items[item];
  SourceText read;
  if (!read_file(round, file, worker->arena, &read)) return;
  /* A file without a coroutine matters only if one that has some imports it. */
  if (round->only_async && !mentions_async(read.text)) return;
  collect_read(round, file, &read, round->only_async, worker);
}

/* A sync file that calls coroutine functions is linted like one with a word of async in it. */
static void collect_importer(void *state, uint32_t file, Worker *worker) {
  Round *round = state;
  SourceText read;
  if (!read_file(round, file, worker->arena, &read) || mentions_async(read.text)) return;
  if (!uses_coroutines(worker->arena, round->coroutines, &round->identities[file], read.text))
    return;
  round->parsed->uses_coroutines[file] = true;
  if (!round->facts[file]) collect_read(round, file, &read, true, worker);
}

/* Which files are imported by the collected ones and not yet collected themselves. */
static uint32_t
imported_files(Arena *arena, const Round *round, const Map *by_name, uint32_t *items) {
  uint32_t count = 0;
  bool *is_taken = arena_array(arena, bool, round->files->count + 1);
  for (uint32_t i = 0; i < round->files->count; i++) {
    if (!round->facts[i]) continue;
    for (uint32_t k = 0; k < round->facts[i]->imports.count; k++) {
      uint32_t found;
      if (!map_get(by_name, round->facts[i]->imports.items[k], &found)) continue;
      if (round->facts[found] || is_taken[found]) continue;
      is_taken[found] = true;
      items[count++] = found;
    }
  }
  return count;
}

/* Every name by which importers may call a file: with and without the parts that are optional. */
static Map
names_of_files(Arena *arena, const SourceFiles *files, const ModuleIdentity *identities) {
  Map names = { 0 };
  for (uint32_t i = 0; i < files->count; i++) {
    Str name = identities[i].name;
    for (uint32_t part = 0; part <= identities[i].optional_parts && name.len > 0; part++) {
      map_add(arena, &names, name, i);
      str_next(&name, '.');
    }
  }
  return names;
}

/* --- libraries
   --------------------------------------------------------------------------------- */

typedef struct {
  const SourceFiles *files;
  const Overlays *overlays;
  Strs *imported; /* per file */
} Scan;

static void scan_file(void *state, uint32_t item, Worker *worker) {
  Scan *scan = state;
  SourceText read;
  Problem problem;
  const SourceFile *file = &scan->files->items[item];
  if (!source_text_read(worker->arena, file, scan->overlays, &read, &problem)) return;
  if (!mentions_async(read.text)) return;
  Strs found = { 0 };
  import_scan(worker->arena, NULL, read.text, &found);
  for (uint32_t i = 0; i < found.count; i++)
    vec_push(worker->keep, &scan->imported[item], str_copy(worker->keep, found.items[i]));
}

static Strs
imported_names(Arena *arena, Pool *pool, const SourceFiles *files, const Overlays *overlays) {
  Scan scan = { files, overlays, arena_array(arena, Strs, files->count + 1) };
  pool_run(pool, files->count, scan_file, &scan);
  Strs names = { 0 };
  for (uint32_t i = 0; i < files->count; i++) {
    for (uint32_t k = 0; k < scan.imported[i].count; k++)
      vec_push(arena, &names, scan.imported[i].items[k]);
  }
  return names;
}

const Library *index_library(
  Arena *arena,
  Pool *pool,
  const SourceFiles *files,
  const ModuleIdentity *identities,
  const Overlays *overlays,
  const Environment *environment
) {
  Library *library = arena_make(arena, Library);
  for (uint32_t i = 0; i < files->count; i++) {
    Str name = identities[i].name, top = str_next(&name, '.');
    if (top.len > 0 && !map_has(&library->packages, top) && !library_is_standard(top))
      map_put(arena, &library->packages, top, PACKAGE_OWN);
  }
  if (environment == NULL) return library;
  Strs imported = imported_names(arena, pool, files, overlays);
  installed_read(arena, pool, environment, &imported, library);
  return library;
}

/* --- facts ------------------------------------------------------------------------------------ */

enum { MAX_ROUNDS = 8 };

const Project *
index_project(Arena *arena, Pool *pool, const IndexInput *input, const ParsedFiles *parsed) {
  const SourceFiles *files = input->files;
  uint32_t *items = arena_array(arena, uint32_t, files->count + 1);
  for (uint32_t i = 0; i < files->count; i++) items[i] = i;
  Round round = {
    .files = files,
    .identities = input->identities,
    .vocabularies = input->vocabularies,
    .overlays = input->overlays,
    .items = items,
    .facts = arena_array(arena, const Facts *, files->count + 1),
    .parsed = parsed,
    .library = input->library,
    .only_async = true,
  };
  pool_run(pool, files->count, collect, &round);

  Map names = names_of_files(arena, files, input->identities);
  round.only_async = false;
  for (int i = 0; i < MAX_ROUNDS; i++) {
    uint32_t count = imported_files(arena, &round, &names, items);
    if (count == 0) break;
    pool_run(pool, count, collect, &round);
  }

  CoroutineNames coroutines = coroutine_names(arena, &names, round.facts, files->count);
  round.coroutines = &coroutines;
  pool_run(pool, parsed->count, collect_importer, &round);

  const Facts **collected = arena_array(arena, const Facts *, files->count + 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < files->count; i++) {
    if (round.facts[i]) collected[count++] = round.facts[i];
  }
  return project_merge(arena, collected, count, input->library);
}
