#include "python/project_index.h"

#include "python/library.h"

typedef struct {
  Arena *arena;
  Arena *scratch;
  Project *project;
  const Facts *const *facts;
  uint32_t count;
  Vec(const AliasFacts *) chosen; /* aliases that count if the function is the right one */
  Vec(uint32_t) decorated;        /* functions that may be opaque */
  Vec(uint32_t) returning;        /* functions that return the call of another one */
} Merging;

/* Valid until the next name is added. */
static Meaning *meaning_to_set(Merging *merging, Str name) {
  Project *project = merging->project;
  uint32_t count = project->meanings.count;
  uint32_t index = map_get_or_add(merging->arena, &project->names, name, count);
  if (index == count) {
    Meaning nothing = { INDEX_NONE, INDEX_NONE, INDEX_NONE, INDEX_NONE, INDEX_NONE, INDEX_NONE };
    vec_push(merging->arena, &project->meanings, nothing);
  }
  return &project->meanings.items[index];
}

static void add_modules(Merging *merging, const Facts *facts) {
  Project *project = merging->project;
  for (Str name = facts->identity.name; name.len > 0; name = str_before_last(name, '.')) {
    Meaning *meaning = meaning_to_set(merging, name);
    if (meaning->module != INDEX_NONE) return;
    meaning->module = project->modules.count;
    vec_push(merging->arena, &project->modules, name);
  }
}

static void add_star(Merging *merging, Str importing, Str module) {
  Project *project = merging->project;
  Meaning *meaning = meaning_to_set(merging, importing);
  StarImport star = { module, meaning->star };
  meaning->star = project->star_imports.count;
  vec_push(merging->arena, &project->star_imports, star);
}

static void add_alias(Merging *merging, Str name, Str target) {
  Project *project = merging->project;
  Meaning *meaning = meaning_to_set(merging, name);
  if (meaning->target != INDEX_NONE) return;
  meaning->target = project->targets.count;
  vec_push(merging->arena, &project->targets, target);
}

static void add_aliases(Merging *merging, const Facts *facts) {
  for (uint32_t i = 0; i < facts->aliases.count; i++) {
    const AliasFacts *alias = &facts->aliases.items[i];
    if (alias->through.len > 0) {
      vec_push(merging->scratch, &merging->chosen, alias);
    } else if (str_ends_with(alias->target, STR(".*"))) {
      add_star(merging, alias->name, str_slice(alias->target, 0, alias->target.len - 2));
    } else {
      add_alias(merging, alias->name, alias->target);
    }
  }
}

static void add_instances(Merging *merging, const Facts *facts) {
  Project *project = merging->project;
  for (uint32_t i = 0; i < facts->instances.count; i++) {
    InstanceFacts instance = facts->instances.items[i];
    Meaning *meaning = meaning_to_set(merging, instance.name);
    if (meaning->instance == INDEX_NONE) {
      meaning->instance = project->instances.count;
      vec_push(merging->arena, &project->instances, instance);
    } else if (!str_equal(project->instances.items[meaning->instance].type, instance.type)) {
      project->instances.items[meaning->instance].type = STR_EMPTY;
    }
  }
}

static void add_class(Merging *merging, const ClassFacts *facts) {
  Project *project = merging->project;
  Meaning *meaning = meaning_to_set(merging, facts->name);
  if (meaning->class_number == INDEX_NONE) {
    meaning->class_number = project->classes.count;
  } else {
    ProjectClass *first = &project->classes.items[meaning->class_number];
    if (!str_equal(first->facts->path, facts->path)) first->is_ambiguous = true;
  }
  vec_push(merging->arena, &project->classes, (ProjectClass){ .facts = facts });
}

static void add_bare_name(Merging *merging, const FunctionFacts *function) {
  Project *project = merging->project;
  Str bare = str_after_last(function->name, '.');
  uint32_t count = project->bare.count;
  uint32_t index = map_get_or_add(merging->arena, &project->bare_names, bare, count);
  if (index == count) vec_push(merging->arena, &project->bare, (BareName){ 0 });
  if ((function->facts & FACT_OVERLOAD) == 0) project->bare.items[index].same_named++;
}

static void add_habits(Merging *merging, const Facts *facts) {
  Project *project = merging->project;
  for (uint32_t i = 0; i < facts->habits.count; i++) {
    const HabitFacts *habit = &facts->habits.items[i];
    uint32_t count = project->habit_items.count;
    uint32_t index = map_get_or_add(merging->arena, &project->habits, habit->name, count);
    if (index == count) vec_push(merging->arena, &project->habit_items, (Habit){ 0 });
    project->habit_items.items[index].awaited += habit->awaited;
    project->habit_items.items[index].unawaited += habit->unawaited;
  }
}

