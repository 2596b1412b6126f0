/* What becomes of the errors of the work that a function awaits. */
#include "python/facts_build.h"

#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/foreign_cancel.h"
#include "python/group.h"
#include "python/iterate.h"
#include "python/library.h"
#include "python/name.h"
#include "python/outcome.h"
#include "python/use.h"
#include "python/value.h"

/* More callees and classes than these are not told apart. */
enum { DELEGATES_MAX = 16, RAISED_MAX = 4 };

/* Taking one of these does not fail. */
static const char *const LOCK_WORDS[] = {
  "lock",  "locks",     "semaphore", "semaphores", "sem",
  "mutex", "condition", "limiter",   "throttle",   "throttler",
};

/* Calls that a function which cannot fail may make between its awaits. */
static const char *const HARMLESS[] = {
  "set",
  "clear",
  "append",
  "appendleft",
  "add",
  "discard",
  "time",
  "monotonic",
  "perf_counter",
  "loop_time",
  "len",
  "str",
  "repr",
  "range",
  "enumerate",
  "is_set",
  "done",
  "cancelled",
  "cancel",
  "set_result",
  "now",
  "utcnow",
  "min",
  "max",
  "get_event_loop",
  "get_running_loop",
  "uniform",
  "random",
};

/* Calls that collect what a group has done. */
static const char *const BUILDING[] = {
  "list",   "dict",   "set",       "tuple",       "sorted", "zip",   "sum",
  "values", "items",  "keys",      "result",      "Queue",  "Event", "Lock",
  "extend", "update", "Semaphore", "defaultdict", "any",    "all",
};

/* What stands around a statement in its function. */
typedef struct {
  bool is_handled;     /* errors end in a handler that logs, counts or returns */
  bool is_unwinding;   /* in an except clause or a finally */
  bool takes_timeouts; /* a handler catches asyncio.TimeoutError */
} Surroundings;

static bool logs(Module *module, Node clause) {
  EACH_ROW (&module->tree, clause, node) {
    if (tree_is(&module->tree, node, KIND_CALL) && call_meaning(module, node) == CALL_LOG)
      return true;
  }
  return false;
}

static bool is_broad(const Caught *caught) {
  return caught->is_bare || caught->base_exception || caught->exception;
}

static bool has_handling_clause(Module *module, Node try_statement) {
  Nodes clauses = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < clauses.count; i++) {
    Caught caught = caught_by(module, clauses.items[i]);
    bool is_silent = is_broad(&caught) && handler_always_raises(module, clauses.items[i]) &&
      !logs(module, clauses.items[i]);
    if (is_broad(&caught) && !is_silent) return true;
  }
  return false;
}

static bool try_handles(FactsBuilder *builder, Node try_statement) {
  uint32_t handles;
  if (!node_map_get(&builder->handling, try_statement, &handles)) {
    handles = has_handling_clause(builder->module, try_statement);
    node_map_put(builder->scratch, &builder->handling, try_statement, handles);
  }
  return handles != 0;
}

/* All that its paths come to is a `raise` of what it has caught. */
static bool passes_on(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  if (!handler_always_raises(module, clause)) return false;
  EACH_ROW (tree, clause, row) {
    if (tree_is(tree, row, KIND_RAISE_STATEMENT) && tree_first(tree, row) != NODE_NONE)
      return false;
  }
  return true;
}

static bool try_takes_timeouts(Module *module, Node try_statement) {
  Nodes clauses = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < clauses.count; i++) {
    Caught caught = caught_by(module, clauses.items[i]);
    bool may_take = is_broad(&caught) || caught.timeout || caught.asyncio_timeout;
    if (may_take && !passes_on(module, clauses.items[i])) return true;
  }
  return false;
}

