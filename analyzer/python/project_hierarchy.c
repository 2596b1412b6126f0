#include "python/project_index.h"

#include "python/library.h"

/* Bases that say nothing about the methods of a class and that the library may list as something
   else than a class. */
static const char *const PLAIN_BASES[] = {
  "object",
  "typing.Generic",
  "typing.Protocol",
  "typing.NamedTuple",
  "typing.TypedDict",
  "typing_extensions.Generic",
  "typing_extensions.Protocol",
  "typing_extensions.NamedTuple",
  "typing_extensions.TypedDict",
};

typedef enum { VISIT_NEW, VISIT_OPEN, VISIT_DONE } Visit;

typedef struct {
  Project *project;
  Arena *arena;
  Arena *scratch;
  ClassNumbers *bases; /* per class: its own bases in the project, in order */
  uint8_t *visits;     /* per class: Visit */
  ClassNumbers path;   /* the classes being visited, each a base of the one before */
  uint32_t *next_base; /* per class: the first base not visited yet */
} Linking;

/* Of a class outside the standard library only what matters to asyncio is known: it may do more. */
static bool is_known_outside(const Library *library, Str name) {
  if (STR_IN(name, PLAIN_BASES)) return true;
  const LibraryEntry *entry = library_find(library, name);
  return entry != NULL && entry->kind == LIBRARY_CLASS && !entry->is_external;
}

static void link_bases(Linking *linking, uint32_t number) {
  ProjectClass *class_ = &linking->project->classes.items[number];
  for (uint32_t i = 0; i < class_->facts->bases.count; i++) {
    Str name = class_->facts->bases.items[i];
    uint32_t base = name.len > 0 ? project_find_class(linking->project, name) : INDEX_NONE;
    if (base != INDEX_NONE) {
      vec_push(linking->scratch, &linking->bases[number], base);
      continue;
    }
    name = project_canonical(linking->project, name);
    class_->has_unknown_base |= !is_known_outside(linking->project->library, name);
    if (name.len > 0) vec_push(linking->arena, &class_->library_bases, name);
  }
}

/* Of a class that is inherited twice the last place counts: after everything that derives from
   it. */
static void keep_last(ClassNumbers *numbers) {
  uint32_t kept = numbers->count;
  for (uint32_t i = numbers->count; i > 0; i--) {
    bool is_again = false;
    for (uint32_t k = kept; k < numbers->count && !is_again; k++) {
      is_again = numbers->items[k] == numbers->items[i - 1];
    }
    if (!is_again) numbers->items[--kept] = numbers->items[i - 1];
  }
  numbers->count -= kept;
  for (uint32_t i = 0; i < numbers->count; i++) numbers->items[i] = numbers->items[i + kept];
}

/* Requires: the ancestors of the bases are known, but for those on a cycle. */
static void link_ancestors(Linking *linking, uint32_t number) {
  ProjectClass *class_ = &linking->project->classes.items[number];
  ClassNumbers all = { 0 };
  for (uint32_t i = 0; i < linking->bases[number].count; i++) {
    uint32_t base = linking->bases[number].items[i];
    const ProjectClass *facts = &linking->project->classes.items[base];
    class_->has_unknown_base |= facts->has_unknown_base;
    if (base != number) vec_push(linking->scratch, &all, base);
    for (uint32_t k = 0; k < facts->ancestors.count; k++) {
      vec_push(linking->scratch, &all, facts->ancestors.items[k]);
    }
    if (all.count > PROJECT_MAX_ANCESTORS) keep_last(&all);
    if (all.count > PROJECT_MAX_ANCESTORS) {
      class_->has_unknown_base = true;
      all.count = PROJECT_MAX_ANCESTORS;
      break;
    }
  }
  keep_last(&all);
  if (all.count == 0) return;
  class_->ancestors.items = arena_array(linking->arena, uint32_t, all.count);
  class_->ancestors.capacity = all.count;
  for (uint32_t i = 0; i < all.count; i++) {
    class_->ancestors.items[class_->ancestors.count++] = all.items[i];
    linking->project->classes.items[all.items[i]].is_base = true;
  }
}

