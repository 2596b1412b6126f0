#include "project/index.h"

#include "lint/screen.h"
#include "project/import_scan.h"
#include "project/importer.h"
#include "project/installed.h"
#include "project/shared_work.h"
#include "python/facts_layout.h"

typedef struct {
  const IndexInput *input;
  const uint32_t *items; /* which files this round is about */
  const Facts **facts;   /* per file; NULL: not collected */
  const ParsedFiles *parsed;
  const CoroutineNames *coroutines; /* of the files collected so far */
  bool is_settled;                  /* which files count: the others import what is left */
} Round;

static void keep_parsed(const ParsedFiles *parsed, uint32_t file, const Tree *tree, Arena *keep) {
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

static bool read_file(const IndexInput *input, uint32_t file, Arena *arena, SourceText *read) {
  Problem problem;
  return source_text_read(arena, &input->files->items[file], input->overlays, read, &problem);
}

static ModuleOptions options_of(const IndexInput *input, uint32_t file) {
  return (ModuleOptions){
    .identity = input->identities[file],
    .library = input->library,
    .vocabulary = input->vocabularies[file],
  };
}

static const Facts *
collect_facts(const IndexInput *input, uint32_t file, const Tree *tree, Arena *arena, Arena *keep) {
  ModuleOptions options = options_of(input, file);
  Module *module = module_build(arena, *tree, &options);
  Facts *facts = arena_make(keep, Facts);
  *facts = facts_collect(module, keep);
  return facts;
}

static Tree tree_of(const Source *source, const SourceText *read, Worker *worker) {
  Tree tree = read->tree ? *read->tree : parse_source(worker->parser, source, worker->arena);
  tree.source = source;
  return tree;
}

/* What stands for a file while it is edited is not worth keeping. Those that are not the project's
   own are few. */
static bool is_cached(const IndexInput *input, uint32_t file) {
  const SourceFile *source = &input->files->items[file];
  return input->store && file < input->own && overlays_find(input->overlays, source->path) == NULL;
}

/* The facts as an earlier run has kept them, or NULL. */
static const Facts *
find_facts(const IndexInput *input, uint32_t file, const SourceText *read, Worker *worker) {
  if (!is_cached(input, file)) return NULL;
  Hash content = hash_of(read->text), *key = &input->indexed[file].found.key;
  *key = facts_store_key(
    input->store, worker->arena, &content, &input->identities[file], input->vocabularies[file]
  );
  return facts_store_find(input->store, worker->keep, key, input->files->items[file].shown);
}

static void
collect_read(Round *round, uint32_t file, const SourceText *read, bool is_linted, Worker *worker) {
  const IndexInput *input = round->input;
  IndexedFile *indexed = &input->indexed[file];
  indexed->facts = round->facts[file] = find_facts(input, file, read, worker);
  if (indexed->facts) return;
  Source source = source_text_build(worker->arena, &input->files->items[file], read);
  Tree tree = tree_of(&source, read, worker);
  indexed->facts = collect_facts(input, file, &tree, worker->arena, worker->keep);
  round->facts[file] = indexed->facts;
  if (is_cached(input, file) && !tree.was_cut)
    indexed->found.packed = layout_pack(worker->keep, &facts_layout, indexed->facts);
  if (is_linted && round->parsed && input->is_linted[file])
    keep_parsed(round->parsed, file, &tree, worker->keep);
}

static void collect_async(Round *round, uint32_t file, Worker *worker) {
  IndexedFile *indexed = &round->input->indexed[file];
  SourceText read;
  if (!indexed->is_read && read_file(round->input, file, worker->arena, &read)) {
    indexed->is_async = mentions_async(read.text);
    indexed->is_hashed = round->input->is_linted[file] && is_cached(round->input, file);
    if (indexed->is_hashed) indexed->content = hash_of(read.text);
    /* A file without a coroutine matters only if one that has some imports it. */
    if (indexed->is_async) collect_read(round, file, &read, true, worker);
  }
  indexed->is_read = true;
  if (indexed->is_async) round->facts[file] = indexed->facts;
}

static void collect_unread(void *state, uint32_t item, Worker *worker) {
  Round *round = state;
  collect_async(round, round->items[item], worker);
}

static void collect_imported(void *state, uint32_t item, Worker *worker) {
  Round *round = state;
  uint32_t file = round->items[item];
  SourceText read;
  round->facts[file] = round->input->indexed[file].facts;
  if (!round->facts[file] && read_file(round->input, file, worker->arena, &read))
    collect_read(round, file, &read, false, worker);
}

static Strs
scan_imports(const IndexInput *input, uint32_t file, Str text, Arena *arena, Arena *keep) {
  Strs found = { 0 }, imported = { 0 };
  import_scan(arena, &input->identities[file], text, &found);
  for (uint32_t i = 0; i < found.count; i++)
    vec_push(keep, &imported, str_copy(keep, found.items[i]));
  return imported;
}

/* A sync file that calls coroutine functions is linted like one with a word of async in it. */
static void collect_importer(Round *round, uint32_t file, Worker *worker) {
  IndexedFile *indexed = &round->input->indexed[file];
  SourceText read = { 0 };
  if (indexed->is_async) return;
  if (!indexed->is_scanned) {
    if (!read_file(round->input, file, worker->arena, &read)) return;
    indexed->imported = scan_imports(round->input, file, read.text, worker->arena, worker->keep);
    indexed->is_scanned = true;
  }
  uint64_t importable = importable_digest(round->coroutines, &indexed->imported);
  if (importable != indexed->importable) {
    indexed->importable = importable;
    if (!read.text.data && !read_file(round->input, file, worker->arena, &read)) return;
    indexed->uses_coroutines =
      importable != 0 && uses_coroutines(round->coroutines, &indexed->imported, read.text);
  }
  if (!indexed->uses_coroutines || round->facts[file]) return;
  round->facts[file] = indexed->facts;
  if (indexed->facts) return;
  if (read.text.data || read_file(round->input, file, worker->arena, &read))
    collect_read(round, file, &read, true, worker);
}

static void collect_sync(void *state, uint32_t item, Worker *worker) {
  Round *round = state;
  collect_importer(round, round->items[item], worker);
}

/* Of a file that is not the project's own; only the file itself sees what it says. */
static void collect_other(void *state, uint32_t item, Worker *worker) {
  Round *round = state;
  collect_async(round, round->input->own + item, worker);
  collect_importer(round, round->input->own + item, worker);
}

/* Which files are imported by the collected ones and not yet collected themselves. */
static uint32_t
imported_files(Arena *arena, const Round *round, const Map *by_name, uint32_t *items) {
  uint32_t count = 0;
  uint32_t file_count = round->input->files->count;
  bool *is_taken = arena_array(arena, bool, file_count + 1);
  for (uint32_t i = 0; i < file_count; i++) {
    if (!round->facts[i] || (round->is_settled && round->input->indexed[i].is_counted)) continue;
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
static Map names_of_files(Arena *arena, const IndexInput *input) {
  Map names = { 0 };
  for (uint32_t i = 0; i < input->own; i++) {
    const ModuleIdentity *identity = &input->identities[i];
    Str name = identity->name;
    for (uint32_t part = 0; part <= identity->optional_parts && name.len > 0; part++) {
      map_add(arena, &names, name, i);
      str_next(&name, '.');
    }
  }
  return names;
}

/* --- libraries ------------------------------------------------------------------------------- */

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

static Strs imported_names(Arena *arena, Pool *pool, const IndexInput *input) {
  Scan scan = { input->files, input->overlays, arena_array(arena, Strs, input->own + 1) };
  pool_run(pool, input->own, scan_file, &scan);
  Strs names = { 0 };
  for (uint32_t i = 0; i < input->own; i++) {
    for (uint32_t k = 0; k < scan.imported[i].count; k++)
      vec_push(arena, &names, scan.imported[i].items[k]);
  }
  return names;
}

const Library *
index_library(Arena *arena, Pool *pool, const IndexInput *input, const Environment *environment) {
  Library *library = arena_make(arena, Library);
  for (uint32_t i = 0; i < input->own; i++) {
    Str name = input->identities[i].name, top = str_next(&name, '.');
    if (top.len > 0 && !map_has(&library->packages, top) && !library_is_standard(top))
      map_put(arena, &library->packages, top, PACKAGE_OWN);
  }
  if (environment == NULL) return library;
  Strs imported = imported_names(arena, pool, input);
  installed_read(arena, pool, environment, &imported, library);
  return library;
}

/* --- facts ------------------------------------------------------------------------------------ */

enum { MAX_ROUNDS = 8 };

const Project *index_merge(Arena *arena, const IndexInput *input) {
  const Facts **collected = arena_array(arena, const Facts *, input->own + 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < input->own; i++) {
    if (input->indexed[i].is_counted) collected[count++] = input->indexed[i].facts;
  }
  return project_merge(arena, collected, count, input->library);
}

/* What the file imports, and what that imports, of the files whose facts are not the project's. */
static void see_imported(Arena *arena, const IndexInput *input, uint32_t file, bool *is_seen) {
  Map names = names_of_files(arena, input);
  Vec(uint32_t) importers = { 0 };
  vec_push(arena, &importers, file);
  for (uint32_t i = 0; i < importers.count; i++) {
    const Facts *facts = input->indexed[importers.items[i]].facts;
    for (uint32_t k = 0; facts && k < facts->imports.count; k++) {
      uint32_t found;
      if (!map_get(&names, facts->imports.items[k], &found) || is_seen[found]) continue;
      if (input->indexed[found].is_counted || !input->indexed[found].facts) continue;
      is_seen[found] = true;
      vec_push(arena, &importers, found);
    }
  }
}

const Project *index_project_seen_by(Arena *arena, const IndexInput *input, uint32_t file) {
  const Facts **collected = arena_array(arena, const Facts *, input->own + 1);
  bool *is_seen = arena_array(arena, bool, input->own + 1);
  uint32_t count = 0;
  see_imported(arena, input, file, is_seen);
  for (uint32_t i = 0; i < input->own; i++) {
    bool is_counted = input->indexed[i].is_counted || is_seen[i];
    if (is_counted) collected[count++] = input->indexed[i].facts;
  }
  if (input->indexed[file].facts) collected[count++] = input->indexed[file].facts;
  return project_merge(arena, collected, count, input->library);
}

/* After an edit there is nothing left to read: no thread is started for that. */
static void collect_all_async(Round *round, Pool *pool, uint32_t *items) {
  const IndexedFile *indexed = round->input->indexed;
  uint32_t count = 0;
  for (uint32_t i = 0; i < round->input->own; i++) {
    if (!indexed[i].is_read) items[count++] = i;
    else if (indexed[i].is_async) round->facts[i] = indexed[i].facts;
  }
  pool_run(pool, count, collect_unread, round);
}

static void collect_all_imported(Round *round, Pool *pool, const Map *names, uint32_t *items) {
  Arena *scratch = arena_new();
  for (int i = 0; i < MAX_ROUNDS; i++) {
    uint32_t count = imported_files(scratch, round, names, items);
    if (count == 0) break;
    pool_run(pool, count, collect_imported, round);
  }
  arena_free(scratch);
}

static uint32_t sync_files(const IndexInput *input, uint32_t *items) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < input->own; i++) {
    if (!input->indexed[i].is_async) items[count++] = i;
  }
  return count;
}

const Project *
index_project(Arena *arena, Pool *pool, const IndexInput *input, const ParsedFiles *parsed) {
  uint32_t file_count = input->files->count, own = input->own;
  Arena *scratch = arena_new();
  uint32_t *items = arena_array(scratch, uint32_t, own + 1);
  Round round = {
    .input = input,
    .items = items,
    .facts = arena_array(scratch, const Facts *, file_count + 1),
    .parsed = parsed,
  };
  collect_all_async(&round, pool, items);
  Map names = names_of_files(scratch, input);
  collect_all_imported(&round, pool, &names, items);
  uint32_t sync_count = sync_files(input, items);
  CoroutineNames coroutines = { 0 };
  if (sync_count > 0 || file_count > own)
    coroutines = coroutine_names(scratch, &names, round.facts, own);
  round.coroutines = &coroutines;
  pool_run(pool, sync_count, collect_sync, &round);
  for (uint32_t i = 0; i < own; i++) input->indexed[i].is_counted = round.facts[i] != NULL;
  if (file_count > own) {
    round.is_settled = true;
    pool_run(pool, file_count - own, collect_other, &round);
    collect_all_imported(&round, pool, &names, items);
  }
  arena_free(scratch);
  return index_merge(arena, input);
}

IndexedFile
index_file(const IndexInput *input, uint32_t file, Pool *pool, Worker *worker, Arena *keep) {
  IndexedFile indexed = { .is_read = true };
  SourceText read;
  if (!read_file(input, file, worker->arena, &read)) return indexed;
  indexed.is_async = mentions_async(read.text);
  if (!indexed.is_async) {
    indexed.imported = scan_imports(input, file, read.text, worker->arena, keep);
    indexed.is_scanned = true;
    indexed.importable = UINT64_MAX; /* whether it uses coroutine functions has to be asked */
  }
  Source source = source_text_build(worker->arena, &input->files->items[file], &read);
  Tree tree = tree_of(&source, &read, worker);
  ModuleOptions options = options_of(input, file);
  indexed.facts = shared_collect(pool, &tree, &options, keep);
  if (indexed.facts == NULL) indexed.facts = collect_facts(input, file, &tree, worker->arena, keep);
  indexed.digest = facts_digest(indexed.facts);
  indexed.is_digested = true;
  return indexed;
}
