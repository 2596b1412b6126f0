#include "python/short_lived.h"

#include "python/name.h"

enum {
  DEPTH_MAX = 6,
  STEPS_MAX = 200, /* functions looked at for one question */
};

static const char *const EVENT_NAMES[] = { "event", "_event", "events", "evt" };
static const char *const CONTEXT_NAMES[] = {
  "context", "_context", "ctx", "_ctx", "_", "__", "lambda_context", "_lambda_context"
};

static bool is_handler(const FunctionFacts *function) {
  if ((function->facts & (FACT_ASYNC | FACT_METHOD | FACT_GENERATOR)) != 0) return false;
  if (function->parameters.count != 2) return false;
  return STR_IN(function->parameters.items[0].name, EVENT_NAMES) &&
    STR_IN(function->parameters.items[1].name, CONTEXT_NAMES);
}

typedef struct {
  const Project *project;
  uint32_t steps;
} Search;

static const FunctionFacts *
handler_above(Search *search, const FunctionUses *started, uint32_t depth) {
  const FunctionFacts *function = started->function;
  if (is_handler(function)) return function;
  if ((function->facts & FACT_ASYNC) == 0 || depth > DEPTH_MAX) return NULL;
  for (const Caller *caller = started->callers; caller != NULL; caller = caller->next) {
    if (caller->name.len == 0 || str_equal(caller->name, function->name)) continue;
    if (search->steps++ >= STEPS_MAX) continue;
    const FunctionUses *above = project_uses(search->project, caller->name);
    const FunctionFacts *handler = above == NULL ? NULL : handler_above(search, above, depth + 1);
    if (handler != NULL) return handler;
  }
  return NULL;
}

const FunctionFacts *short_lived_handler(Module *module, Node node) {
  FunctionId id = module_function_of(module, node);
  if (module->project == NULL || id == FUNCTION_MODULE || module->identity.is_test) return NULL;
  Str name = name_of_definition(module, module_function(module, id)->qualified);
  const FunctionUses *started = project_uses_in(module->project, name, module->source->path);
  if (started == NULL) return NULL;
  Search search = { .project = module->project };
  return handler_above(&search, started, 0);
}
