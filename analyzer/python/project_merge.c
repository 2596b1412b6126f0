#include "python/project_index.h"

#include "python/library.h"

typedef struct {
  Arena *arena;
  Arena *scratch;
  Project *project;
  const Facts *const *facts;
  uint32_t count;
  Vec(const AliasFacts *) chosen; /* aliases that count if the function is the right one */
} Merging;

static void add_modules(Merging *merging, const Facts *facts) {
  Project *project = merging->project;
  for (Str name = facts->identity.name; name.len > 0; name = str_before_last(name, '.')) {
    if (!map_add(merging->arena, &project->modules, name, project->module_names.count)) return;
    vec_push(merging->arena, &project->module_names, name);
  }
}

static void add_aliases(Merging *merging, const Facts *facts) {
  Project *project = merging->project;
  for (uint32_t i = 0; i < facts->aliases.count; i++) {
    const AliasFacts *alias = &facts->aliases.items[i];
    if (alias->through.len > 0) {
      vec_push(merging->scratch, &merging->chosen, alias);
    } else if (str_ends_with(alias->target, STR(".*"))) {
      StarImport star = { str_slice(alias->target, 0, alias->target.len - 2), INDEX_NONE };
      map_get(&project->stars, alias->name, &star.next);
      map_put(merging->arena, &project->stars, alias->name, project->star_imports.count);
      vec_push(merging->arena, &project->star_imports, star);
    } else if (map_add(merging->arena, &project->aliases, alias->name, project->targets.count)) {
      vec_push(merging->arena, &project->targets, alias->target);
    }
  }
}

static void add_instances(Merging *merging, const Facts *facts) {
  Project *project = merging->project;
  for (uint32_t i = 0; i < facts->instances.count; i++) {
    InstanceFacts instance = facts->instances.items[i];
    uint32_t index;
    if (!map_get(&project->instances, instance.name, &index)) {
      map_put(merging->arena, &project->instances, instance.name, project->instance_items.count);
      vec_push(merging->arena, &project->instance_items, instance);
    } else if (!str_equal(project->instance_items.items[index].type, instance.type)) {
      project->instance_items.items[index].type = STR_EMPTY;
    }
  }
}

static void add_class(Merging *merging, const ClassFacts *facts) {
  Project *project = merging->project;
  uint32_t number = project->class_count++, index;
  project->classes[number] = (ProjectClass){ .facts = facts };
  if (!map_get(&project->classes_by_name, facts->name, &index)) {
    map_put(merging->arena, &project->classes_by_name, facts->name, number);
  } else if (!str_equal(project->classes[index].facts->path, facts->path)) {
    project->classes[index].is_ambiguous = true;
  }
}

static void add_bare_name(Merging *merging, const FunctionFacts *function) {
  Project *project = merging->project;
  Str bare = str_after_last(function->name, '.');
  uint32_t index = project->bare.count;
  if (map_add(merging->arena, &project->bare_names, bare, index)) {
    vec_push(merging->arena, &project->bare, (BareName){ 0 });
  } else {
    map_get(&project->bare_names, bare, &index);
  }
  if ((function->facts & FACT_OVERLOAD) == 0) project->bare.items[index].same_named++;
}

static void add_habits(Merging *merging, const Facts *facts) {
  Project *project = merging->project;
  for (uint32_t i = 0; i < facts->habits.count; i++) {
    const HabitFacts *habit = &facts->habits.items[i];
    uint32_t index = project->habit_items.count;
    if (map_add(merging->arena, &project->habits, habit->name, index)) {
      vec_push(merging->arena, &project->habit_items, (Habit){ 0 });
    } else {
      map_get(&project->habits, habit->name, &index);
    }
    project->habit_items.items[index].awaited += habit->awaited;
    project->habit_items.items[index].unawaited += habit->unawaited;
  }
}

