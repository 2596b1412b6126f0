#include "python/coroutine_call.h"

#include "python/asyncio_call.h"
#include "python/caches.h"
#include "python/duck.h"
#include "python/expectation.h"
#include "python/habit.h"
#include "python/handler.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/use.h"
#include "python/work.h"

typedef enum {
  MAKES_NOTHING,
  MAKES_COROUTINE,
  MAKES_GENERATOR,
  MAKES_EITHER, /* an abstract method: its implementations may be async generators */
} Makes;

static Makes made_by_function(const FunctionFacts *function) {
  const uint32_t unsure = FACT_OPAQUE | FACT_PROPERTY | FACT_CONTEXT_MANAGER | FACT_OVERLOAD;
  uint32_t facts = function->facts;
  if (facts & unsure) return MAKES_NOTHING;
  if (facts & FACT_STUB) {
    if ((facts & (FACT_FILLED | FACT_FILLED_BY_GENERATOR)) == FACT_FILLED) return MAKES_COROUTINE;
    const uint32_t abstract = FACT_ABSTRACT | FACT_ASYNC;
    return (facts & abstract) == abstract ? MAKES_EITHER : MAKES_NOTHING;
  }
  if (facts & FACT_RETURNS_COROUTINE) return MAKES_COROUTINE;
  if (!(facts & FACT_ASYNC)) return MAKES_NOTHING;
  return facts & FACT_GENERATOR ? MAKES_GENERATOR : MAKES_COROUTINE;
}

/* Why an async function may give its caller something else than a coroutine. */
static Reason made_into_else(const FunctionFacts *function) {
  if (function == NULL || (function->facts & FACT_ASYNC) == 0) return NULL;
  if (function->facts & FACT_CONTEXT_MANAGER) return "it makes a context manager";
  if (function->facts & FACT_OPAQUE) return "a decorator may run it, or make something else of it";
  return NULL;
}

static Makes made_by(Module *module, Node call, Reason *why) {
  Callee callee = callee_of(module, call);
  if (callee.is_ambiguous) return MAKES_NOTHING;
  if (callee.is_library_coroutine) return MAKES_COROUTINE;
  if (callee.is_library_generator) return MAKES_GENERATOR;
  Makes makes = callee.function == NULL ? MAKES_NOTHING : made_by_function(callee.function);
  if (makes == MAKES_NOTHING) *why = made_into_else(callee.function);
  return makes;
}

bool makes_coroutine(Module *module, Node call) {
  Reason why = NULL;
  return tree_is(&module->tree, call, KIND_CALL) && made_by(module, call, &why) == MAKES_COROUTINE;
}

/* What a coroutine object itself offers. */
static bool is_own_attribute(Str name) {
  static const char *const own[] = {
    "send",      "throw",      "close",     "__await__", "__next__",     "__iter__", "__class__",
    "__aiter__", "__anext__",  "asend",     "aclose",    "athrow",       "cr_await", "cr_code",
    "cr_frame",  "cr_running", "cr_origin", "__name__",  "__qualname__", "ag_frame", "ag_running",
  };
  return STR_IN(name, own);
}

/* A call that uses its argument as a value. Schedulers and containers take coroutines, these do
   not. */
static bool takes_value(Module *module, Node call) {
  static const char *const names[] = {
    "print",
    "str",
    "len",
    "bool",
    "int",
    "float",
    "list",
    "dict",
    "sum",
    "repr",
    "abs",
    "round",
    "json.dumps",
    "json.loads",
    "aiohttp.web.Response",
    "aiohttp.web.json_response",
    "fastapi.Response",
    "fastapi.responses.HTMLResponse",
    "fastapi.responses.JSONResponse",
    "fastapi.responses.PlainTextResponse",
    "fastapi.responses.Response",
    "starlette.responses.HTMLResponse",
    "starlette.responses.JSONResponse",
    "starlette.responses.PlainTextResponse",
    "starlette.responses.Response",
  };
  return NAME_IN(module, call_function(module, call), names);
}

/* --- what becomes of the coroutine ----------------------------------------------------------- */

typedef enum {
  FATE_UNKNOWN, /* it may be awaited there */
  FATE_UNUSED,  /* dropped, tested, formatted: it does not run, and nothing fails */
  FATE_BREAKS, /* used as a value: this raises TypeError or AttributeError, or is wrong, whatever else is done */
  FATE_PASSED, /* given to a function of the project that does not await it, but may keep it */
} Fate;

