/* What decorators make of a function. */
#include "python/facts_build.h"

#include "python/asyncio_call.h"
#include "python/decorator.h"
#include "python/definition.h"
#include "python/iterate.h"
#include "python/library.h"
#include "python/name.h"

/* Methods of applications and routers of web frameworks: they register the function and hand it
   back. */
static const char *const ROUTES[] = {
  "get",
  "post",
  "put",
  "delete",
  "patch",
  "head",
  "options",
  "route",
  "websocket",
  "websocket_route",
  "api_route",
  "on_event",
  "exception_handler",
  "middleware",
  "listener",
  "event",
};
static const char *const ACCESSORS[] = { "setter", "getter", "deleter" };

/* Words of the names of decorators that answer for the errors of what they decorate. */
static const char *const HANDLING_WORDS[] = {
  "log",      "logs", "logged", "logging",  "catch",      "catches",
  "catching", "safe", "safely", "suppress", "suppresses", "swallow",
};
static const char *const HANDLING_NAMES[] = {
  "handle_error",  "handle_errors",     "handles_errors", "handle_exception",  "handle_exceptions",
  "error_handler", "exception_handler", "ignore_errors",  "ignore_exceptions", "never_raise",
};

static bool is_registration(const Module *module, Node decorator, Node function) {
  if (!tree_is(&module->tree, function, KIND_ATTRIBUTE)) return false;
  Str word = last_name(module, function);
  bool is_call = function != decorator;
  return is_call ? STR_IN(word, ROUTES) : str_is(word, "event") || str_is(word, "middleware");
}

static Decorator
decorator_of(Module *module, const Function *function, Node decorator, Node named) {
  Str name = name_of(module, named);
  Decorator known = name.len > 0 ? decorator_named(name) : DECORATOR_UNDECIDED;
  if (known != DECORATOR_UNDECIDED) return known;
  Str last = last_name(module, named);
  if (function->is_property && (STR_IN(last, ACCESSORS) || str_ends_with(last, STR("property"))))
    return DECORATOR_PROPERTY;
  if (is_registration(module, decorator, named)) return DECORATOR_TRANSPARENT;
  bool may_be_of_project = str_contains(name, STR(".")) && library_entry(module, name) == NULL;
  return may_be_of_project ? DECORATOR_UNDECIDED : DECORATOR_OPAQUE;
}

static void apply(FactsBuilder *builder, Decorator decorator, Str name, FunctionFacts *facts) {
  switch (decorator) {
  case DECORATOR_TRANSPARENT:
    break;
  case DECORATOR_CONTEXT_MANAGER:
    facts->facts &= ~(uint32_t)(FACT_ASYNC | FACT_GENERATOR);
    facts->facts |= FACT_CONTEXT_MANAGER;
    break;
  case DECORATOR_COROUTINE:
    facts->facts &= ~(uint32_t)FACT_GENERATOR;
    facts->facts |= FACT_ASYNC;
    break;
  case DECORATOR_PROPERTY:
    facts->facts |= FACT_PROPERTY;
    break;
  case DECORATOR_UNDECIDED:
    vec_push(builder->scratch, &facts->decorators, facts_keep(builder, name));
    break;
  case DECORATOR_OPAQUE:
    facts->facts |= FACT_OPAQUE;
    break;
  }
}

void facts_add_decorators(FactsBuilder *builder, FunctionId id, FunctionFacts *facts) {
  Module *module = builder->module;
  const Function *function = module_function(module, id);
  for (uint32_t i = 0; i < function->decorators.count; i++) {
    Node decorator = function->decorators.items[i];
    Node named =
      tree_is(&module->tree, decorator, KIND_CALL) ? call_function(module, decorator) : decorator;
    apply(builder, decorator_of(module, function, decorator, named), name_of(module, named), facts);
    Str last = last_name(module, named);
    if (STR_IN(last, HANDLING_NAMES) || HAS_WORD(module, last, HANDLING_WORDS))
      facts->facts |= FACT_HANDLES_ERRORS;
  }
}