static void add_tables(Merging *merging) {
  Project *project = merging->project;
  uint32_t functions = 0, classes = 0;
  for (uint32_t i = 0; i < merging->count; i++) {
    functions += merging->facts[i]->functions.count;
    classes += merging->facts[i]->classes.count;
  }
  project->functions = arena_array(merging->arena, FunctionFacts, functions);
  project->next_function = arena_array(merging->arena, uint32_t, functions);
  project->classes = arena_array(merging->arena, ProjectClass, classes);
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
  for (uint32_t i = 0; i < facts->functions.count; i++) {
    project->functions[project->function_count++] = facts->functions.items[i];
    if (!is_notebook) add_bare_name(merging, &facts->functions.items[i]);
  }
}

/* Last first, so that the chain of a name starts with its first definition. */
static void name_functions(Merging *merging) {
  Project *project = merging->project;
  for (uint32_t i = project->function_count; i > 0; i--) {
    uint32_t next = INDEX_NONE;
    map_get(&project->functions_by_name, project->functions[i - 1].name, &next);
    project->next_function[i - 1] = next;
    map_put(merging->arena, &project->functions_by_name, project->functions[i - 1].name, i - 1);
  }
}

static void add_chosen_classes(Merging *merging) {
  Project *project = merging->project;
  for (uint32_t i = 0; i < merging->chosen.count; i++) {
    const AliasFacts *alias = merging->chosen.items[i];
    uint32_t function = project_find_function(project, alias->through);
    if (function == INDEX_NONE || !(project->functions[function].facts & FACT_RETURNS_CLASS))
      continue;
    if (map_add(merging->arena, &project->aliases, alias->name, project->targets.count))
      vec_push(merging->arena, &project->targets, alias->target);
  }
}

/* --- what a function is, as far as other functions decide it --- */

/* The facts of a decorator that leaves a coroutine function one; 0 for any other. */
static uint32_t facts_of_decorator(const Project *project, Str name, Str path) {
  uint32_t index = project_pick_function(project, project_find_function(project, name), path);
  if (index == INDEX_NONE) return 0;
  uint32_t facts = project->functions[index].facts;
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
  uint32_t *decided = arena_array(merging->scratch, uint32_t, project->function_count);
  for (uint32_t i = 0; i < project->function_count; i++) {
    decided[i] = facts_by_decorators(project, &project->functions[i]);
  }
  for (uint32_t i = 0; i < project->function_count; i++) {
    FunctionFacts *function = &project->functions[i];
    function->facts |= decided[i];
    if ((function->facts & FACT_OPAQUE) != 0) function->facts &= ~(uint32_t)FACT_NEVER_RETURNS;
  }
}

static bool gives_coroutine(const FunctionFacts *function) {
  uint32_t kind = FACT_ASYNC | FACT_GENERATOR | FACT_OPAQUE | FACT_PROPERTY;
  return (function->facts & kind) == FACT_ASYNC || (function->facts & FACT_RETURNS_COROUTINE) != 0;
}

static bool returns_coroutine(const Project *project, const FunctionFacts *function) {
  if (function->returns_call_of.len == 0) return false;
  if ((function->facts & (FACT_ASYNC | FACT_GENERATOR | FACT_OPAQUE | FACT_PROPERTY)) != 0)
    return false;
  uint32_t first = project_find_function(project, function->returns_call_of);
  uint32_t index = project_pick_function(project, first, function->path);
  return index != INDEX_NONE && gives_coroutine(&project->functions[index]);
}

/* One link of a chain of functions, each of which returns the call of the next one. */
static void decide_returned(Merging *merging) {
  Project *project = merging->project;
  uint32_t *decided = arena_array(merging->scratch, uint32_t, project->function_count);
  for (uint32_t i = 0; i < project->function_count; i++) {
    if (returns_coroutine(project, &project->functions[i])) decided[i] = FACT_RETURNS_COROUTINE;
  }
  for (uint32_t i = 0; i < project->function_count; i++) project->functions[i].facts |= decided[i];
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
      if (!is_owner || map_has(&project->modules, name)) continue;
      if (map_add(merging->arena, &project->aliases, name, project->targets.count)) {
        vec_push(merging->arena, &project->targets, full);
      }
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
  add_tables(&merging);
  for (uint32_t i = 0; i < count; i++) add_file(&merging, merging.facts[i]);
  add_short_names(&merging);
  name_functions(&merging);
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
