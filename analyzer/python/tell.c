#include "python/tell.h"

#include "python/asyncio_call.h"
#include "python/iterate.h"
#include "python/name.h"

static const char *const TEXT_FUNCTIONS[] = {
  "print",
  "len",
  "id",
  "hash",
  "hasattr",
  "getattr",
  "isinstance",
  "issubclass",
  "type",
  "sys.stderr.write",
  "sys.stdout.write",
  "warnings.warn",
};
/* A function whose name has one of these words only tells of what it is given. */
static const char *const TELLING_WORDS[] = {
  "log",      "logs",    "logger",    "logging",   "print",     "format",   "formatted",
  "describe", "explain", "stringify", "summarize", "traceback", "capture",  "record",
  "notice",   "debug",   "warn",      "warning",   "echo",      "sanitize", "humanize",
};

bool argument_facts(Module *module, const Use *use, uint32_t *facts) {
  Callee callee = callee_of(module, use->consumer);
  if (callee.function == NULL || callee.is_ambiguous) return false;
  const FunctionFacts *function = callee.function;
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    const ParameterFacts *parameter = &function->parameters.items[i];
    bool is_meant = use->name.len > 0 ? str_equal(parameter->name, use->name) : i == use->index;
    if (!is_meant) continue;
    *facts = parameter->facts;
    return true;
  }
  return false;
}

bool use_only_tells(Module *module, const Use *use) {
  Node call = use->consumer;
  if (!tree_is(&module->tree, call, KIND_CALL)) return false;
  if (call_meaning(module, call) == CALL_LOG) return true;
  Node function = call_function(module, call);
  Str name = name_of(module, function);
  if (STR_IN(name, TEXT_FUNCTIONS) || str_starts_with(name, STR("traceback."))) return true;
  uint32_t facts;
  if (argument_facts(module, use, &facts)) return (facts & ~(uint32_t)PARAMETER_TESTED) == 0;
  return HAS_WORD(module, last_name(module, function), TELLING_WORDS);
}
