#include "python/use_argument.h"

#include "python/asyncio_call.h"
#include "python/name.h"
#include "python/target.h"

typedef struct {
  const char *name;
  UseKind use;
  uint32_t first, last; /* the positions that it holds for */
} ArgumentUse;

#define ANY UINT32_MAX

static const ArgumentUse ARGUMENT_USES[] = {
  { "list", USE_ITERATED, 0, 0 },
  { "tuple", USE_ITERATED, 0, 0 },
  { "set", USE_ITERATED, 0, 0 },
  { "frozenset", USE_ITERATED, 0, 0 },
  { "dict", USE_ITERATED, 0, 0 },
  { "sorted", USE_ITERATED, 0, 0 },
  { "enumerate", USE_ITERATED, 0, 0 },
  { "zip", USE_ITERATED, 0, ANY },
  { "reversed", USE_ITERATED, 0, 0 },
  { "iter", USE_ITERATED, 0, 0 },
  { "next", USE_ITERATED, 0, 0 },
  { "map", USE_ITERATED, 1, ANY },
  { "filter", USE_ITERATED, 1, 1 },
  { "sum", USE_ITERATED, 0, 0 },
  { "any", USE_ITERATED, 0, 0 },
  { "all", USE_ITERATED, 0, 0 },
  { "collections.deque", USE_ITERATED, 0, 0 },
  { "collections.Counter", USE_ITERATED, 0, 0 },
  { "itertools.chain", USE_ITERATED, 0, ANY },
  { "itertools.chain.from_iterable", USE_ITERATED, 0, 0 },
  { "isinstance", USE_CHECKED, 0, 0 },
  { "issubclass", USE_CHECKED, 0, 0 },
  { "type", USE_CHECKED, 0, 0 },
  { "bool", USE_TESTED, 0, 0 },
  { "str", USE_FORMATTED, 0, 0 },
  { "repr", USE_FORMATTED, 0, 0 },
  { "ascii", USE_FORMATTED, 0, 0 },
  { "format", USE_FORMATTED, 0, 0 },
};

/* max(xs) and min(xs) iterate over their argument only if it is alone. */
static bool is_extreme_of_one(Module *module, Str name, Node call) {
  return (str_is(name, "max") || str_is(name, "min")) && call_positional_count(module, call) == 1;
}

static UseKind use_by_name(Module *module, Str name, Node call, uint32_t position) {
  for (size_t i = 0; i < sizeof ARGUMENT_USES / sizeof *ARGUMENT_USES; i++) {
    const ArgumentUse *row = &ARGUMENT_USES[i];
    if (position >= row->first && position <= row->last && str_is(name, row->name)) return row->use;
  }
  return is_extreme_of_one(module, name, call) ? USE_ITERATED : USE_ARGUMENT;
}

static bool is_text(const Tree *tree, Node node) {
  return tree_is(tree, node, KIND_STRING) || tree_is(tree, node, KIND_CONCATENATED_STRING);
}

UseKind use_of_argument(Module *module, Node call, Node argument) {
  const Tree *tree = &module->tree;
  Node receiver = call_receiver(module, call);
  Str method = receiver == NODE_NONE ? STR_EMPTY : call_method(module, call);
  if (str_is(method, "format")) return USE_FORMATTED;
  if (receiver != NODE_NONE && is_text(tree, receiver))
    return str_is(method, "join") ? USE_ITERATED : USE_ARGUMENT;
  Str name = name_of(module, call_function(module, call));
  if (name.len == 0) return USE_ARGUMENT;
  bool is_alone = tree_parent(tree, argument) == call;
  return use_by_name(module, name, call, is_alone ? 0 : position_in_parent(tree, argument));
}

bool is_handed_back(Module *module, Node call, Node argument) {
  static const char *const casts[] = { "typing.cast", "typing_extensions.cast" };
  return position_in_parent(&module->tree, argument) == 1 &&
    NAME_IN(module, call_function(module, call), casts);
}
