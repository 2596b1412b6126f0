#include "python/async_callback.h"

#include "python/asyncio_call.h"
#include "python/name.h"
#include "python/value.h"

#define NO_POSITION UINT32_MAX

typedef struct {
  const char *name;
  uint32_t position;
  const char *keyword;
  Taker taker;
} CallbackTaker;

static const CallbackTaker FUNCTIONS[] = {
  { "asyncio.to_thread", 0, "func", TAKER_THREADS },
  { "atexit.register", 0, "func", TAKER_DROPS },
  { "filter", 0, NULL, TAKER_VALUES },
  { "functools.reduce", 0, NULL, TAKER_VALUES },
  { "max", NO_POSITION, "key", TAKER_VALUES },
  { "min", NO_POSITION, "key", TAKER_VALUES },
  { "signal.signal", 1, "handler", TAKER_DROPS },
  { "sorted", NO_POSITION, "key", TAKER_VALUES },
  { "threading.Thread", 1, "target", TAKER_THREADS },
  { "threading.Timer", 1, "function", TAKER_THREADS },
  { "weakref.finalize", 1, "func", TAKER_DROPS },
};

static const CallbackTaker LOOP_METHODS[] = {
  { "add_reader", 1, "callback", TAKER_DROPS },
  { "add_signal_handler", 1, "callback", TAKER_DROPS },
  { "add_writer", 1, "callback", TAKER_DROPS },
  { "call_at", 1, "callback", TAKER_DROPS },
  { "call_later", 1, "callback", TAKER_DROPS },
  { "call_soon", 0, "callback", TAKER_DROPS },
  { "call_soon_threadsafe", 0, "callback", TAKER_DROPS },
  { "run_in_executor", 1, "func", TAKER_THREADS },
};

static const CallbackTaker SUBMIT = { "submit", 0, "fn", TAKER_THREADS };
static const CallbackTaker ADD_DONE_CALLBACK = { "add_done_callback", 0, "fn", TAKER_DROPS };

/* Tornado's loop runs the coroutines that its callbacks return. */
static bool is_event_loop(Module *module, Node receiver) {
  Str name = str_lower(module->arena, tree_text(&module->tree, receiver));
  if (str_contains(name, STR("ioloop")) || str_contains(name, STR("io_loop"))) return false;
  return value_is(module, receiver, VALUE_LOOP);
}

static bool is_future(Module *module, Node receiver) {
  ValueKind kind = value_of(module, receiver).kind;
  return kind == VALUE_TASK || kind == VALUE_FUTURE || kind == VALUE_THREAD_FUTURE ||
    kind == VALUE_GATHER;
}

static const CallbackTaker *taker_of_method(Module *module, Node call) {
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE) return NULL;
  Str method = call_method(module, call);
  for (size_t i = 0; i < sizeof LOOP_METHODS / sizeof *LOOP_METHODS; i++) {
    if (str_is(method, LOOP_METHODS[i].name))
      return is_event_loop(module, receiver) ? &LOOP_METHODS[i] : NULL;
  }
  if (str_is(method, SUBMIT.name))
    return call_meaning(module, call) == CALL_RUN_IN_EXECUTOR ? &SUBMIT : NULL;
  bool is_callback = str_is(method, ADD_DONE_CALLBACK.name) && is_future(module, receiver);
  return is_callback ? &ADD_DONE_CALLBACK : NULL;
}

static const CallbackTaker *taker_of(Module *module, Node call) {
  Str name = name_of(module, call_function(module, call));
  for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS && name.len > 0; i++) {
    if (str_is(name, FUNCTIONS[i].name)) return &FUNCTIONS[i];
  }
  return taker_of_method(module, call);
}

static Node given_to(Module *module, Node call, const CallbackTaker *taker) {
  Node given =
    taker->position == NO_POSITION ? NODE_NONE : call_positional(module, call, taker->position);
  if (given == NODE_NONE)
    given = call_keyword(module, call, taker->keyword == NULL ? "" : taker->keyword);
  bool is_partial = tree_is(&module->tree, given, KIND_CALL) &&
    name_is(module, call_function(module, given), "functools.partial");
  return is_partial ? call_positional(module, given, 0) : given;
}

static bool makes_coroutine(const Callee *callee) {
  const uint32_t kinds = FACT_ASYNC | FACT_GENERATOR | FACT_OPAQUE | FACT_PROPERTY |
    FACT_CONTEXT_MANAGER | FACT_OVERLOAD | FACT_STUB;
  if (callee->is_ambiguous) return false;
  return callee->is_library_coroutine ||
    (callee->function != NULL && (callee->function->facts & kinds) == FACT_ASYNC);
}

/* The function that is called: of a lambda the one whose call it returns. */
static Callee callee_of_given(Module *module, Node given) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, given, KIND_LAMBDA)) return callee_of_reference(module, given);
  Node body = tree_child(tree, given, FIELD_BODY);
  return callee_of_reference(
    module, tree_is(tree, body, KIND_CALL) ? call_function(module, body) : NODE_NONE
  );
}

bool async_callback(Module *module, Node call, AsyncCallback *result, Reason *why) {
  const CallbackTaker *taker = taker_of(module, call);
  if (taker == NULL) return false;
  Node given = given_to(module, call, taker);
  if (given == NODE_NONE) return false;
  Callee callee = callee_of_given(module, given);
  if (!makes_coroutine(&callee))
    return no_fault(why, "what it is given is no coroutine function, as far as is known");
  *result =
    (AsyncCallback){ taker->taker, given, str_after_last(callee.name, '.'), str_from(taker->name) };
  return true;
}
