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
handler_above(Search *search, const FunctionFacts *function, uint32_t depth) {
  if (is_handler(function)) return function;
  if ((function->facts & FACT_ASYNC) == 0 || depth > DEPTH_MAX) return NULL;
  for (uint32_t i = 0; i < function->callers.count; i++) {
    Str name = function->callers.items[i].name;
    if (name.len == 0 || str_equal(name, function->name) || search->steps++ >= STEPS_MAX) continue;
    const FunctionFacts *caller = project_function(search->project, name);
    const FunctionFacts *handler = caller == NULL ? NULL : handler_above(search, caller, depth + 1);
    if (handler != NULL) return handler;
  }
  return NULL;
}

const FunctionFacts *short_lived_handler(Module *module, Node node) {
  FunctionId id = module_function_of(module, node);
  if (module->project == NULL || id == FUNCTION_MODULE || module->identity.is_test) return NULL;
  Str name = name_of_definition(module, module_function(module, id)->qualified);
  const FunctionFacts *function = project_function_in(module->project, name, module->source->path);
  if (function == NULL) return NULL;
  Search search = { .project = module->project };
  return handler_above(&search, function, 0);
}