static void reserve_tables(Merging *merging) {
  Project *project = merging->project;
  uint32_t functions = 0, classes = 0, names = 0;
  for (uint32_t i = 0; i < merging->count; i++) {
    const Facts *facts = merging->facts[i];
    functions += facts->functions.count;
    classes += facts->classes.count;
    names += facts->aliases.count + facts->instances.count + 1;
  }
  names += functions + classes;
  map_reserve(merging->arena, &project->names, names);
  vec_reserve(merging->arena, &project->meanings, names);
  project->functions = arena_array(merging->arena, ProjectFunction, functions);
  project->function_count = functions;
  vec_reserve(merging->arena, &project->classes, classes);
  map_reserve(merging->arena, &project->bare_names, functions);
  vec_reserve(merging->arena, &project->bare, functions);
}

static void add_needed_minor(Merging *merging, const Facts *facts) {
  Map *minors = &merging->project->needed_minors;
  Str top = project_top_of(&facts->identity);
  uint32_t known = 0;
  map_get(minors, top, &known);
  if (facts->needs_minor > known) map_put(merging->arena, minors, top, facts->needs_minor);
}

static void add_file(Merging *merging, const Facts *facts) {
  Project *project = merging->project;
  bool is_notebook = facts->identity.is_notebook;
  if (!is_notebook) add_modules(merging, facts);
  add_aliases(merging, facts);
  add_instances(merging, facts);
  add_habits(merging, facts);
  if (facts->sets_task_factory)
    map_add(merging->arena, &project->task_factories, project_top_of(&facts->identity), 0);
  if (!facts->identity.is_test) add_needed_minor(merging, facts);
  if (facts->subprocess.name.len > 0 && !facts->identity.is_test && !is_notebook)
    vec_push(merging->arena, &project->subprocess_users, facts);
  for (uint32_t i = 0; i < facts->classes.count; i++) add_class(merging, &facts->classes.items[i]);
}

static void add_function(Merging *merging, const FunctionFacts *facts, uint32_t index) {
  Meaning *meaning = meaning_to_set(merging, facts->name);
  merging->project->functions[index] =
    (ProjectFunction){ .uses.function = facts, .next = meaning->function };
  meaning->function = index;
  if (facts->decorators.count > 0 || (facts->facts & FACT_OPAQUE) != 0)
    vec_push(merging->scratch, &merging->decorated, index);
  if (facts->returns_call_of.len > 0) vec_push(merging->scratch, &merging->returning, index);
}

/* Last first, so that the chain of a name starts with its first definition. */
static void add_functions(Merging *merging) {
  uint32_t index = merging->project->function_count;
  for (uint32_t i = merging->count; i > 0; i--) {
    const Facts *facts = merging->facts[i - 1];
    for (uint32_t k = facts->functions.count; k > 0; k--) {
      const FunctionFacts *function = &facts->functions.items[k - 1];
      add_function(merging, function, --index);
      if (!facts->identity.is_notebook) add_bare_name(merging, function);
    }
  }
}

static void add_chosen_classes(Merging *merging) {
  const Project *project = merging->project;
  for (uint32_t i = 0; i < merging->chosen.count; i++) {
    const AliasFacts *alias = merging->chosen.items[i];
    uint32_t index = project_find_function(project, alias->through);
    if (index == INDEX_NONE) continue;
    const FunctionFacts *function = project->functions[index].uses.function;
    if (function->facts & FACT_RETURNS_CLASS) add_alias(merging, alias->name, alias->target);
  }
}

void project_set_facts(Arena *arena, ProjectFunction *function, uint32_t facts) {
  const FunctionFacts *known = function->uses.function;
  if (facts == known->facts) return;
  FunctionFacts *changed = arena_make(arena, FunctionFacts);
  *changed = *known;
  changed->facts = facts;
  function->uses.function = changed;
}

/* --- what a function is, as far as other functions decide it --- */

/* The facts of a decorator that leaves a coroutine function one; 0 for any other. */
static uint32_t facts_of_decorator(const Project *project, Str name, Str path) {
  uint32_t index = project_pick_function(project, project_find_function(project, name), path);
  if (index == INDEX_NONE) return 0;
  uint32_t facts = project->functions[index].uses.function->facts;
  return (facts & FACT_ASYNC_WRAPPER) != 0 ? facts : 0;
}

/* A wrapper that is an `async def` makes a coroutine function out of anything else, too, so only
   those are left as they are. */