/* contextlib.suppress among the items of a `with`. */
static void add_suppression(Module *module, Node with_statement, Surroundings *around) {
  const Tree *tree = &module->tree;
  Node clause = tree_first(tree, with_statement);
  if (!tree_is(tree, clause, KIND_WITH_CLAUSE)) return;
  TREE_EACH_CHILD (tree, clause, item) {
    Node call = tree_is(tree, item, KIND_WITH_ITEM) ? with_item_expression(tree, item) : NODE_NONE;
    if (!tree_is(tree, call, KIND_CALL) || call_meaning(module, call) != CALL_SUPPRESS) continue;
    Caught caught = caught_by_suppress(module, call);
    around->is_handled |= is_broad(&caught);
    around->takes_timeouts |= is_broad(&caught) || caught.timeout || caught.asyncio_timeout;
  }
}

static void add_try(FactsBuilder *builder, Node try_statement, Node part, Surroundings *around) {
  const Tree *tree = &builder->module->tree;
  if (tree_is(tree, part, KIND_EXCEPT_CLAUSE) || tree_is(tree, part, KIND_FINALLY_CLAUSE))
    around->is_unwinding = true;
  if (part != try_body(builder->module, try_statement)) return;
  around->is_handled |= try_handles(builder, try_statement);
  around->takes_timeouts |= try_takes_timeouts(builder->module, try_statement);
}

static Surroundings surroundings_of(FactsBuilder *builder, FunctionId id, Node await) {
  const Tree *tree = &builder->module->tree;
  Node body = module_function(builder->module, id)->body;
  Surroundings around = { .is_handled = false };
  for (Node node = facts_statement(builder, await); node != NODE_NONE && node != body;) {
    Node parent = tree_parent(tree, node);
    if (tree_is(tree, parent, KIND_TRY_STATEMENT)) add_try(builder, parent, node, &around);
    if (tree_is(tree, parent, KIND_WITH_STATEMENT))
      add_suppression(builder->module, parent, &around);
    node = parent;
  }
  return around;
}

/* --- single awaits --- */

typedef bool (*ItemTest)(FactsBuilder *builder, Node expression);

/* True if every expression, or else at least one, that a `with` enters passes. */
static bool items_pass(FactsBuilder *builder, Node with_statement, ItemTest passes, bool every) {
  const Tree *tree = &builder->module->tree;
  Node clause = tree_first(tree, with_statement);
  if (!tree_is(tree, clause, KIND_WITH_CLAUSE)) return false;
  TREE_EACH_CHILD (tree, clause, item) {
    Node expression =
      tree_is(tree, item, KIND_WITH_ITEM) ? with_item_expression(tree, item) : NODE_NONE;
    if (expression != NODE_NONE && passes(builder, expression) != every) return !every;
  }
  return every;
}

static bool is_lock(FactsBuilder *builder, Node expression) {
  return HAS_WORD(builder->module, last_name(builder->module, expression), LOCK_WORDS);
}

static bool is_old_timeout(FactsBuilder *builder, Node expression) {
  if (!tree_is(&builder->module->tree, expression, KIND_CALL)) return false;
  return str_starts_with(
    name_of(builder->module, call_function(builder->module, expression)), STR("async_timeout.")
  );
}

static bool cannot_fail(FactsBuilder *builder, Node await) {
  const Tree *tree = &builder->module->tree;
  if (tree_is(tree, await, KIND_WITH_STATEMENT)) return items_pass(builder, await, is_lock, true);
  Node operand = tree_is(tree, await, KIND_AWAIT) ? tree_first(tree, await) : NODE_NONE;
  return tree_is(tree, operand, KIND_CALL) && call_cannot_fail(builder->module, operand);
}

/* An await that lets asyncio.TimeoutError out, which is another class than TimeoutError before
   3.11. */
