#include "python/coroutine_call.h"

#include "python/asyncio_call.h"
#include "python/name.h"
#include "python/use.h"

typedef enum {
  MAKES_NOTHING,
  MAKES_COROUTINE,
  MAKES_GENERATOR,
} Makes;

static Makes made_by(Module *module, Node call) {
  Callee callee = callee_of(module, call);
  if (callee.is_ambiguous) return MAKES_NOTHING;
  if (callee.is_library_coroutine) return MAKES_COROUTINE;
  if (callee.is_library_generator) return MAKES_GENERATOR;
  if (!callee.function) return MAKES_NOTHING;
  const uint32_t unsure = FACT_OPAQUE | FACT_STUB | FACT_PROPERTY | FACT_CONTEXT_MANAGER | FACT_OVERLOAD;
  uint32_t facts = callee.function->facts;
  if (facts & unsure) return MAKES_NOTHING;
  if (facts & FACT_RETURNS_COROUTINE) return MAKES_COROUTINE;
  if (!(facts & FACT_ASYNC)) return MAKES_NOTHING;
  return facts & FACT_GENERATOR ? MAKES_GENERATOR : MAKES_COROUTINE;
}

/* What a coroutine object itself offers. */
static bool is_own_attribute(Str name) {
  static const char *const own[] = {
    "send",     "throw",      "close",    "__await__",   "__aiter__",  "__anext__", "asend",
    "aclose",   "athrow",     "cr_await", "cr_code",     "cr_frame",   "cr_running", "cr_origin",
    "__name__", "__qualname__", "ag_frame", "ag_running",
  };
  return STR_IN(name, own);
}

/* A call that uses its argument as a value. Schedulers and containers take coroutines, these do not. */
static bool takes_value(Module *module, Node call) {
  static const char *const names[] = {
    "print", "str", "len", "bool", "int", "float", "list", "dict", "sum", "json.dumps", "repr", "abs", "round",
  };
  return NAME_IN(module, call_function(module, call), names);
}

static bool is_misuse(Module *module, const Use *use, bool is_generator) {
  switch (use->kind) {
    case USE_DROPPED:
      return true;
    case USE_ATTRIBUTE:
    case USE_METHOD:
      return !is_own_attribute(use->name);
    case USE_ARGUMENT:
      return !is_generator && takes_value(module, use->consumer);
    case USE_ITERATED:
      return !tree_is(&module->tree, use->consumer, KIND_LIST_SPLAT) && !tree_is_async(&module->tree, use->consumer) &&
             (!tree_is(&module->tree, use->consumer, KIND_CALL) || takes_value(module, use->consumer));
    case USE_TESTED:
    case USE_COMPARED:
    case USE_OPERATED:
    case USE_SUBSCRIPTED:
    case USE_UNPACKED:
    case USE_FORMATTED:
      return true;
    default:
      return false;
  }
}

/* Inside `with pytest.raises(TypeError)`, where the call is what is tested. */
static bool is_expected_to_fail(Module *module, Node call) {
  const Tree *tree = &module->tree;
  for (Node with = tree_ancestor(tree, call, KIND_WITH_STATEMENT); with != NODE_NONE;
       with = tree_ancestor(tree, with, KIND_WITH_STATEMENT)) {
    Node clause = tree_first(tree, with);
    for (Node row = clause; row < tree_after(tree, clause); row++) {
      if (!tree_is(tree, row, KIND_CALL)) continue;
      Str method = call_method(module, row);
      if (str_is(method, "raises") || str_starts_with(method, STR("assertRaises")) || str_is(method, "warns") ||
          str_starts_with(method, STR("assertWarns"))) {
        return true;
      }
    }
  }
  return false;
}

bool unawaited_coroutine(Module *module, Node call, CoroutineCall *result) {
  Makes makes = made_by(module, call);
  if (makes == MAKES_NOTHING) return false;
  CallMeaning meaning = call_meaning(module, call);
  if (meaning >= CALL_GATHER && meaning <= CALL_SHIELD) return false;
  Uses uses = uses_of(module, call);
  if (uses.count == 0 && module_function_of(module, call) == FUNCTION_MODULE) return false;
  bool is_generator = makes == MAKES_GENERATOR;
  Node misuse = NODE_NONE;
  for (uint32_t i = 0; i < uses.count; i++) {
    if (!is_misuse(module, &uses.items[i], is_generator)) return false;
    if (uses.items[i].kind != USE_DROPPED && misuse == NODE_NONE) misuse = uses.items[i].consumer;
  }
  if (is_expected_to_fail(module, call)) return false;
  *result = (CoroutineCall){ call_method(module, call), is_generator, misuse };
  return true;
}
