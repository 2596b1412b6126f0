#include "python/outcome.h"

#include "python/iterate.h"
#include "python/name.h"

#include <stddef.h>
#include <stdint.h>

enum {
  /* Tuples in tuples, and names that stand for tuples. */
  TYPES_DEPTH = 8,
};

/* The part of Caught that a class sets. */
typedef struct {
  const char *name;
  size_t flag; /* offset of the bool */
  size_t type; /* offset of the Node that remembers the expression, or NO_TYPE */
} CaughtName;

#define NO_TYPE SIZE_MAX

static const CaughtName NAMES[] = {
  { "BaseException", offsetof(Caught, base_exception), offsetof(Caught, base_type) },
  { "Exception", offsetof(Caught, exception), offsetof(Caught, exception_type) },
  { "asyncio.CancelledError", offsetof(Caught, cancelled), offsetof(Caught, cancelled_type) },
  { "anyio.get_cancelled_exc_class",
    offsetof(Caught, cancelled),
    offsetof(Caught, cancelled_type) },
  { "trio.Cancelled", offsetof(Caught, cancelled), offsetof(Caught, cancelled_type) },
  { "concurrent.futures.CancelledError",
    offsetof(Caught, foreign_cancelled),
    offsetof(Caught, foreign_type) },
  { "TimeoutError", offsetof(Caught, timeout), offsetof(Caught, timeout_type) },
  { "asyncio.TimeoutError",
    offsetof(Caught, asyncio_timeout),
    offsetof(Caught, asyncio_timeout_type) },
  { "concurrent.futures.TimeoutError",
    offsetof(Caught, futures_timeout),
    offsetof(Caught, timeout_type) },
  { "ExceptionGroup", offsetof(Caught, group), NO_TYPE },
  { "BaseExceptionGroup", offsetof(Caught, group), NO_TYPE },
  { "exceptiongroup.ExceptionGroup", offsetof(Caught, group), NO_TYPE },
  { "exceptiongroup.BaseExceptionGroup", offsetof(Caught, group), NO_TYPE },
};

/* site is the expression in the clause that brings the class in, be it by a name for a tuple. */
static void caught_add_class(Module *module, Caught *caught, Node expression, Node site) {
  Node named = expression;
  if (tree_is(&module->tree, named, KIND_CALL))
    named = tree_child(&module->tree, named, FIELD_FUNCTION);
  Str name = named != NODE_NONE ? name_of(module, named) : STR_EMPTY;
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    if (!str_is(name, NAMES[i].name)) continue;
    *(bool *)((char *)caught + NAMES[i].flag) = true;
    caught->base_group |= str_ends_with(name, STR("BaseExceptionGroup"));
    if (NAMES[i].type == NO_TYPE) return;
    Node *type = (Node *)((char *)caught + NAMES[i].type);
    if (*type == NODE_NONE) *type = site;
    return;
  }
  caught->others = true;
}

/* What a name that is bound once stands for, if that is a tuple or a sum of tuples; else
   NODE_NONE. */
static Node tuple_behind(const Module *module, Node identifier) {
  const Tree *tree = &module->tree;
  BindingId id = scopes_binding(&module->scopes, identifier);
  if (id == BINDING_NONE) return NODE_NONE;
  const Binding *binding = scopes_get(&module->scopes, id);
  if (binding->bind_count != 1) return NODE_NONE;
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    const Occurrence *occurrence = &binding->occurrences.items[i];
    if (occurrence->kind != OCCURRENCE_ASSIGN) continue;
    Node assignment = tree_parent(tree, occurrence->node);
    if (!tree_is(tree, assignment, KIND_ASSIGNMENT)) return NODE_NONE;
    Node value = tree_child(tree, assignment, FIELD_RIGHT);
    bool is_tuple = tree_is(tree, value, KIND_TUPLE) || tree_is(tree, value, KIND_BINARY_OPERATOR);
    return is_tuple ? value : NODE_NONE;
  }
  return NODE_NONE;
}

/* site is NODE_NONE as long as the expression stands in the clause itself. */
static void caught_add(Module *module, Caught *caught, Node type, Node site, uint32_t depth) {
  const Tree *tree = &module->tree;
  if (depth >= TYPES_DEPTH) {
    caught->others = true;
    return;
  }
  switch (tree_kind(tree, type)) {
  case KIND_TUPLE:
  case KIND_LIST_SPLAT:
  case KIND_BINARY_OPERATOR:
    TREE_EACH_CHILD (tree, type, child) {
      if (!tree_is(tree, child, KIND_TOKEN)) caught_add(module, caught, child, site, depth + 1);
    }
    return;
  case KIND_IDENTIFIER: {
    Node here = site != NODE_NONE ? site : type;
    Node tuple = tuple_behind(module, type);
    if (tuple != NODE_NONE) caught_add(module, caught, tuple, here, depth + 1);
    else caught_add_class(module, caught, type, here);
    return;
  }
  default:
    caught_add_class(module, caught, type, site != NODE_NONE ? site : type);
  }
}