static bool raises_timeout(FactsBuilder *builder, Node await) {
  const Tree *tree = &builder->module->tree;
  if (tree_is(tree, await, KIND_WITH_STATEMENT))
    return items_pass(builder, await, is_old_timeout, false);
  Node operand = tree_is(tree, await, KIND_AWAIT) ? tree_first(tree, await) : NODE_NONE;
  return tree_is(tree, operand, KIND_CALL) &&
    call_meaning(builder->module, operand) == CALL_WAIT_FOR;
}

/* --- callees that answer for their own errors --- */

static void add_delegate(FactsBuilder *builder, FunctionFacts *facts, Delegate delegate) {
  if (str_starts_with(delegate.name, STR("."))) delegate.name = STR_EMPTY;
  if (facts->delegates.count >= DELEGATES_MAX) delegate.name = STR_EMPTY;
  for (uint32_t i = 0; i < facts->delegates.count; i++) {
    Delegate *known = &facts->delegates.items[i];
    if (!str_equal(known->name, delegate.name)) continue;
    known->takes_timeouts &= delegate.takes_timeouts;
    return;
  }
  delegate.name = facts_keep(builder, delegate.name);
  vec_push(builder->scratch, &facts->delegates, delegate);
}

static void
add_called(FactsBuilder *builder, FunctionFacts *facts, Node expression, bool takes_timeouts) {
  Module *module = builder->module;
  Node call = call_behind(module, expression); /* of `task = call.run()`, then `await task` */
  Delegate delegate = { .takes_timeouts = takes_timeouts };
  if (call != NODE_NONE && call_meaning(module, call) == CALL_OTHER)
    delegate.name = facts_callee(builder, call_function(module, call), NULL);
  add_delegate(builder, facts, delegate);
}

static void
add_gathered(FactsBuilder *builder, FunctionFacts *facts, Node call, bool takes_timeouts) {
  Gather gather;
  bool is_known = gather_of(builder->module, call, &gather) && gather.is_complete;
  if (!is_known) add_delegate(builder, facts, (Delegate){ .takes_timeouts = takes_timeouts });
  for (uint32_t i = 0; is_known && i < gather.awaitables.count; i++) {
    add_called(builder, facts, gather.awaitables.items[i], takes_timeouts || gather.may_collect);
  }
}

static void
add_delegates(FactsBuilder *builder, FunctionFacts *facts, Node await, bool takes_timeouts) {
  Module *module = builder->module;
  Node operand =
    tree_is(&module->tree, await, KIND_AWAIT) ? tree_first(&module->tree, await) : NODE_NONE;
  CallMeaning meaning =
    tree_is(&module->tree, operand, KIND_CALL) ? call_meaning(module, operand) : CALL_OTHER;
  if (meaning == CALL_GATHER) {
    add_gathered(builder, facts, operand, takes_timeouts);
  } else if (meaning == CALL_SHIELD) {
    add_called(builder, facts, call_positional(module, operand, 0), takes_timeouts);
  } else {
    add_called(builder, facts, operand, takes_timeouts);
  }
}

/* --- whole functions --- */

static bool is_harmless_call(Module *module, Node call) {
  CallMeaning meaning = call_meaning(module, call);
  if (meaning == CALL_LOG || meaning == CALL_SUPPRESS) return true;
  Str method = call_method(module, call);
  return STR_IN(method, HARMLESS) || STR_IN(method, BUILDING);
}

/* Nothing between the rows raises an error of its own: no raise statement, no call that may
   fail. */
static bool is_quiet_between(FactsBuilder *builder, FunctionId id, Node from, Node to) {
  const Body *body = &builder->bodies[id];
  for (uint32_t i = 0; i < body->raises.count; i++) {
    if (body->raises.items[i] >= from && body->raises.items[i] < to) return false;
  }
  for (uint32_t i = 0; i < body->calls.count; i++) {
    Node call = body->calls.items[i];
    if (call >= from && call < to && !is_harmless_call(builder->module, call)) return false;
  }
  return true;
}

/* True if all that can fail happens in task groups: what leaves them is wrapped in an exception
   group. */
