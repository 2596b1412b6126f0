#include "python/project_index.h"

#include "python/library.h"

#include <string.h>

enum {
  STARS_MAX = 64,      /* modules looked at for one name that star imports may bring */
  SAME_NAMED_MAX = 64, /* definitions of one name that are compared */
};

/* What several definitions of one name in one file must share to be taken for one. */
enum {
  AGREED_IN_FILE = FACT_ASYNC | FACT_GENERATOR | FACT_CONTEXT_MANAGER | FACT_PROPERTY |
    FACT_OPAQUE | FACT_RETURNS_COROUTINE
};

/* The names between the one asked for and the one found stand in the buffers in turn. */
typedef struct {
  NameBuffer buffers[2];
  uint32_t turn;
} NameWalk;

Str name_joined(NameBuffer *buffer, Str a, Str b) {
  if (a.len > PROJECT_MAX_NAME || b.len > PROJECT_MAX_NAME || a.len + b.len + 1 > PROJECT_MAX_NAME)
    return STR_EMPTY;
  memmove(buffer->text, a.data, a.len);
  buffer->text[a.len] = '.';
  memmove(buffer->text + a.len + 1, b.data, b.len);
  return (Str){ .data = buffer->text, .len = a.len + 1 + b.len };
}

static const Meaning NOTHING = { INDEX_NONE, INDEX_NONE, INDEX_NONE,
                                 INDEX_NONE, INDEX_NONE, INDEX_NONE };

const Meaning *project_meaning(const Project *project, Str name) {
  uint32_t index;
  return map_get(&project->names, name, &index) ? &project->meanings.items[index] : &NOTHING;
}

static bool is_defined(const Meaning *meaning) {
  return meaning->function != INDEX_NONE || meaning->class_number != INDEX_NONE ||
    meaning->instance != INDEX_NONE;
}

/* As long as the project lives. */
static Str defined_name(const Project *project, const Meaning *meaning) {
  if (meaning->function != INDEX_NONE)
    return project->functions[meaning->function].uses.function->name;
  if (meaning->class_number != INDEX_NONE)
    return project->classes.items[meaning->class_number].facts->name;
  return project->instances.items[meaning->instance].name;
}

/* --- star imports --- */

typedef struct {
  Str modules[STARS_MAX];
  uint32_t count;
} StarSearch;

static void add_stars(const Project *project, uint32_t star, StarSearch *search) {
  for (; star != INDEX_NONE && search->count < STARS_MAX;
       star = project->star_imports.items[star].next) {
    Str target = project->star_imports.items[star].module;
    bool is_new = true;
    for (uint32_t i = 0; i < search->count; i++) is_new &= !str_equal(search->modules[i], target);
    if (is_new) search->modules[search->count++] = target;
  }
}

/* "importing.name.rest" as "imported.name.rest", for the first starred module that has the name. */
static bool
step_through_star(const Project *project, uint32_t star, Str rest, NameBuffer *buffer, Str *next) {
  if (star == INDEX_NONE || str_starts_with(rest, STR("_"))) return false;
  Str after = rest;
  Str first = str_next(&after, '.');
  StarSearch search = { .count = 0 };
  add_stars(project, star, &search);
  for (uint32_t i = 0; i < search.count; i++) {
    Str candidate = name_joined(buffer, search.modules[i], first);
    const Meaning *meaning = project_meaning(project, candidate);
    if (meaning->target != INDEX_NONE || is_defined(meaning)) {
      *next = name_joined(buffer, search.modules[i], rest);
      return next->len > 0;
    }
    add_stars(project, project_meaning(project, search.modules[i])->star, &search);
  }
  return false;
}

/* --- from a name to its definition --- */

/* "prefix.rest", where prefix is an alias, an instance, a class or a module with star imports. */
static bool
step_from(const Project *project, const Meaning *prefix, Str rest, NameBuffer *buffer, Str *next) {
  if (prefix->target != INDEX_NONE) {
    *next = name_joined(buffer, project->targets.items[prefix->target], rest);
    return next->len > 0;
  }
  if (prefix->instance != INDEX_NONE && project->instances.items[prefix->instance].type.len > 0) {
    *next = name_joined(buffer, project->instances.items[prefix->instance].type, rest);
    return next->len > 0;
  }
  if (prefix->class_number != INDEX_NONE) {
    uint32_t method = project_find_method(project, prefix->class_number, rest);
    if (method == INDEX_NONE) return false;
    *next = project->functions[method].uses.function->name;
    return true;
  }
  return step_through_star(project, prefix->star, rest, buffer, next);
}

static bool step(const Project *project, Str name, NameBuffer *buffer, Str *next) {
  for (Str prefix = str_before_last(name, '.'); prefix.len > 0;
       prefix = str_before_last(prefix, '.')) {
    Str rest = str_slice(name, prefix.len + 1, name.len);
    const Meaning *meaning = project_meaning(project, prefix);
    if (step_from(project, meaning, rest, buffer, next)) return true;
  }
  return false;
}

