#include "python/project_index.h"

/* What is counted from one use: which use it is, once it is known what a call that got the
   coroutine does with it. */
typedef struct {
  Str caller;
  CallUse use;
  bool is_fanned_out;
} Count;

typedef struct {
  Project *project;
  Arena *arena;
  Arena *scratch;
  /* The uses of `Class.method` as it is said of instances of the class: they mean, besides the method
     itself, those that override it. */
  Vec(FunctionUses) of_class;
  Map of_class_by_name;
} Counting;

static void add_caller(Counting *counting, FunctionUses *uses, Str name, CallUse use) {
  if (use == CALL_REFERENCED || uses->caller_count >= FACTS_MAX_CALLERS) return;
  for (const Caller *known = uses->callers; known != NULL; known = known->next) {
    if (known->use == use && str_equal(known->name, name)) return;
  }
  Caller *caller = arena_make(counting->arena, Caller);
  *caller = (Caller){ name, use, uses->callers };
  uses->callers = caller;
  uses->caller_count++;
}

static void count_use(Counting *counting, FunctionUses *uses, Count count) {
  uses->uses[count.use]++;
  uses->fanned_out += count.is_fanned_out && count.use != CALL_REFERENCED;
  add_caller(counting, uses, count.caller, count.use);
}

/* What happens to a coroutine that is handed to a function of the project. */
static CallUse use_when_handed(const Project *project, Str function_name, Str path) {
  uint32_t first = project_find_function(project, function_name);
  uint32_t index = project_pick_function(project, first, path);
  if (index == INDEX_NONE) return CALL_REFERENCED;
  const FunctionFacts *function = project->functions[index].uses.function;
  if ((function->facts & FACT_KEEPS_TASK) != 0) return CALL_STARTED;
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    if ((function->parameters.items[i].facts & PARAMETER_AWAITED) != 0) return CALL_AWAITED;
  }
  return CALL_REFERENCED;
}

static FunctionUses *uses_of_class(Counting *counting, Str name) {
  uint32_t index;
  if (!map_get(&counting->of_class_by_name, name, &index)) {
    index = counting->of_class.count;
    vec_push(counting->scratch, &counting->of_class, (FunctionUses){ 0 });
    map_put(
      counting->scratch, &counting->of_class_by_name, str_copy(counting->scratch, name), index
    );
  }
  return &counting->of_class.items[index];
}

static void count_for_class(Counting *counting, Str callee, Count count) {
  const Project *project = counting->project;
  uint32_t class_number = project_find_class(project, str_before_last(callee, '.'));
  if (class_number == INDEX_NONE || !project->classes.items[class_number].is_base) return;
  NameBuffer buffer;
  Str class_name = project->classes.items[class_number].facts->name;
  Str name = name_joined(&buffer, class_name, str_after_last(callee, '.'));
  if (name.len > 0) count_use(counting, uses_of_class(counting, name), count);
}

/* Of definitions in files of the same dotted name the one in the caller's file is meant. */
static void count_for_functions(Counting *counting, uint32_t first, Str path, Count count) {
  ProjectFunction *functions = counting->project->functions;
  uint32_t index = project_pick_function(counting->project, first, path);
  if (index != INDEX_NONE) {
    count_use(counting, &functions[index].uses, count);
    return;
  }
  for (uint32_t i = first, seen = 0; i != INDEX_NONE && seen < FACTS_MAX_CALLERS;
       i = functions[i].next) {
    count_use(counting, &functions[i].uses, count);
    seen++;
  }
}

static void count_call(Counting *counting, const Facts *facts, const CallFacts *call) {
  Project *project = counting->project;
  Count count = { call->caller, call->use, call->is_fanned_out };
  if (call->handed_to.len > 0) count.use = use_when_handed(project, call->handed_to, facts->path);
  if (str_starts_with(call->callee, STR("."))) {
    uint32_t index;
    Str bare = str_slice(call->callee, 1, call->callee.len);
    if (map_get(&project->bare_names, bare, &index)) project->bare.items[index].uses[count.use]++;
    return;
  }
  uint32_t first = project_find_function(project, call->callee);
  if (first != INDEX_NONE) count_for_functions(counting, first, facts->path, count);
  if (!call->is_exact) count_for_class(counting, call->callee, count);
}

static void add_uses(Counting *counting, FunctionUses *to, const FunctionUses *from) {
  for (uint32_t i = 0; i <= CALL_REFERENCED; i++) to->uses[i] += from->uses[i];
  to->fanned_out += from->fanned_out;
  for (const Caller *caller = from->callers; caller != NULL; caller = caller->next)
    add_caller(counting, to, caller->name, caller->use);
}

/* A call of `self.m()` in a class may enter what a subclass defines as m. */
static void inherit_uses(Counting *counting, const ProjectClass *class_, Str method) {
  const Project *project = counting->project;
  NameBuffer buffer;
  Str own = name_joined(&buffer, class_->facts->name, method);
  uint32_t function = project_meaning(project, own)->function;
  if (function == INDEX_NONE) return;
  for (uint32_t i = 0; i < class_->ancestors.count; i++) {
    uint32_t index;
    Str ancestor = project->classes.items[class_->ancestors.items[i]].facts->name;
    if (!map_get(&counting->of_class_by_name, name_joined(&buffer, ancestor, method), &index))
      continue;
    FunctionUses *uses = &project->functions[function].uses;
    add_uses(counting, uses, &counting->of_class.items[index]);
  }
}

static void set_deadline(Project *project, const Facts *facts, const DeadlineFacts *deadline) {
  if (deadline->name.len == 0) return;
  uint32_t first = project_find_function(project, deadline->callee);
  uint32_t index = project_pick_function(project, first, facts->path);
  if (index == INDEX_NONE) return;
  FunctionUses *uses = &project->functions[index].uses;
  if (uses->deadline == NULL) uses->deadline = deadline;
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
  Counting counting = { .project = project, .arena = arena, .scratch = scratch };
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t k = 0; k < facts[i]->calls.count; k++)
      count_call(&counting, facts[i], &facts[i]->calls.items[k]);
  }
  for (uint32_t i = 0; i < project->classes.count; i++) {
    const ProjectClass *class_ = &project->classes.items[i];
    if (class_->ancestors.count == 0) continue;
    for (uint32_t k = 0; k < class_->facts->methods.count; k++)
      inherit_uses(&counting, class_, class_->facts->methods.items[k]);
  }
}