/* What a function of the project does with the parameter that gets the argument. */
static Fate fate_of_argument(Module *module, const Use *use) {
  if (takes_value(module, use->consumer)) return FATE_UNUSED;
  if (str_is(call_method(module, use->consumer), "extend")) return FATE_BREAKS;
  if (call_meaning(module, use->consumer) == CALL_LOG) return FATE_UNUSED;
  Callee callee = callee_of(module, use->consumer);
  const FunctionFacts *function = callee.is_ambiguous ? NULL : callee.function;
  if (function == NULL) return FATE_UNKNOWN;
  bool is_entered = (function->facts & FACT_OPAQUE) == 0;
  for (uint32_t i = 0; i < function->parameters.count; i++) {
    const ParameterFacts *parameter = &function->parameters.items[i];
    if (use->name.len > 0 ? !str_equal(use->name, parameter->name) : i != use->index) continue;
    if (parameter->facts & (PARAMETER_AWAITED | PARAMETER_CALLED | PARAMETER_CANCELLED))
      return FATE_UNKNOWN;
    if (is_entered && (parameter->facts & PARAMETER_DATA)) return FATE_BREAKS;
    if (function->facts & FACT_STUB) return FATE_UNKNOWN;
    if (is_entered && (parameter->facts & PARAMETER_VALUE)) return FATE_BREAKS;
    return FATE_PASSED;
  }
  return FATE_UNKNOWN;
}

static Fate fate_of_iteration(const Tree *tree, Node consumer) {
  if (tree_is(tree, consumer, KIND_CALL)) return FATE_BREAKS;
  if (tree_is(tree, consumer, KIND_LIST_SPLAT) || tree_is_async(tree, consumer))
    return FATE_UNKNOWN;
  return FATE_BREAKS;
}

/* A statement of its own. What a notebook displays of a coroutine does not run either. */
static bool is_left(const Use *use) {
  return use->kind == USE_DROPPED || use->kind == USE_DISPLAYED;
}

static Fate fate_of(Module *module, const Use *use, Makes makes) {
  if (makes == MAKES_EITHER) return is_left(use) ? FATE_UNUSED : FATE_UNKNOWN;
  switch (use->kind) {
  case USE_DROPPED:
  case USE_DISPLAYED:
  case USE_TESTED:
  case USE_COMPARED:
  case USE_FORMATTED:
    return FATE_UNUSED;
  case USE_ATTRIBUTE:
  case USE_METHOD:
    return is_own_attribute(use->name) ? FATE_UNKNOWN : FATE_BREAKS;
  case USE_ARGUMENT:
    return makes == MAKES_GENERATOR ? FATE_UNKNOWN : fate_of_argument(module, use);
  case USE_ITERATED:
    return fate_of_iteration(&module->tree, use->consumer);
  case USE_OPERATED:
  case USE_SUBSCRIPTED:
  case USE_UNPACKED:
    return FATE_BREAKS;
  default:
    return FATE_UNKNOWN;
  }
}

/* Names of functions that are given coroutines to run, or to look at. */
static bool is_runner_name(Str name) {
  static const char *const words[] = {
    "await", "coro",   "task",     "gather", "wait",  "run",    "shield", "future", "sync",
    "defer", "submit", "schedule", "spawn",  "start", "thread", "add",    "append",
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (str_contains(name, str_from(words[i]))) return true;
  }
  return false;
}

/* An unknown use that may be the one which the coroutine was made for. */
static bool may_run(Module *module, const Use *use) {
  switch (use->kind) {
  case USE_RETURNED:
  case USE_STORED:
  case USE_CONTAINED:
    return false;
  case USE_ARGUMENT:
    if (call_meaning(module, use->consumer) != CALL_OTHER) return true;
    const FunctionFacts *entered = callee_of(module, use->consumer).function;
    if (entered != NULL && (entered->facts & FACT_STUB) == 0) return true;
    Str name = last_name(module, call_function(module, use->consumer));
    return name.len == 0 || is_runner_name(str_lower(module->arena, name));
  default:
    return true;
  }
}

/* What the coroutine is assigned to: `self.x = f()`, or `x = f()` with a use of x further on. */
static Node assigned_target(const Tree *tree, Node call, const Use *use) {
  if (use->kind == USE_STORED && use->value == call && tree_is(tree, use->consumer, KIND_ATTRIBUTE))
    return use->consumer;
  Node parent = tree_parent(tree, call);
  if (use->kind != USE_ARGUMENT || !tree_is(tree, parent, KIND_ASSIGNMENT)) return NODE_NONE;
  Node left = tree_child(tree, parent, FIELD_LEFT);
  return tree_is(tree, left, KIND_IDENTIFIER) ? left : NODE_NONE;
}

