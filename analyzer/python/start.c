/* How coroutines are started, over the whole project. */
#include "python/work.h"

#include "python/name.h"

enum {
  CALLERS_MAX_DEPTH = 6,
  FAN_OUT_MAX_DEPTH = 2,   /* helpers between the fan-out and the work */
  CALLERS_MAX_STEPS = 200, /* functions looked at for one question */
};

/* Names of methods that so many classes have that a use through an unknown receiver says nothing
   about one of them. */
static const char *const COMMON_METHODS[] = {
  "run",        "start",     "stop",   "close",    "get",     "set",        "put",      "send",
  "recv",       "receive",   "read",   "write",    "connect", "disconnect", "execute",  "process",
  "handle",     "update",    "call",   "fetch",    "wait",    "join",       "open",     "request",
  "post",       "delete",    "add",    "remove",   "create",  "save",       "load",     "init",
  "initialize", "setup",     "reset",  "main",     "next",    "iter",       "commit",   "rollback",
  "publish",    "subscribe", "emit",   "dispatch", "poll",    "check",      "shutdown", "cancel",
  "result",     "invoke",    "search", "query",
};

enum {
  START_AWAITED = 1 << 0,
  START_TASK = 1 << 1,
};

typedef struct {
  const Project *project;
  uint32_t steps;
} Search;

static unsigned starts_of(Search *search, const FunctionUses *started, uint32_t depth);

/* Uses through receivers of unknown class: any start may mean this method, an await only if
   nothing else has the name. */
static unsigned starts_by_name(const Project *project, const FunctionFacts *function) {
  if (function->class_name.len == 0) return 0;
  Str bare = str_after_last(function->name, '.');
  unsigned starts = 0;
  uint32_t handed = project_method_uses(project, bare, CALL_REFERENCED);
  if (handed + project_method_uses(project, bare, CALL_STARTED) > 0) starts |= START_TASK;
  bool is_telling = project_same_named(project, bare) == 1 && !STR_IN(bare, COMMON_METHODS);
  if (is_telling && project_method_uses(project, bare, CALL_AWAITED) > 0) starts |= START_AWAITED;
  if (is_telling && project_method_uses(project, bare, CALL_AWAITED_IN_TAIL) > 0)
    starts |= START_TASK;
  return starts;
}

/* A tail await makes the function end with its caller: it starts as that one does, and where
   that one is awaited as well, this one is. Callers that nobody in sight starts say nothing. */
static unsigned starts_of_tails(Search *search, const FunctionUses *started, uint32_t depth) {
  unsigned starts = 0;
  for (const Caller *caller = started->callers; caller != NULL; caller = caller->next) {
    if (caller->use != CALL_AWAITED_IN_TAIL || caller->name.len == 0) continue;
    if (str_equal(caller->name, started->function->name)) continue;
    const FunctionUses *above = project_uses(search->project, caller->name);
    if (above != NULL) starts |= starts_of(search, above, depth + 1);
  }
  return (starts & START_AWAITED) != 0 ? START_AWAITED : starts;
}

static unsigned starts_of(Search *search, const FunctionUses *started, uint32_t depth) {
  if (depth > CALLERS_MAX_DEPTH || search->steps++ >= CALLERS_MAX_STEPS) return 0;
  const uint32_t *uses = started->uses;
  unsigned starts = starts_by_name(search->project, started->function);
  if (uses[CALL_AWAITED] > 0) starts |= START_AWAITED;
  if (uses[CALL_STARTED] > 0 || uses[CALL_REFERENCED] > 0) starts |= START_TASK;
  if (uses[CALL_AWAITED_IN_TAIL] > 0 && (starts & START_AWAITED) == 0)
    starts |= starts_of_tails(search, started, depth);
  /* A decorator that is not understood may hand the function to a framework, too. */
  if (starts != 0 && (started->function->facts & FACT_OPAQUE) != 0) starts |= START_TASK;
  return starts;
}

static const FunctionUses *uses_of_function(Module *module, FunctionId function) {
  if (module->project == NULL || function == FUNCTION_NONE || function == FUNCTION_MODULE)
    return NULL;
  Str name = name_of_definition(module, module_function(module, function)->qualified);
  return project_uses_in(module->project, name, module->source->path);
}

Started started_as(Module *module, FunctionId function) {
  const FunctionUses *started = uses_of_function(module, function);
  if (started == NULL) return STARTED_UNKNOWN;
  Search search = { .project = module->project };
  unsigned starts = starts_of(&search, started, 0);
  if (starts == (START_AWAITED | START_TASK)) return STARTED_BOTH;
  if (starts == START_AWAITED) return STARTED_BY_AWAIT;
  return starts == START_TASK ? STARTED_AS_TASK : STARTED_UNKNOWN;
}

/* A function without parameters does the same work each time, whoever calls it: what it is for
   is not the item. */
static bool is_fanned_out_above(Search *search, const FunctionUses *started, uint32_t depth) {
  if (started->function->parameters.count == 0) return false;
  if (started->fanned_out > 0) return true;
  if (depth >= FAN_OUT_MAX_DEPTH || search->steps++ >= CALLERS_MAX_STEPS) return false;
  for (const Caller *caller = started->callers; caller != NULL; caller = caller->next) {
    if (caller->name.len == 0 || str_equal(caller->name, started->function->name)) continue;
    const FunctionUses *above = project_uses(search->project, caller->name);
    if (above != NULL && is_fanned_out_above(search, above, depth + 1)) return true;
  }
  return false;
}

bool is_fanned_out(Module *module, FunctionId function) {
  const FunctionUses *started = uses_of_function(module, function);
  if (started == NULL) return false;
  if ((started->function->facts & (FACT_ASYNC | FACT_CONTEXT_MANAGER)) == 0) return false;
  Search search = { .project = module->project };
  return is_fanned_out_above(&search, started, 0);
}