static Caught caught_nothing(void) {
  return (Caught){
    .cancelled_type = NODE_NONE,
    .exception_type = NODE_NONE,
    .base_type = NODE_NONE,
    .timeout_type = NODE_NONE,
    .foreign_type = NODE_NONE,
    .asyncio_timeout_type = NODE_NONE,
    .types = NODE_NONE,
    .variable = NODE_NONE,
    .body = NODE_NONE,
  };
}

/* The first identifier at or below the target of `as`. */
static Node caught_variable(const Tree *tree, Node target) {
  while (target != NODE_NONE && !tree_is(tree, target, KIND_IDENTIFIER))
    target = tree_first(tree, target);
  return target;
}

Caught caught_by(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  Caught caught = caught_nothing();
  TREE_EACH_CHILD (tree, clause, child) {
    Node type = child;
    if (tree_is(tree, child, KIND_BLOCK)) {
      caught.body = child;
      continue;
    }
    if (tree_field(tree, child) == FIELD_ALIAS) {
      caught.variable = caught_variable(tree, child);
      continue;
    }
    if (tree_is(tree, child, KIND_AS_PATTERN)) {
      caught.variable = caught_variable(tree, tree_child(tree, child, FIELD_ALIAS));
      type = tree_first(tree, child);
    }
    if (type == NODE_NONE || tree_is(tree, type, KIND_ERROR)) continue;
    if (caught.types == NODE_NONE) caught.types = type;
    caught_add(module, &caught, type, NODE_NONE, 0);
  }
  caught.is_bare = caught.types == NODE_NONE;
  return caught;
}

static bool is_keyword(const Tree *tree, Node argument) {
  return tree_is(tree, argument, KIND_KEYWORD_ARGUMENT) ||
    tree_is(tree, argument, KIND_DICTIONARY_SPLAT);
}

Caught caught_by_suppress(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Caught caught = caught_nothing();
  bool is_suppress = name_is(module, tree_child(tree, call, FIELD_FUNCTION), "contextlib.suppress");
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  if (!tree_is(tree, arguments, KIND_ARGUMENT_LIST)) return caught;
  caught.types = arguments;
  TREE_EACH_CHILD (tree, arguments, argument) {
    if (is_keyword(tree, argument)) continue;
    caught_add(module, &caught, argument, NODE_NONE, 0);
    if (!is_suppress) break;
  }
  return caught;
}

bool caught_lists(
  Module *module, const Caught *caught, const char *const *names, uint32_t name_count
) {
  if (caught->types == NODE_NONE) return false;
  EACH_ROW (&module->tree, caught->types, row) {
    if (!tree_is(&module->tree, row, KIND_IDENTIFIER) && !tree_is(&module->tree, row, KIND_ATTRIBUTE))
      continue;
    if (str_in(name_of(module, row), names, name_count)) return true;
  }
  return false;
}

bool mentions_cancellation(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, clause, row) {
    bool is_name = tree_is(tree, row, KIND_IDENTIFIER);
    if (is_name && str_contains(str_lower(module->arena, tree_text(tree, row)), STR("cancel")))
      return true;
  }
  return false;
}

bool caught_cancellation(const Module *module, const Caught *caught) {
  if (caught->is_bare || caught->base_exception || caught->cancelled) return true;
  return module->target.minor < 8 && (caught->exception || caught->foreign_cancelled);
}

Node suppressing_call(Module *module, Node with_item) {
  static const char *const SUPPRESSING[] = { "contextlib.suppress", "pytest.raises" };
  static const char *const ASSERTIONS[] = { "self.assertRaises", "self.assertRaisesRegex" };
  const Tree *tree = &module->tree;
  Node call = tree_first(tree, with_item);
  if (tree_is(tree, call, KIND_AS_PATTERN)) call = tree_first(tree, call);
  if (!tree_is(tree, call, KIND_CALL)) return NODE_NONE;
  Node function = tree_child(tree, call, FIELD_FUNCTION);
  if (function == NODE_NONE) return NODE_NONE;
  bool suppresses =
    NAME_IN(module, function, SUPPRESSING) || STR_IN(name_spelled(module, function), ASSERTIONS);
  return suppresses ? call : NODE_NONE;
}

Str raised_class(Module *module, Node raise) {
  Node expression = tree_first(&module->tree, raise);
  if (tree_is(&module->tree, expression, KIND_CALL))
    expression = tree_child(&module->tree, expression, FIELD_FUNCTION);
  return expression == NODE_NONE ? STR_EMPTY : name_of(module, expression);
}
