#include "python/module.h"

#include "python/caches.h"
#include "python/facts.h"
#include "python/flow.h"

const Outline *outline_build(Arena *arena, const Tree *tree) {
  Outline *outline = arena_make(arena, Outline);
  outline->scopes = scopes_build(arena, tree);
  outline->symbols = symbols_build(arena, &outline->scopes);
  return outline;
}

Module *module_build(Arena *arena, Tree tree, const ModuleOptions *options) {
  static const Vocabulary NOTHING_ADDED = { 0 };
  Module *module = arena_make(arena, Module);
  module->source = tree.source;
  module->tree = tree;
  const Outline *outline = tree.outline ? tree.outline : outline_build(arena, &module->tree);
  module->scopes = outline->scopes;
  module->symbols = outline->symbols;
  module->identity = options->identity;
  module->target = options->target;
  module->project = options->project;
  module->library = options->library ? options->library : project_library(options->project);
  module->vocabulary = options->vocabulary ? options->vocabulary : &NOTHING_ADDED;
  module->arena = arena;
  module->caches = arena_make(arena, ModuleCaches);
  return module;
}

Module *module_again(Arena *arena, const Module *module) {
  Module *again = arena_make(arena, Module);
  *again = *module;
  again->arena = arena;
  again->caches = arena_make(arena, ModuleCaches);
  return again;
}

bool module_in_coroutine(const Module *module, Node node) {
  return module_function(module, module_function_of(module, node))->is_async;
}

const Flow *module_flow(Module *module, FunctionId function) {
  ModuleCaches *caches = module->caches;
  if (!caches->flows) {
    caches->flows = arena_array(module->arena, const Flow *, module->symbols.functions.count);
  }
  if (!caches->flows[function]) {
    caches->flows[function] = flow_build(module->arena, module, function);
  }
  return caches->flows[function];
}