static bool awaits_in_groups(FactsBuilder *builder, FunctionId id) {
  const Tree *tree = &builder->module->tree;
  const Nodes *awaits = &builder->bodies[id].awaits;
  Node end = 0, last = module_function(builder->module, id)->body;
  for (uint32_t i = 0; i < awaits->count; i++) {
    Node await = awaits->items[i];
    if (await < end) continue;
    if (group_entered(builder->module, await) != NODE_NONE) {
      if (try_around(builder->module, await) != NODE_NONE) return false;
      if (!is_quiet_between(builder, id, last, await)) return false;
      end = last = tree_after(tree, await);
    } else if (!cannot_fail(builder, await)) {
      return false;
    }
  }
  return end != 0 &&
    is_quiet_between(
           builder, id, last, tree_after(tree, module_function(builder->module, id)->body)
    );
}

static bool calls_nothing_else(FactsBuilder *builder, FunctionId id) {
  Module *module = builder->module;
  const Nodes *calls = &builder->bodies[id].calls;
  for (uint32_t i = 0; i < calls->count; i++) {
    Node call = calls->items[i];
    bool is_harmless =
      STR_IN(call_method(module, call), HARMLESS) || call_meaning(module, call) == CALL_LOG;
    if (!is_harmless && !call_cannot_fail(module, call)) return false;
  }
  return true;
}

/* A function that only waits between plain calls, and takes what these raise: each that may fail
   lies in a try which answers for it, or in a handler. */
static bool handles_its_calls(FactsBuilder *builder, FunctionId id) {
  Module *module = builder->module;
  const Body *body = &builder->bodies[id];
  bool is_any_handled = false;
  for (uint32_t i = 0; i < body->calls.count; i++) {
    Node call = body->calls.items[i];
    if (is_harmless_call(module, call) || call_cannot_fail(module, call)) continue;
    Surroundings around = surroundings_of(builder, id, call);
    if (!around.is_handled && !around.is_unwinding) return false;
    is_any_handled |= around.is_handled;
  }
  return is_any_handled;
}

/* Looking something up may fail like a call. Asked only of functions that await nothing, which are
   short. */
static bool looks_up(const FactsBuilder *builder, FunctionId id) {
  Module *module = builder->module;
  EACH_ROW (&module->tree, module_function(module, id)->body, node) {
    if (tree_is(&module->tree, node, KIND_SUBSCRIPT)) return true;
  }
  return false;
}

/* Counts per function of what its awaits come to. */
typedef struct {
  uint32_t handled, failing;
} Awaits;

static void
add_await(FactsBuilder *builder, FunctionId id, Node await, FunctionFacts *facts, Awaits *awaits) {
  bool may_time_out = raises_timeout(builder, await);
  if (!may_time_out && cannot_fail(builder, await)) return;
  Surroundings around = surroundings_of(builder, id, await);
  if (may_time_out && !around.takes_timeouts) facts->facts |= FACT_RAISES_TIMEOUT;
  awaits->failing++;
  if (around.is_handled) {
    awaits->handled++;
  } else if (!around.is_unwinding) {
    add_delegates(builder, facts, await, around.takes_timeouts);
  }
}

/* The class that `raise Name(…)` raises, if it says that the work has failed. */
static Str raised_name(Module *module, Node raise) {
  static const char *const others[] = {
    "NotImplementedError", "CancelledError",     "SystemExit",
    "KeyboardInterrupt",   "StopAsyncIteration",
  };
  Str name = str_after_last(raised_class(module, raise), '.');
  bool is_class = name.len > 0 && name.data[0] >= 'A' && name.data[0] <= 'Z';
  return is_class && !STR_IN(name, others) ? name : STR_EMPTY;
}