/* `self.x = f()`, and elsewhere `self.x = await f()`: it is meant to hold the result. */
static bool holds_result_elsewhere(Module *module, Node call, const Use *use) {
  const Tree *tree = &module->tree;
  Node assigned = assigned_target(tree, call, use);
  if (assigned == NODE_NONE || !may_search(module, 0)) return false;
  Str target = tree_text(tree, assigned);
  Str function = tree_text(tree, call_function(module, call));
  for (Node row = 0; row < tree->count; row++) {
    if (!tree_is(tree, row, KIND_ASSIGNMENT)) continue;
    Node right = tree_child(tree, row, FIELD_RIGHT), left = tree_child(tree, row, FIELD_LEFT);
    if (!tree_is(tree, right, KIND_AWAIT) || !tree_is(tree, tree_first(tree, right), KIND_CALL))
      continue;
    if (!str_equal(tree_text(tree, left), target)) continue;
    Node awaited = call_function(module, tree_first(tree, right));
    if (str_equal(tree_text(tree, awaited), function)) return true;
  }
  return false;
}

/* The name holds nothing but this coroutine where it is tested or computed with. Nobody does so
   with one that is to be handed on. */
static bool shows_mistake(Module *module, Node call, const Use *use, Fate fate) {
  bool is_test =
    use->kind == USE_TESTED && !tree_is(&module->tree, use->consumer, KIND_COMPARISON_OPERATOR);
  if (fate != FATE_BREAKS && !is_test) return false;
  if (use->value == call) return true;
  if (!tree_is(&module->tree, use->value, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, use->value);
  return definitions.count == 1 && defined_value(module, definitions.items[0]) == call;
}

/* `x = f()` on one path, `x = await g()` on another: it is meant to hold the result. */
static bool is_awaited_on_another_path(Module *module, const Use *use) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, use->value, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, use->value);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node value = defined_value(module, definitions.items[i]);
    if (tree_is(tree, value, KIND_AWAIT) && tree_is(tree, tree_first(tree, value), KIND_CALL))
      return true;
  }
  return false;
}

/* What the use shows of the author: the coroutine is taken for its result. */
static bool is_mistaken(Module *module, Node call, const Use *use, Fate fate) {
  return shows_mistake(module, call, use, fate) || holds_result_elsewhere(module, call, use) ||
    is_awaited_on_another_path(module, use);
}

/* True if the coroutine surely never runs: every use leaves it unused, or one breaks and none may
   await it. Where it is also handed to code that is not known, it has to be plain that its author
   takes it for the result. */
static bool
is_never_run(Module *module, Node call, const Uses *uses, Makes makes, Node *misuse, Reason *why) {
  bool is_passed = false, breaks = false, is_unsure = false;
  Node mistake = NODE_NONE;
  for (uint32_t i = 0; i < uses->count; i++) {
    const Use *use = &uses->items[i];
    Fate fate = fate_of(module, use, makes);
    if (fate == FATE_UNKNOWN && may_run(module, use)) return no_fault(why, use_meaning(use->kind));
    is_unsure |= fate == FATE_UNKNOWN;
    if (fate == FATE_UNKNOWN) *why = use_meaning(use->kind);
    is_passed |= fate == FATE_PASSED;
    if (mistake == NODE_NONE && is_mistaken(module, call, use, fate)) mistake = use->consumer;
    bool is_first = !is_left(use) && *misuse == NODE_NONE;
    if (fate == FATE_BREAKS ? !breaks : is_first && fate == FATE_UNUSED) *misuse = use->consumer;
    breaks |= fate == FATE_BREAKS;
  }
  if (!is_unsure) *why = use_meaning(USE_ARGUMENT);
  if (!is_unsure && (breaks || !is_passed)) return true;
  *misuse = mistake;
  return mistake != NODE_NONE;
}

/* The value of the call itself is dropped, tested or computed with. */
static bool is_left_at_once(Module *module, Node call, const Uses *uses) {
  if (tree_is(&module->tree, tree_parent(&module->tree, call), KIND_EXPRESSION_STATEMENT))
    return true;
  for (uint32_t i = 0; i < uses->count; i++) {
    const Use *use = &uses->items[i];
    bool is_mistaken = use->kind == USE_TESTED || use->kind == USE_OPERATED;
    if (use->value != call || !is_mistaken) return false;
  }
  return uses->count > 0;
}