static void open_class(Linking *linking, uint32_t number) {
  if (linking->visits[number] != VISIT_NEW) return;
  linking->visits[number] = VISIT_OPEN;
  vec_push(linking->scratch, &linking->path, number);
}

/* Bases before what derives from them, without recursion: a hierarchy may be as deep as there
   are classes. */
static void link_from(Linking *linking, uint32_t start) {
  open_class(linking, start);
  while (linking->path.count > 0) {
    uint32_t number = vec_last(&linking->path);
    if (linking->next_base[number] < linking->bases[number].count) {
      open_class(linking, linking->bases[number].items[linking->next_base[number]++]);
      continue;
    }
    link_ancestors(linking, number);
    linking->visits[number] = VISIT_DONE;
    linking->path.count--;
  }
}

/* --- what subclasses override --- */

static ProjectFunction *picked_method(Project *project, uint32_t class_number, Str method) {
  uint32_t first = project_find_method(project, class_number, method);
  uint32_t index = project_pick_function(project, first, STR_EMPTY);
  return index == INDEX_NONE ? NULL : &project->functions[index];
}

static void note_override(Arena *arena, Project *project, uint32_t ancestor, Str method) {
  NameBuffer buffer;
  Str name = project->classes.items[ancestor].facts->name;
  Str key = name_joined(&buffer, name, method);
  if (key.len > 0 && !map_has(&project->overridden, key)) {
    map_put(arena, &project->overridden, str_join(arena, name, '.', method), 1);
  }
}

/* What a subclass makes of an async stub. */
static uint32_t filling(uint32_t stub, uint32_t own) {
  const uint32_t async_stub = FACT_ASYNC | FACT_STUB;
  if ((stub & async_stub) != async_stub) return 0;
  if ((own & (async_stub | FACT_OPAQUE | FACT_CONTEXT_MANAGER)) != FACT_ASYNC) return 0;
  return own & FACT_GENERATOR ? FACT_FILLED_BY_GENERATOR : FACT_FILLED;
}

static void note_overrides(Arena *arena, Project *project, uint32_t number, Str method) {
  const ProjectClass *class_ = &project->classes.items[number];
  const ProjectFunction *own = picked_method(project, number, method);
  uint32_t own_facts = own == NULL ? 0 : own->uses.function->facts;
  for (uint32_t i = 0; i < class_->ancestors.count; i++) {
    uint32_t ancestor = class_->ancestors.items[i];
    ProjectFunction *inherited = picked_method(project, ancestor, method);
    if (inherited == NULL) continue;
    uint32_t facts = inherited->uses.function->facts;
    /* What only raises is there to be overridden, and what awaits nothing may be. */
    if (inherited != own) facts &= ~(uint32_t)(FACT_NEVER_RETURNS | FACT_NEVER_SUSPENDS);
    project_set_facts(arena, inherited, facts | filling(facts, own_facts));
    bool is_alike = own != NULL && ((own_facts ^ facts) & FACT_ASYNC) == 0;
    if (!is_alike) note_override(arena, project, ancestor, method);
  }
}

void project_link_classes(Arena *arena, Arena *scratch, Project *project) {
  uint32_t count = project->classes.count;
  Linking linking = {
    .project = project,
    .arena = arena,
    .scratch = scratch,
    .bases = arena_array(scratch, ClassNumbers, count),
    .visits = arena_array(scratch, uint8_t, count),
    .next_base = arena_array(scratch, uint32_t, count),
  };
  for (uint32_t i = 0; i < count; i++) link_bases(&linking, i);
  for (uint32_t i = 0; i < count; i++) link_from(&linking, i);
  for (uint32_t i = 0; i < count; i++) {
    const ClassFacts *facts = project->classes.items[i].facts;
    if (project->classes.items[i].ancestors.count == 0) continue;
    for (uint32_t k = 0; k < facts->methods.count; k++)
      note_overrides(arena, project, i, facts->methods.items[k]);
  }
}
