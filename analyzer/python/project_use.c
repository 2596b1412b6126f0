#include "python/project_index.h"

typedef struct {
  Caller caller;
  uint32_t next; /* INDEX_NONE */
} CallerLink;

/* The uses of one function, or of `Class.method` as it is said of instances of the class. */
typedef struct {
  uint32_t uses[CALL_REFERENCED + 1];
  uint32_t fanned_out;
  uint32_t callers; /* first of its links, or INDEX_NONE */
  uint32_t caller_count;
} Tally;

/* What is counted from one use: which use it is, once it is known what a call that got the
   coroutine does with it. */
typedef struct {
  Caller caller;
  bool is_fanned_out;
} Count;

typedef struct {
  Project *project;
  Arena *arena;
  Arena *scratch;
  Tally *direct;        /* per function */
  Vec(Tally) of_class;  /* uses that mean, besides the method itself, those that override it */
  Map of_class_by_name; /* "Class.method" -> index */
  Vec(CallerLink) links;
} Counting;

static void add_caller(Counting *counting, Tally *tally, Caller caller) {
  if (caller.use == CALL_REFERENCED || tally->caller_count >= FACTS_MAX_CALLERS) return;
  for (uint32_t i = tally->callers; i != INDEX_NONE; i = counting->links.items[i].next) {
    const Caller *known = &counting->links.items[i].caller;
    if (known->use == caller.use && str_equal(known->name, caller.name)) return;
  }
  vec_push(counting->scratch, &counting->links, (CallerLink){ caller, tally->callers });
  tally->callers = counting->links.count - 1;
  tally->caller_count++;
}

static void count_use(Counting *counting, Tally *tally, Count count) {
  tally->uses[count.caller.use]++;
  tally->fanned_out += count.is_fanned_out && count.caller.use != CALL_REFERENCED;
  add_caller(counting, tally, count.caller);
}

/* What happens to a coroutine that is handed to a function of the project. */
static CallUse use_when_handed(const Project *project, Str function_name, Str path) {
  uint32_t first = project_find_function(project, function_name);
  uint32_t index = project_pick_function(project, first, path);
  if (index == INDEX_NONE) return CALL_REFERENCED;
  const FunctionFacts *function = &project->functions[index];
  if ((function->facts & FACT_KEEPS_TASK) != 0) return CALL_STARTED;
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    if ((function->parameters.items[i].facts & PARAMETER_AWAITED) != 0) return CALL_AWAITED;
  }
  return CALL_REFERENCED;
}

static Tally *tally_of_class(Counting *counting, Str name) {
  uint32_t index;
  if (!map_get(&counting->of_class_by_name, name, &index)) {
    index = counting->of_class.count;
    vec_push(counting->scratch, &counting->of_class, (Tally){ .callers = INDEX_NONE });
    map_put(
      counting->scratch, &counting->of_class_by_name, str_copy(counting->scratch, name), index
    );
  }
  return &counting->of_class.items[index];
}

static void count_for_class(Counting *counting, Str callee, Count count) {
  const Project *project = counting->project;
  uint32_t class_number = project_find_class(project, str_before_last(callee, '.'));
  if (class_number == INDEX_NONE) return;
  NameBuffer buffer;
  Str name =
    name_joined(&buffer, project->classes[class_number].facts->name, str_after_last(callee, '.'));
  if (name.len > 0) count_use(counting, tally_of_class(counting, name), count);
}

/* Of definitions in files of the same dotted name the one in the caller's file is meant. */
static void count_for_functions(Counting *counting, uint32_t first, Str path, Count count) {
  const Project *project = counting->project;
  uint32_t index = project_pick_function(project, first, path);
  if (index != INDEX_NONE) {
    count_use(counting, &counting->direct[index], count);
    return;
  }
  for (uint32_t i = first, seen = 0; i != INDEX_NONE && seen < FACTS_MAX_CALLERS;
       i = project->next_function[i]) {
    count_use(counting, &counting->direct[i], count);
    seen++;
  }
}