/* In a test, or a class of tests, that a decorator skips always: nobody runs it, and nobody has
   kept it up. */
static bool is_never_tested(Module *module, Node call) {
  static const char *const skips[] = { "unittest.skip", "unittest.SkipTest", "pytest.mark.skip" };
  const Tree *tree = &module->tree;
  for (Node outer = tree_ancestor(tree, call, KIND_DECORATED_DEFINITION); outer != NODE_NONE;
       outer = tree_ancestor(tree, outer, KIND_DECORATED_DEFINITION)) {
    TREE_EACH_CHILD (tree, outer, child) {
      Node decorator = tree_is(tree, child, KIND_DECORATOR) ? tree_first(tree, child) : NODE_NONE;
      if (tree_is(tree, decorator, KIND_CALL)) decorator = call_function(module, decorator);
      if (decorator != NODE_NONE && NAME_IN(module, decorator, skips)) return true;
    }
  }
  return false;
}

static Str asked_key(Module *module, Node call, Str asked) {
  return str_format(module->arena, "%u.%.*s", module_function_of(module, call), STR_ARGS(asked));
}

/* Asked for all calls together: there may be thousands in one function. */
static void fill_asked_kinds(Module *module) {
  const Tree *tree = &module->tree;
  module->caches->has_asked_kinds = true;
  for (Node node = 0; node < tree->count; node++) {
    if (!tree_is(tree, node, KIND_CALL)) continue;
    if (!str_is(call_method(module, node), "iscoroutinefunction")) continue;
    Node asked = call_positional(module, node, 0);
    if (asked == NODE_NONE) continue;
    Str key = asked_key(module, node, tree_text(tree, asked));
    map_add(module->arena, &module->caches->asked_kinds, key, 0);
  }
}

/* `if iscoroutinefunction(job.run): await job.run()`, else `job.run()`: the function asks what it
   has got, so both kinds are meant. */
static bool is_asked_about(Module *module, Node call) {
  ModuleCaches *caches = module->caches;
  if (!caches->has_asked_kinds) fill_asked_kinds(module);
  if (caches->asked_kinds.count == 0) return false;
  Str function = tree_text(&module->tree, call_function(module, call));
  return map_has(&caches->asked_kinds, asked_key(module, call, function));
}

/* `futures.extend(read(a), read(b))`: they are meant to be elements, and awaited with the others. */
static bool is_meant_as_element(Module *module, Node call, Node misuse) {
  static const char *const awaitables[] = {
    "task",    "tasks",   "coro", "coros",      "coroutines", "future",
    "futures", "pending", "jobs", "awaitables", "futs",
  };
  if (!tree_is(&module->tree, misuse, KIND_CALL) || !tree_inside(&module->tree, call, misuse))
    return false;
  Node receiver = call_receiver(module, misuse);
  if (receiver == NODE_NONE || !str_is(call_method(module, misuse), "extend")) return false;
  return call_positional_count(module, misuse) > 1 ||
    HAS_WORD(module, last_name(module, receiver), awaitables);
}

bool unawaited_coroutine(Module *module, Node call, CoroutineCall *result, Reason *why) {
  Makes makes = made_by(module, call, why);
  bool is_habit = makes == MAKES_NOTHING && is_awaited_by_habit(module, call);
  bool is_guess = makes == MAKES_NOTHING && !is_habit && may_be_project_method(module, call);
  if (is_habit) makes = MAKES_COROUTINE;
  if (makes == MAKES_NOTHING && !is_guess) return false;
  CallMeaning meaning = call_meaning(module, call);
  if (meaning >= CALL_GATHER && meaning <= CALL_SHIELD) return false;
  Uses uses = uses_of(module, call);
  if (is_habit && !is_left_at_once(module, call, &uses) && !is_of_awaited_object(module, call))
    return no_fault(why, "other calls like it are awaited, but this one may be awaited later");
  if (uses.count == 0 && module_function_of(module, call) == FUNCTION_MODULE)
    return no_fault(why, "a name of the module keeps the coroutine");
  Node misuse = NODE_NONE;
  Reason used = NULL;
  if (!is_never_run(module, call, &uses, is_guess ? MAKES_COROUTINE : makes, &misuse, &used)) {
    if (!is_guess) *why = used;
    return false;
  }
  if (is_guess) {
    const FunctionFacts *method = likely_method(module, call);
    makes = method == NULL ? MAKES_NOTHING : made_by_function(method);
    if (makes != MAKES_COROUTINE) return false;
  }
  if (is_expected_to_fail(module, call)) return no_fault(why, "a test expects the call to fail");
  if (is_asked_about(module, call))
    return no_fault(why, "the function asks whether this is a coroutine function");
  if (is_never_tested(module, call)) return no_fault(why, "a decorator skips this test always");
  *result = (CoroutineCall){
    .name = call_method(module, call),
    .is_generator = makes == MAKES_GENERATOR,
    .misuse = misuse,
    .is_element = is_meant_as_element(module, call, misuse),
  };
  return true;
}