static Str first_raised(FactsBuilder *builder, FunctionId id) {
  const Body *body = &builder->bodies[id];
  for (uint32_t i = 0; i < body->raises.count; i++) {
    if (try_around(builder->module, body->raises.items[i]) != NODE_NONE) continue;
    Str name = raised_name(builder->module, body->raises.items[i]);
    if (name.len > 0) return facts_keep(builder, name);
  }
  return STR_EMPTY;
}

/* Which of them is no Exception is known once the classes of all files are. */
static void add_raised(FactsBuilder *builder, FunctionId id, FunctionFacts *facts) {
  Module *module = builder->module;
  const Nodes *raises = &builder->bodies[id].raises;
  for (uint32_t i = 0; i < raises->count && facts->raised.count < RAISED_MAX; i++) {
    Node raise = raises->items[i];
    if (try_around(module, raise) != NODE_NONE) continue;
    Str name = raised_class(module, raise);
    if (name.len == 0 || library_entry(module, name) != NULL) continue;
    vec_push(builder->scratch, &facts->raised, facts_keep(builder, name));
  }
}

static bool raises_out(FactsBuilder *builder, FunctionId id) {
  const Body *body = &builder->bodies[id];
  for (uint32_t i = 0; i < body->raises.count; i++) {
    if (!surroundings_of(builder, id, body->raises.items[i]).is_handled) return true;
  }
  return false;
}

/* A plain function that no error leaves. */
static bool ends_errors(FactsBuilder *builder, FunctionId id) {
  const Function *function = module_function(builder->module, id);
  if (function->is_generator || function->is_stub || raises_out(builder, id)) return false;
  if (handles_its_calls(builder, id)) return true;
  return calls_nothing_else(builder, id) && !looks_up(builder, id);
}

/* A handler around the await takes its CancelledError and can end without raising. */
static bool takes_cancellation(FactsBuilder *builder, FunctionId id, Node await) {
  Module *module = builder->module;
  const Tree *tree = &module->tree;
  Node body = module_function(module, id)->body;
  for (Node node = facts_statement(builder, await); node != NODE_NONE && node != body;) {
    Node parent = tree_parent(tree, node);
    if (cancellation_ends_at(module, parent, node)) return true;
    node = parent;
  }
  return false;
}

void facts_add_errors(FactsBuilder *builder, FunctionId id, FunctionFacts *facts) {
  const Body *body = &builder->bodies[id];
  const Function *function = module_function(builder->module, id);
  if (!function->is_async) {
    if (ends_errors(builder, id)) facts->facts |= FACT_ENDS_ERRORS;
    return;
  }
  if (!function->is_stub) {
    facts->raises = first_raised(builder, id);
    add_raised(builder, id, facts);
  }
  Awaits awaits = { 0 };
  for (uint32_t i = 0; i < body->awaits.count; i++)
    add_await(builder, id, body->awaits.items[i], facts, &awaits);
  for (uint32_t i = 0; i < body->awaits.count; i++) {
    if (!takes_cancellation(builder, id, body->awaits.items[i])) continue;
    facts->facts |= FACT_TAKES_CANCELLATION;
    break;
  }
  if (awaits.handled > 0 && facts->delegates.count == 0) facts->facts |= FACT_HANDLES_ERRORS;
  bool only_waits = facts->delegates.count == 0 && body->awaits.count > 0;
  if (only_waits && handles_its_calls(builder, id)) facts->facts |= FACT_HANDLES_ERRORS;
  if (awaits_in_groups(builder, id)) facts->facts |= FACT_TASK_GROUP;
  bool is_plain = !function->is_generator && !function->is_stub && function->decorators.count == 0;
  if (is_plain && body->awaits.count == 0) facts->facts |= FACT_NEVER_SUSPENDS;
  bool is_quiet = awaits.failing == 0 && body->raises.count == 0 && !function->is_generator;
  if (!is_quiet || !calls_nothing_else(builder, id)) return;
  if (body->awaits.count > 0 || !looks_up(builder, id)) facts->facts |= FACT_CANNOT_FAIL;
}
