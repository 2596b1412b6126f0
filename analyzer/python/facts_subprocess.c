/* What needs an event loop that can start subprocesses. */
#include "python/facts_build.h"

#include "python/asyncio_call.h"
#include "python/name.h"

static const char *const STARTERS[] = {
  "asyncio.create_subprocess_exec",
  "asyncio.create_subprocess_shell",
  "asyncio.subprocess.create_subprocess_exec",
  "asyncio.subprocess.create_subprocess_shell",
  "anyio.open_process",
  "anyio.run_process",
};
/* Methods of event loops that nothing else has. */
static const char *const LOOP_METHODS[] = { "subprocess_exec", "subprocess_shell" };
/* They talk to a driver that they start as a subprocess of the loop. */
static const char *const LIBRARIES[] = { "playwright", "patchright" };

static void keep_first(FactsBuilder *builder, Facts *facts, Node node, Str name) {
  const Module *module = builder->module;
  uint32_t offset = tree_span(&module->tree, node).start;
  bool is_first = facts->subprocess.name.len == 0 || offset < facts->subprocess.offset;
  if (!is_first) return;
  Position position = source_position(module->source, offset);
  facts->subprocess = (SubprocessFacts){ facts_keep(builder, name), offset, position };
}

static void add_call(FactsBuilder *builder, Facts *facts, Node call) {
  Module *module = builder->module;
  Str name = name_of(module, call_function(module, call));
  if (name.len == 0 && call_receiver(module, call) != NODE_NONE) {
    Str method = call_method(module, call);
    if (STR_IN(method, LOOP_METHODS)) name = method;
  } else if (!STR_IN(name, STARTERS)) {
    name = STR_EMPTY;
  }
  if (name.len > 0) keep_first(builder, facts, call, name);
}

static void add_import(FactsBuilder *builder, Facts *facts, Node statement) {
  Module *module = builder->module;
  Node from = tree_child(&module->tree, statement, FIELD_MODULE_NAME);
  if (from == NODE_NONE) return;
  Str rest = name_of_module(module, from);
  Str library = str_next(&rest, '.');
  if (STR_IN(library, LIBRARIES)) keep_first(builder, facts, statement, library);
}

void facts_add_subprocess(FactsBuilder *builder, Facts *facts) {
  const Module *module = builder->module;
  for (FunctionId id = 0; id < module->symbols.functions.count; id++) {
    const Nodes *calls = &builder->bodies[id].calls;
    for (uint32_t i = 0; i < calls->count; i++) add_call(builder, facts, calls->items[i]);
  }
  for (uint32_t i = 0; i < builder->imports.count; i++) {
    Node import = builder->imports.items[i];
    if (tree_is(&module->tree, import, KIND_IMPORT_FROM_STATEMENT))
      add_import(builder, facts, import);
  }
}