/* --- coroutines that are returned ------------------------------------------------------------ */

/* The nearest try or with of the function whose body holds the node; a try counts if it has
   handlers or a finally. */
static Node guard_around(Module *module, Node node) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, node);
  Node guard = try_around(module, node);
  for (Node with = tree_ancestor(tree, node, KIND_WITH_STATEMENT); with != NODE_NONE;
       with = tree_ancestor(tree, with, KIND_WITH_STATEMENT)) {
    if (module_function_of(module, with) != function) break;
    bool is_inner = guard == NODE_NONE || tree_inside(tree, with, guard);
    return is_inner && tree_inside(tree, node, tree_child(tree, with, FIELD_BODY)) ? with : guard;
  }
  return guard;
}

/* A handler of the try catches what calling the function can raise, when it is given the wrong
   arguments. */
static bool guards_the_call(Module *module, Node guard) {
  static const char *const raised[] = {
    "TypeError", "AttributeError", "NotImplementedError", "NameError"
  };
  Nodes handlers = try_handlers(module, guard);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (CAUGHT_LISTS(module, &caught, raised)) return true;
  }
  return false;
}

/* `try: return call()` and nothing else, in a sync function: the handlers can only be meant for the
   coroutine. */
static bool is_only_guarded(Module *module, Node guard, Node statement) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, guard, KIND_TRY_STATEMENT) || try_handlers(module, guard).count == 0)
    return false;
  Node body = try_body(module, guard);
  return tree_first(tree, body) == statement && tree_next(tree, statement) == NODE_NONE &&
    !guards_the_call(module, guard);
}

static bool is_meant_to_give_awaitable(Module *module, const Function *function) {
  static const char *const words[] = {
    "Awaitable", "Coroutine", "Future", "Task", "Any", "object"
  };
  Str annotation = function->return_annotation == NODE_NONE
    ? STR_EMPTY
    : tree_text(&module->tree, function->return_annotation);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (str_contains(annotation, str_from(words[i]))) return true;
  }
  const FunctionFacts *facts = project_function_in(
    module->project, name_of_definition(module, function->qualified), module->source->path
  );
  return facts == NULL || (facts->facts & FACT_OPAQUE) != 0;
}

/* Of a future that somebody else resolves the failure is no concern of the function that returns
   it. */
static bool starts_work(Module *module, Node call, CallMeaning meaning) {
  return work_of(module, meaning == CALL_SHIELD ? call_positional(module, call, 0) : call) !=
    WORK_OWNED;
}

bool returned_coroutine(Module *module, Node call, ReturnedCoroutine *result, Reason *why) {
  const Function *function = module_function(module, module_function_of(module, call));
  if (function->is_generator || !tree_is(&module->tree, function->node, KIND_FUNCTION_DEFINITION))
    return false;
  CallMeaning meaning = call_meaning(module, call);
  bool is_future = meaning == CALL_GATHER || meaning == CALL_SHIELD;
  Reason unsure = NULL;
  if (is_future ? !starts_work(module, call, meaning) : made_by(module, call, &unsure) != MAKES_COROUTINE)
    return false;
  Uses uses = uses_of(module, call);
  if (uses.count != 1 || !tree_is(&module->tree, uses.items[0].consumer, KIND_RETURN_STATEMENT))
    return false;
  Node statement = uses.items[0].consumer, guard = guard_around(module, statement);
  if (!function->is_async && !is_only_guarded(module, guard, statement))
    return no_fault(why, "this is a sync function, whose caller awaits what it returns");
  if (function->is_async && is_future && !tree_is(&module->tree, guard, KIND_TRY_STATEMENT))
    return no_fault(why, "the work has started already, and the caller gets its future");
  if (function->is_async && !is_future && is_meant_to_give_awaitable(module, function))
    return no_fault(
      why, "the function is meant to give an awaitable, or its decorator may await it"
    );
  if (is_expected_to_fail(module, call)) return no_fault(why, "a test expects the call to fail");
  *result = (ReturnedCoroutine){ call_method(module, call), guard, is_future, function->is_async };
  return true;
}
