#include "project/renewal.h"

#include "project/importer.h"

/* A file that is not what it was. */
typedef struct {
  uint32_t file;
  Arena *memory; /* of what it is now; NULL: that has not been looked at */
  IndexedFile now;
  bool is_same; /* it means to other files what it did */
} Noted;

typedef struct Renewal {
  Map by_path;          /* file -> its number */
  Arena **memories;     /* per file: of what is known of it; NULL: as long as the survey */
  bool *is_noted;       /* per file */
  Vec(Noted) noted;     /* the same as a list */
  Arena *memory;        /* of the project; NULL: as long as the survey */
  Vec(Arena *) retired; /* of what the project may still point to until it is replaced */
  bool needs_merge, needs_rounds, needs_survey;
} Renewal;

void renewal_begin(Survey *survey) {
  Arena *arena = survey->arena;
  for (uint32_t i = 0; i < survey->surroundings.count; i++) {
    Surroundings *around = survey->surroundings.items[i];
    Renewal *renewal = arena_make(arena, Renewal);
    renewal->memories = arena_array(arena, Arena *, around->files.count + 1);
    renewal->is_noted = arena_array(arena, bool, around->files.count + 1);
    for (uint32_t k = 0; k < around->files.count; k++)
      map_put(arena, &renewal->by_path, around->files.items[k].path, k);
    around->renewal = renewal;
  }
}

static void free_retired(Renewal *renewal) {
  for (uint32_t i = 0; i < renewal->retired.count; i++) arena_free(renewal->retired.items[i]);
  renewal->retired.count = 0;
}

void renewal_free(Survey *survey) {
  for (uint32_t i = 0; i < survey->surroundings.count; i++) {
    Surroundings *around = survey->surroundings.items[i];
    Renewal *renewal = around->renewal;
    free_retired(renewal);
    for (uint32_t k = 0; k < around->files.count; k++) arena_free(renewal->memories[k]);
    for (uint32_t k = 0; k < renewal->noted.count; k++) arena_free(renewal->noted.items[k].memory);
    arena_free(renewal->memory);
  }
}

size_t renewal_bytes(const Survey *survey) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < survey->surroundings.count; i++) {
    const Surroundings *around = survey->surroundings.items[i];
    const Renewal *renewal = around->renewal;
    bytes += arena_bytes(renewal->memory);
    for (uint32_t k = 0; k < renewal->retired.count; k++)
      bytes += arena_bytes(renewal->retired.items[k]);
    for (uint32_t k = 0; k < around->files.count; k++) bytes += arena_bytes(renewal->memories[k]);
  }
  return bytes;
}

bool renewal_note(Survey *survey, Str path) {
  bool is_known = false;
  for (uint32_t i = 0; i < survey->surroundings.count; i++) {
    Renewal *renewal = survey->surroundings.items[i]->renewal;
    uint32_t file;
    if (!map_get(&renewal->by_path, path, &file)) continue;
    is_known = true;
    if (renewal->is_noted[file]) continue;
    renewal->is_noted[file] = true;
    vec_push(survey->arena, &renewal->noted, (Noted){ .file = file });
  }
  return is_known;
}

static bool same_facts(const IndexedFile *before, const IndexedFile *now) {
  if (before->facts == NULL || now->facts == NULL) return before->facts == now->facts;
  FactsDigest digest = before->is_digested ? before->digest : facts_digest(before->facts);
  return digest.meaning == now->digest.meaning && digest.places == now->digest.places;
}

static bool same_strs(const Strs *a, const Strs *b) {
  if (a->count != b->count) return false;
  for (uint32_t i = 0; i < a->count; i++) {
    if (!str_equal(a->items[i], b->items[i])) return false;
  }
  return true;
}

static Strs imports_of(const IndexedFile *file) {
  if (!file->facts) return file->imported;
  return (Strs){ file->facts->imports.items, file->facts->imports.count, 0 };
}

static void compare(Renewal *renewal, const IndexedFile *before, const IndexedFile *now) {
  bool were_facts = before->is_async && before->facts, are_facts = now->is_async && now->facts;
  Strs old_imports = imports_of(before), imports = imports_of(now);
  renewal->needs_merge = true;
  if (!same_strs(&old_imports, &imports)) renewal->needs_rounds = renewal->needs_survey = true;
  if (!were_facts || !are_facts) renewal->needs_rounds = true;
  else if (importing_digest(before->facts) != importing_digest(now->facts))
    renewal->needs_rounds = true;
}

static void collect_file(const Surroundings *around, Noted *noted, Pool *pool, Worker *worker) {
  const IndexedFile *known = &around->input.indexed[noted->file];
  noted->memory = arena_new();
  noted->now = index_file(&around->input, noted->file, pool, worker, noted->memory);
  noted->now.is_counted = known->is_counted;
  noted->now.uses_coroutines = known->uses_coroutines;
  arena_reset(worker->arena);
  noted->is_same = noted->now.is_async && known->is_async && same_facts(known, &noted->now);
}

/* What became of the files that were noted, which is most of the work. */
static void collect(const Survey *survey, Pool *pool, Worker *worker) {
  for (uint32_t i = 0; i < survey->surroundings.count; i++) {
    const Surroundings *around = survey->surroundings.items[i];
    for (uint32_t k = 0; k < around->renewal->noted.count; k++) {
      Noted *noted = &around->renewal->noted.items[k];
      if (noted->memory == NULL) collect_file(around, noted, pool, worker);
    }
  }
}

static void take_over(Surroundings *around, const Noted *noted, Arena *survey_arena) {
  Renewal *renewal = around->renewal;
  IndexedFile *known = &around->input.indexed[noted->file];
  Arena **memory = &renewal->memories[noted->file];
  renewal->is_noted[noted->file] = false;
  if (noted->is_same) {
    known->is_digested = noted->now.is_digested;
    known->digest = noted->now.digest;
    arena_free(noted->memory);
    return;
  }
  compare(renewal, known, &noted->now);
  *known = noted->now;
  if (*memory) vec_push(survey_arena, &renewal->retired, *memory);
  *memory = noted->memory;
}

static void renew_project(Surroundings *around, Pool *pool) {
  Renewal *renewal = around->renewal;
  Arena *memory = arena_new();
  around->project = renewal->needs_rounds ? index_project(memory, pool, &around->input, NULL)
                                          : index_merge(memory, &around->input);
  arena_free(renewal->memory);
  free_retired(renewal);
  renewal->memory = memory;
  renewal->needs_merge = renewal->needs_rounds = renewal->needs_survey = false;
}

Renewed renewal_run(Survey *survey, Pool *pool, Worker *worker) {
  Renewed renewed = RENEWAL_NOTHING;
  collect(survey, pool, worker);
  for (uint32_t i = 0; i < survey->surroundings.count; i++) {
    Surroundings *around = survey->surroundings.items[i];
    Renewal *renewal = around->renewal;
    for (uint32_t k = 0; k < renewal->noted.count; k++)
      take_over(around, &renewal->noted.items[k], survey->arena);
    renewal->noted.count = 0;
    if (!renewal->needs_merge) continue;
    if (renewal->needs_survey && survey->environment_items.count > 0) return RENEWAL_IMPOSSIBLE;
    renew_project(around, pool);
    renewed = RENEWAL_PROJECT;
  }
  return renewed;
}
