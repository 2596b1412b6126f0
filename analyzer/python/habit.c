#include "python/habit.h"

#include "python/asyncio_call.h"
#include "python/definition.h"
#include "python/facts.h"
#include "python/iterate.h"
#include "python/library.h"
#include "python/name.h"
#include "python/use.h"
#include "python/value.h"

enum {
  AWAITS_MIN = 3,      /* of methods of objects known by their name only */
  AWAITS_PER_DROP = 5, /* fewer show that the value may as well be dropped */
  AWAITS_PER_DROP_OF_FUNCTION = 2,
};

/* `bot` and `self._bot` are mostly the same thing. */
static Str without_underscores(Str name) {
  while (name.len > 0 && name.data[0] == '_') name = str_slice(name, 1, name.len);
  return name;
}

static Str name_by_receiver(Module *module, Node function) {
  const Tree *tree = &module->tree;
  Node receiver = tree_child(tree, function, FIELD_OBJECT);
  Str method = tree_text(tree, tree_child(tree, function, FIELD_ATTRIBUTE));
  if (receiver == NODE_NONE || method.len == 0) return STR_EMPTY;
  bool is_class, is_name = tree_is(tree, receiver, KIND_IDENTIFIER);
  if (is_name && self_class(module, receiver, &is_class) != CLASS_NONE) return STR_EMPTY;
  Str owner = without_underscores(last_name(module, receiver));
  if (owner.len == 0 || str_is(owner, "super")) return STR_EMPTY;
  return STR_CONCAT(module->arena, STR("."), owner, STR("."), method);
}

Str habit_name(Module *module, Node call) {
  Node function = call_function(module, call);
  if (function == NODE_NONE) return STR_EMPTY;
  Str name = name_of(module, function);
  if (name.len > 0)
    return str_contains(name, STR(".")) && !str_starts_with(name, STR("typing")) ? name : STR_EMPTY;
  return tree_is(&module->tree, function, KIND_ATTRIBUTE) ? name_by_receiver(module, function)
                                                          : STR_EMPTY;
}

/* A function of the standard library, or one of the project of which it is plain what it gives. */
static bool is_known_function(Module *module, const Callee *callee) {
  if (callee->is_ambiguous) return true;
  if (callee->function != NULL) return (callee->function->facts & FACT_OPAQUE) == 0;
  if (library_entry(module, callee->name) != NULL) return true;
  /* Of a class outside the standard library not every method is known. */
  Str owner = str_before_last(callee->name, '.');
  const LibraryEntry *entry = library_entry(module, owner);
  return entry != NULL && !entry->is_external;
}

/* An object of another kind may go by the same name: what is made or opened right here is not
   what others await. */
static bool may_be_another(Module *module, Node receiver) {
  if (!tree_is(&module->tree, receiver, KIND_IDENTIFIER)) return false;
  return !value_is(module, receiver, VALUE_UNKNOWN);
}

/* Plain methods of asyncio's own objects, and of files, which go by the same names as those of
   libraries. */
static bool is_plain_elsewhere(Module *module, Str method) {
  static const char *const classes[] = {
    "asyncio.StreamWriter",
    "asyncio.DatagramTransport",
    "asyncio.Server",
    "asyncio.Event",
    "asyncio.Lock",
    "asyncio.Queue",
    "asyncio.Task",
    "asyncio.AbstractEventLoop",
    "io.IOBase",
  };
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
    const LibraryEntry *entry = library_entry(module, str_from(classes[i]));
    const LibraryEntry *found =
      entry == NULL ? NULL : library_method(module->library, entry, method);
    if (found != NULL && found->kind != LIBRARY_COROUTINE) return true;
  }
  return false;
}

/* `async def flush(self): self._client.flush()` wraps what may be plain. */
static bool is_in_namesake(Module *module, Node call, Str method) {
  const Function *function = module_function(module, module_function_of(module, call));
  return str_equal(str_after_last(function->qualified, '.'), method);
}

static bool is_rare(Habit habit, uint32_t awaits_per_drop) {
  uint32_t drops = habit.awaited / awaits_per_drop;
  return habit.unawaited <= (drops > 0 ? drops : 1);
}

static bool may_be_plain(Module *module, Node call) {
  Str method = call_method(module, call);
  return is_plain_elsewhere(module, method) || is_in_namesake(module, call, method) ||
    may_be_another(module, call_receiver(module, call));
}

bool is_awaited_by_habit(Module *module, Node call) {
  if (module->project == NULL || module->identity.is_test) return false;
  if (!module_in_coroutine(module, call)) return false;
  Callee callee = callee_of(module, call);
  Str name = is_known_function(module, &callee) ? STR_EMPTY : habit_name(module, call);
  if (name.len == 0) return false;
  bool is_guess = str_starts_with(name, STR("."));
  Habit habit = project_habit(module->project, name);
  /* A decorator that is not known may start the coroutine itself. */
  if (!is_guess && callee.function == NULL)
    return habit.awaited > 0 && is_rare(habit, AWAITS_PER_DROP_OF_FUNCTION);
  if (habit.awaited < AWAITS_MIN || !is_rare(habit, AWAITS_PER_DROP)) return false;
  return !is_guess || !may_be_plain(module, call);
}

bool is_of_awaited_object(Module *module, Node call) {
  const Tree *tree = &module->tree;
  Node receiver = call_receiver(module, call);
  if (!tree_is(tree, receiver, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, receiver);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node with = scopes_occurrence(&module->scopes, definitions.items[i]) == OCCURRENCE_WITH
      ? tree_ancestor(tree, definitions.items[i], KIND_WITH_STATEMENT)
      : NODE_NONE;
    if (with != NODE_NONE && tree_is_async(tree, with)) continue;
    if (!tree_is(tree, defined_value(module, definitions.items[i]), KIND_AWAIT)) return false;
  }
  return definitions.count > 0;
}
