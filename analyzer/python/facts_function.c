/* What each function is: the facts that its own text decides. */
#include "python/facts_build.h"

#include "python/definition.h"
#include "python/name.h"
#include "python/outcome.h"

static const char *const NEVER_ANNOTATIONS[] = {
  "typing.NoReturn",
  "typing.Never",
  "typing_extensions.NoReturn",
  "typing_extensions.Never",
};

static uint32_t fact_if(bool is_so, Fact fact) { return is_so ? (uint32_t)fact : 0; }

static uint32_t shape_of(const Function *function) {
  return fact_if(function->is_async, FACT_ASYNC) | fact_if(function->is_generator, FACT_GENERATOR) |
    fact_if(function->is_stub, FACT_STUB) | fact_if(function->is_property, FACT_PROPERTY) |
    fact_if(function->is_static, FACT_STATIC) |
    fact_if(function->is_class_method, FACT_CLASS_METHOD) |
    fact_if(function->class_id != CLASS_NONE, FACT_METHOD) |
    fact_if(function->is_overload, FACT_OVERLOAD) | fact_if(function->is_abstract, FACT_ABSTRACT);
}

/* A stub may be meant to be overridden, whatever it raises. */
static bool never_returns(Module *module, const Function *function) {
  Node annotation = function->return_annotation;
  if (annotation != NODE_NONE && NAME_IN(module, annotation, NEVER_ANNOTATIONS)) {
    return true;
  }
  if (function->is_generator || function->is_stub || function->is_abstract) return false;
  return outcome_of(module, function->body) == OUTCOME_RAISES;
}

static FunctionFacts facts_of_function(FactsBuilder *builder, FunctionId id) {
  Module *module = builder->module;
  const Tree *tree = &module->tree;
  const Function *function = module_function(module, id);
  Node identifier = tree_child(tree, function->node, FIELD_NAME);
  if (identifier == NODE_NONE) identifier = function->node;
  FunctionFacts facts = {
    .name = facts_keep(builder, name_of_definition(module, function->qualified)),
    .path = builder->path,
    .position = source_position(module->source, tree->rows[identifier].start),
    .facts = shape_of(function),
  };
  if (function->class_id != CLASS_NONE) {
    facts.class_name = facts_keep(builder, class_dotted(module, function->class_id));
  }
  facts.facts |= fact_if(never_returns(module, function), FACT_NEVER_RETURNS);
  facts.facts |= fact_if(facts_is_async_wrapper(builder, id), FACT_ASYNC_WRAPPER);
  facts_add_results(builder, id, &facts);
  facts_add_errors(builder, id, &facts);
  facts_add_parameters(builder, id, &facts);
  facts_add_decorators(builder, id, &facts);
  facts_seal(builder, &facts.parameters);
  facts_seal(builder, &facts.delegates);
  facts_seal(builder, &facts.raised);
  facts_seal(builder, &facts.decorators);
  return facts;
}

/* A decorator answers for the errors of what it decorates if the wrapper that it makes does; a
   decorator that takes arguments makes the one that makes the wrapper. Nested functions come
   after those that hold them. */
static void raise_handling(FactsBuilder *builder, const uint32_t *index_of, Facts *facts) {
  const Module *module = builder->module;
  for (FunctionId id = module->symbols.functions.count; id-- > 1;) {
    if (index_of[id] == UINT32_MAX) continue;
    FunctionId parent = module_function(module, id)->parent;
    if (parent == FUNCTION_NONE || index_of[parent] == UINT32_MAX) continue;
    FunctionFacts *outer = &facts->functions.items[index_of[parent]];
    uint32_t inner = facts->functions.items[index_of[id]].facts;
    bool is_wrapper = (inner & (FACT_ASYNC | FACT_ASYNC_WRAPPER)) != 0;
    if (is_wrapper && (outer->facts & (FACT_ASYNC | FACT_ASYNC_WRAPPER)) == FACT_ASYNC_WRAPPER) {
      outer->facts |= inner & FACT_HANDLES_ERRORS;
    }
  }
}

void facts_add_functions(FactsBuilder *builder, Facts *facts) {
  const Module *module = builder->module;
  uint32_t count = module->symbols.functions.count;
  uint32_t *index_of = arena_array(builder->scratch, uint32_t, count);
  vec_reserve(builder->scratch, &facts->functions, count);
  for (FunctionId id = 0; id < count; id++) {
    index_of[id] = UINT32_MAX;
    if (!tree_is(&module->tree, module_function(module, id)->node, KIND_FUNCTION_DEFINITION))
      continue;
    index_of[id] = facts->functions.count;
    vec_push(builder->scratch, &facts->functions, facts_of_function(builder, id));
  }
  raise_handling(builder, index_of, facts);
  facts_seal(builder, &facts->functions);
}