static uint32_t facts_by_decorators(const Project *project, const FunctionFacts *function) {
  uint32_t kept = FACT_HANDLES_ERRORS;
  bool is_coroutine_function = (function->facts & (FACT_ASYNC | FACT_GENERATOR)) == FACT_ASYNC;
  uint32_t facts = 0;
  for (uint32_t i = 0; i < function->decorators.count; i++) {
    uint32_t decorator = facts_of_decorator(project, function->decorators.items[i], function->path);
    if (decorator == 0 || !is_coroutine_function) return FACT_OPAQUE;
    facts |= decorator & kept;
  }
  return facts;
}

static void decide_decorated(Merging *merging) {
  Project *project = merging->project;
  uint32_t *decided = arena_array(merging->scratch, uint32_t, merging->decorated.count);
  for (uint32_t i = 0; i < merging->decorated.count; i++) {
    uint32_t index = merging->decorated.items[i];
    decided[i] = facts_by_decorators(project, project->functions[index].uses.function);
  }
  for (uint32_t i = 0; i < merging->decorated.count; i++) {
    ProjectFunction *function = &project->functions[merging->decorated.items[i]];
    uint32_t facts = function->uses.function->facts | decided[i];
    if ((facts & FACT_OPAQUE) != 0) facts &= ~(uint32_t)FACT_NEVER_RETURNS;
    project_set_facts(merging->arena, function, facts);
  }
}

static bool gives_coroutine(const FunctionFacts *function) {
  uint32_t kind = FACT_ASYNC | FACT_GENERATOR | FACT_OPAQUE | FACT_PROPERTY;
  return (function->facts & kind) == FACT_ASYNC || (function->facts & FACT_RETURNS_COROUTINE) != 0;
}

static bool returns_coroutine(const Project *project, const FunctionFacts *function) {
  if ((function->facts & (FACT_ASYNC | FACT_GENERATOR | FACT_OPAQUE | FACT_PROPERTY)) != 0)
    return false;
  uint32_t first = project_find_function(project, function->returns_call_of);
  uint32_t index = project_pick_function(project, first, function->path);
  return index != INDEX_NONE && gives_coroutine(project->functions[index].uses.function);
}

/* One link of a chain of functions, each of which returns the call of the next one. */
static void decide_returned(Merging *merging) {
  Project *project = merging->project;
  uint32_t *decided = arena_array(merging->scratch, uint32_t, merging->returning.count);
  for (uint32_t i = 0; i < merging->returning.count; i++) {
    uint32_t index = merging->returning.items[i];
    const FunctionFacts *function = project->functions[index].uses.function;
    if (returns_coroutine(project, function)) decided[i] = FACT_RETURNS_COROUTINE;
  }
  for (uint32_t i = 0; i < merging->returning.count; i++) {
    ProjectFunction *function = &project->functions[merging->returning.items[i]];
    project_set_facts(merging->arena, function, function->uses.function->facts | decided[i]);
  }
}

/* Importers may leave out the leading folders of a name that are no packages: "backend.app.jobs" is
   "app.jobs" to them. A shorter name stands for the module if no other one has it. */
static void add_short_names(Merging *merging) {
  Project *project = merging->project;
  Map owners = { 0 };
  for (uint32_t i = 0; i < merging->count; i++) {
    Str name = merging->facts[i]->identity.name;
    for (uint32_t part = 0; part < merging->facts[i]->identity.optional_parts; part++) {
      str_next(&name, '.');
      if (!map_add(merging->scratch, &owners, name, i))
        map_put(merging->scratch, &owners, name, INDEX_NONE);
    }
  }
  for (uint32_t i = 0; i < merging->count; i++) {
    Str full = merging->facts[i]->identity.name, name = full;
    for (uint32_t part = 0; part < merging->facts[i]->identity.optional_parts; part++) {
      uint32_t owner;
      str_next(&name, '.');
      bool is_owner = name.len > 0 && map_get(&owners, name, &owner) && owner == i;
      if (!is_owner || project_meaning(project, name)->module != INDEX_NONE) continue;
      add_alias(merging, name, full);
    }
  }
}

const Project *
project_merge(Arena *arena, const Facts *const *facts, uint32_t count, const Library *library) {
  Arena *scratch = arena_new();
  Merging merging = {
    .arena = arena,
    .scratch = scratch,
    .project = arena_make(arena, Project),
    .facts = facts,
    .count = count,
  };
  merging.project->library = library;
  reserve_tables(&merging);
  for (uint32_t i = 0; i < count; i++) add_file(&merging, merging.facts[i]);
  add_short_names(&merging);
  add_functions(&merging);
  add_chosen_classes(&merging);
  decide_decorated(&merging);
  project_link_classes(arena, scratch, merging.project);
  decide_returned(&merging);
  decide_returned(&merging);
  project_count_uses(arena, scratch, merging.project, merging.facts, count);
  project_set_deadlines(merging.project, merging.facts, count);
  arena_free(scratch);
  return merging.project;
}
