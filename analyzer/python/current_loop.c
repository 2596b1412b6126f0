#include "python/current_loop.h"

#include "python/asyncio_call.h"
#include "python/entry.h"
#include "python/flow.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/outcome.h"
#include "python/timeout.h"
#include "python/use.h"

static const char GETTER[] = "asyncio.get_event_loop";

/* Somebody else's code in the file sets a loop; when that runs is not known. */
static bool sets_loop(Module *module) {
  const Tree *tree = &module->tree;
  if (!str_contains(module->source->text, STR("set_event_loop("))) return false;
  if (!may_search(module, 0)) return true;
  for (Node row = 0; row < tree->count; row++) {
    if (!tree_is(tree, row, KIND_CALL) || !name_is(module, call_function(module, row), "asyncio.set_event_loop"))
      continue;
    Node loop = call_positional(module, row, 0);
    if (loop != NODE_NONE && !tree_is(tree, loop, KIND_NONE_LITERAL)) return true;
  }
  return false;
}

/* A handler is ready for the RuntimeError. */
static bool is_expected(Module *module, Node call) {
  for (Node around = try_around(module, call); around != NODE_NONE;
       around = try_around(module, around)) {
    Nodes handlers = try_handlers(module, around);
    for (uint32_t i = 0; i < handlers.count; i++) {
      Caught caught = caught_by(module, handlers.items[i]);
      if (caught.is_bare || caught.base_exception || caught.exception) return true;
      Node types = caught.types;
      if (types != NODE_NONE && str_contains(tree_text(&module->tree, types), STR("RuntimeError")))
        return true;
    }
  }
  return false;
}

/* A method of that name is called on what the call gives. */
static bool has_method_use(Module *module, Node call, Str method) {
  Uses uses = uses_of(module, call);
  for (uint32_t i = 0; i < uses.count; i++) {
    if (uses.items[i].kind == USE_METHOD && str_equal(uses.items[i].name, method)) return true;
  }
  return false;
}

/* The loop that the call gives is started by whoever got it: no other one runs there. */
static bool is_started(Module *module, Node call) {
  return has_method_use(module, call, STR("run_until_complete")) ||
    has_method_use(module, call, STR("run_forever"));
}

/* `loop = get_event_loop()`, then `web.run_app(app, loop=loop)`. */
static bool goes_on_to_start(Module *module, Node call) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, call);
  Node body = module_function(module, function)->body;
  if (!starts_loop_after(module, call) || !may_search(module, body)) return false;
  for (Node row = call + 1; row < tree_after(tree, body); row++) {
    if (!tree_is(tree, row, KIND_CALL) || module_function_of(module, row) != function) continue;
    if (starts_loop(module, row) && flow_reaches(module, call, row, EDGES_NORMAL)) return true;
  }
  return false;
}

/* The call of that name that the function makes before this one, or NODE_NONE. */
static Node earlier_call(Module *module, Node call, const char *name) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, call);
  Node body = module_function(module, function)->body;
  if (body == NODE_NONE || !may_search(module, body)) return NODE_NONE;
  for (Node row = body; row < call; row++) {
    if (!tree_is(tree, row, KIND_CALL) || module_function_of(module, row) != function) continue;
    if (!name_is(module, call_function(module, row), name)) continue;
    if (tree_statement(tree, row) == tree_statement(tree, call)) return row;
    if (flow_reaches(module, row, call, EDGES_NORMAL)) return row;
  }
  return NODE_NONE;
}

/* Every use of the function by name is as the target of a thread. */
static bool runs_in_thread(Module *module, FunctionId id) {
  const Tree *tree = &module->tree;
  const Function *function = module_function(module, id);
  if (id == FUNCTION_MODULE || function->class_id != CLASS_NONE || !tree_is(tree, function->node, KIND_FUNCTION_DEFINITION))
    return false;
  Node name = tree_child(tree, function->node, FIELD_NAME);
  if (name == NODE_NONE) return false;
  Nodes reads = reads_of(module, name);
  for (uint32_t i = 0; i < reads.count; i++) {
    Node argument = tree_parent(tree, reads.items[i]);
    if (!tree_is(tree, argument, KIND_KEYWORD_ARGUMENT)) return false;
    if (!tree_text_is(tree, tree_child(tree, argument, FIELD_NAME), "target")) return false;
    Node call = tree_parent(tree, tree_parent(tree, argument));
    if (!tree_is(tree, call, KIND_CALL) || !name_is(module, call_function(module, call), "threading.Thread"))
      return false;
  }
  return reads.count > 0;
}

/* Why there may be a loop, whatever the place. */
static Reason may_be_set(Module *module, Node call) {
  if (module_function(module, module_function_of(module, call))->is_async)
    return "a coroutine runs in a loop, which is the one that it gets";
  if (module->identity.is_notebook) return "the cells of a notebook run in the loop of the kernel";
  /* The plugins of test runners set a loop for each test. */
  if (module->identity.is_test) return "a test runner may have set a loop";
  if (sets_loop(module)) return "the file sets an event loop";
  if (is_expected(module, call)) return "a handler is ready for the RuntimeError";
  if (is_version_guarded(module, call)) return "the branch is for certain versions of Python";
  if (has_method_use(module, call, STR("is_running"))) return "the code asks whether the loop runs";
  return NULL;
}

LoopAbsence loop_absence_of(Module *module, Node call, Reason *why) {
  FunctionId id = module_function_of(module, call);
  if (!name_is(module, call_function(module, call), GETTER)) return LOOP_MAY_BE_SET;
  *why = may_be_set(module, call);
  if (*why != NULL) return LOOP_MAY_BE_SET;
  if (earlier_call(module, call, "asyncio.run") != NODE_NONE) return LOOP_AFTER_RUN;
  if (earlier_call(module, call, GETTER) != NODE_NONE) {
    *why = "an earlier call has made the loop by then, or has failed";
    return LOOP_MAY_BE_SET;
  }
  if (runs_in_thread(module, id)) return LOOP_IN_THREAD;
  if (is_started(module, call) || goes_on_to_start(module, call)) return LOOP_BEFORE_START;
  if (id == FUNCTION_MODULE) return LOOP_AT_IMPORT;
  *why = "the function may be called while a loop runs";
  return LOOP_MAY_BE_SET;
}