/* The definition, or NULL; then `last` is as far as the name could be followed. */
static const Meaning *follow(const Project *project, Str name, NameWalk *walk, Str *last) {
  Str next = name;
  for (uint32_t i = 0; i < PROJECT_MAX_STEPS; i++) {
    *last = next;
    const Meaning *meaning = project_meaning(project, *last);
    if (is_defined(meaning)) return meaning;
    if (name.len > PROJECT_MAX_NAME) return NULL;
    NameBuffer *buffer = &walk->buffers[walk->turn++ % 2];
    if (meaning->target != INDEX_NONE) next = project->targets.items[meaning->target];
    else if (!step(project, *last, buffer, &next)) return NULL;
  }
  *last = name;
  return NULL;
}

const Meaning *project_follow(const Project *project, Str name) {
  NameWalk walk;
  walk.turn = 0;
  Str found;
  const Meaning *meaning = follow(project, name, &walk, &found);
  return meaning == NULL ? &NOTHING : meaning;
}

static bool is_in_buffers(const NameWalk *walk, Str name) {
  for (uint32_t i = 0; i < 2; i++) {
    const char *start = walk->buffers[i].text;
    if (name.data >= start && name.data < start + PROJECT_MAX_NAME) return true;
  }
  return false;
}

/* A name that is followed out of the project has no definition whose name could be given back:
   it must be a slice of something that lives as long as the project. */
static Str stored_name(const Project *project, const NameWalk *walk, Str asked, Str found) {
  if (str_equal(asked, found)) return asked;
  uint32_t module = project_meaning(project, found)->module;
  if (module != INDEX_NONE) return project->modules.items[module];
  if (!is_in_buffers(walk, found)) return found;
  if (str_ends_with(asked, found)) return str_slice(asked, asked.len - found.len, asked.len);
  const LibraryEntry *entry = library_find(project_library(project), found);
  return entry == NULL ? asked : library_public_name(project_library(project), entry->name);
}

Str project_canonical(const Project *project, Str name) {
  project = project_ask(project, ASK_CANONICAL, name);
  if (project == NULL) return name;
  NameWalk walk;
  walk.turn = 0;
  Str found;
  const Meaning *meaning = follow(project, name, &walk, &found);
  if (meaning != NULL) return defined_name(project, meaning);
  return stored_name(project, &walk, name, found);
}

uint32_t project_find_function(const Project *project, Str name) {
  return project_follow(project, name)->function;
}

uint32_t project_find_class(const Project *project, Str name) {
  uint32_t index = project_follow(project, name)->class_number;
  return index == INDEX_NONE || project->classes.items[index].is_ambiguous ? INDEX_NONE : index;
}

static uint32_t method_of(const Project *project, uint32_t class_number, Str method) {
  NameBuffer buffer;
  Str name = name_joined(&buffer, project->classes.items[class_number].facts->name, method);
  const Meaning *meaning = project_meaning(project, name);
  if (meaning->function != INDEX_NONE || meaning->target == INDEX_NONE) return meaning->function;
  return project_meaning(project, project->targets.items[meaning->target])->function;
}

uint32_t project_find_method(const Project *project, uint32_t class_number, Str method) {
  uint32_t index = method_of(project, class_number, method);
  const ClassNumbers *ancestors = &project->classes.items[class_number].ancestors;
  for (uint32_t i = 0; i < ancestors->count && index == INDEX_NONE; i++) {
    index = method_of(project, ancestors->items[i], method);
  }
  return index;
}

/* --- several definitions of one name --- */

static bool agree(const FunctionFacts *a, const FunctionFacts *b) {
  uint32_t differing = a->facts ^ b->facts;
  return str_equal(a->path, b->path) ? (differing & AGREED_IN_FILE) == 0 : differing == 0;
}

typedef struct {
  uint32_t count; /* at most SAME_NAMED_MAX + 1 */
  bool only_in_path, without_overloads;
} Choice;

static Choice choice_among(const Project *project, uint32_t first, Str path) {
  Choice choice = { .count = 0 };
  for (uint32_t i = first; i != INDEX_NONE && choice.count <= SAME_NAMED_MAX;
       i = project->functions[i].next) {
    const FunctionFacts *function = project->functions[i].uses.function;
    choice.count++;
    choice.only_in_path |= str_equal(function->path, path);
    choice.without_overloads |= (function->facts & FACT_OVERLOAD) == 0;
  }
  return choice;
}

static bool is_chosen(const FunctionFacts *function, const Choice *choice, Str path) {
  if (choice->only_in_path && !str_equal(function->path, path)) return false;
  return !choice->without_overloads || (function->facts & FACT_OVERLOAD) == 0;
}

uint32_t project_pick_function(const Project *project, uint32_t first, Str path) {
  if (first == INDEX_NONE || project->functions[first].next == INDEX_NONE) return first;
  Choice choice = choice_among(project, first, path);
  if (choice.count > SAME_NAMED_MAX) return INDEX_NONE;
  uint32_t picked = INDEX_NONE;
  for (uint32_t i = first; i != INDEX_NONE; i = project->functions[i].next) {
    const FunctionFacts *function = project->functions[i].uses.function;
    if (!is_chosen(function, &choice, path)) continue;
    if (picked == INDEX_NONE) picked = i;
    if (!agree(project->functions[picked].uses.function, function)) return INDEX_NONE;
  }
  return picked;
}