static void count_call(Counting *counting, const Facts *facts, const CallFacts *call) {
  Project *project = counting->project;
  Count count = { .caller = { call->caller, call->use }, .is_fanned_out = call->is_fanned_out };
  if (call->handed_to.len > 0)
    count.caller.use = use_when_handed(project, call->handed_to, facts->path);
  if (str_starts_with(call->callee, STR("."))) {
    uint32_t index;
    Str bare = str_slice(call->callee, 1, call->callee.len);
    if (map_get(&project->bare_names, bare, &index))
      project->bare.items[index].uses[count.caller.use]++;
    return;
  }
  uint32_t first = project_find_function(project, call->callee);
  if (first != INDEX_NONE) count_for_functions(counting, first, facts->path, count);
  if (!call->is_exact) count_for_class(counting, call->callee, count);
}

static void add_tally(Counting *counting, Tally *to, const Tally *from) {
  for (uint32_t i = 0; i <= CALL_REFERENCED; i++) to->uses[i] += from->uses[i];
  to->fanned_out += from->fanned_out;
  for (uint32_t i = from->callers; i != INDEX_NONE;) {
    CallerLink link = counting->links.items[i];
    add_caller(counting, to, link.caller);
    i = link.next;
  }
}

/* A call of `self.m()` in a class may enter what a subclass defines as m. */
static void inherit_uses(Counting *counting, uint32_t class_number, Str method) {
  const Project *project = counting->project;
  const ProjectClass *class_ = &project->classes[class_number];
  NameBuffer buffer;
  uint32_t function = INDEX_NONE;
  map_get(
    &project->functions_by_name, name_joined(&buffer, class_->facts->name, method), &function
  );
  if (function == INDEX_NONE) return;
  for (uint32_t i = 0; i < class_->ancestors.count; i++) {
    uint32_t index;
    Str ancestor = project->classes[class_->ancestors.items[i]].facts->name;
    if (!map_get(&counting->of_class_by_name, name_joined(&buffer, ancestor, method), &index))
      continue;
    add_tally(counting, &counting->direct[function], &counting->of_class.items[index]);
  }
}

static void write_tally(Counting *counting, FunctionFacts *function, const Tally *tally) {
  function->awaited = tally->uses[CALL_AWAITED];
  function->awaited_in_tail = tally->uses[CALL_AWAITED_IN_TAIL];
  function->started = tally->uses[CALL_STARTED];
  function->referenced = tally->uses[CALL_REFERENCED];
  function->fanned_out = tally->fanned_out;
  if (tally->caller_count == 0) return;
  function->callers.items = arena_array(counting->arena, Caller, tally->caller_count);
  function->callers.capacity = tally->caller_count;
  for (uint32_t i = tally->callers; i != INDEX_NONE; i = counting->links.items[i].next) {
    function->callers.items[function->callers.count++] = counting->links.items[i].caller;
  }
}

static void set_deadline(Project *project, const Facts *facts, const DeadlineFacts *deadline) {
  uint32_t first = project_find_function(project, deadline->callee);
  uint32_t index = project_pick_function(project, first, facts->path);
  if (index == INDEX_NONE || project->functions[index].deadline.name.len > 0) return;
  project->functions[index].deadline = *deadline;
  project->functions[index].deadline_path = facts->path;
}

void project_set_deadlines(Project *project, const Facts *const *facts, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t k = 0; k < facts[i]->deadlines.count; k++)
      set_deadline(project, facts[i], &facts[i]->deadlines.items[k]);
  }
}

void project_count_uses(
  Arena *arena, Arena *scratch, Project *project, const Facts *const *facts, uint32_t count
) {
  Counting counting = {
    .project = project,
    .arena = arena,
    .scratch = scratch,
    .direct = arena_array(scratch, Tally, project->function_count),
  };
  for (uint32_t i = 0; i < project->function_count; i++) counting.direct[i].callers = INDEX_NONE;
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t k = 0; k < facts[i]->calls.count; k++)
      count_call(&counting, facts[i], &facts[i]->calls.items[k]);
  }
  for (uint32_t i = 0; i < project->class_count; i++) {
    const ClassFacts *class_ = project->classes[i].facts;
    for (uint32_t k = 0; k < class_->methods.count; k++)
      inherit_uses(&counting, i, class_->methods.items[k]);
  }
  for (uint32_t i = 0; i < project->function_count; i++) {
    write_tally(&counting, &project->functions[i], &counting.direct[i]);
  }
}
