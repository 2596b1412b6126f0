#include "python/asyncio_call.h"

#include "python/definition.h"
#include "python/iterate.h"
#include "python/library.h"
#include "python/memo.h"
#include "python/name.h"
#include "python/use.h"
#include "python/value.h"

enum { BASES_LIMIT = 32 };

static const Callee UNKNOWN_CALLEE = { .name = { "", 0 } };

static bool is_known(const Callee *callee) {
  return callee->function != NULL || callee->is_library_coroutine || callee->is_library_generator;
}

static Callee callee_in_library(const LibraryEntry *entry, Str name) {
  Callee callee = { .name = name };
  callee.is_library_coroutine = entry->kind == LIBRARY_COROUTINE;
  callee.is_library_generator = entry->kind == LIBRARY_ASYNC_GENERATOR;
  return callee;
}

/* --- methods ---------------------------------------------------------------------------------- */

typedef struct {
  Str names[BASES_LIMIT];
  uint32_t count;
} Family;

static void add_base(Family *family, Str name) {
  if (name.len == 0 || family->count == BASES_LIMIT) return;
  for (uint32_t i = 0; i < family->count; i++) {
    if (str_equal(family->names[i], name)) return;
  }
  family->names[family->count++] = name;
}

static void add_bases(Module *module, Family *family, Str name) {
  const ClassFacts *facts = module->project == NULL ? NULL : project_class(module->project, name);
  for (uint32_t i = 0; facts != NULL && i < facts->bases.count; i++) {
    if (facts->bases.items[i].len > 0)
      add_base(family, project_canonical(module->project, facts->bases.items[i]));
  }
  ClassId class_id = facts == NULL ? class_named(module, name) : CLASS_NONE;
  if (class_id == CLASS_NONE) return;
  const Class *class = module_class(module, class_id);
  for (uint32_t i = 0; i < class->bases.count; i++)
    add_base(family, name_of(module, class->bases.items[i]));
}

/* The method of the first class of the library among the class and its bases. */
static const LibraryEntry *library_method_of(Module *module, Str class_name, Str method) {
  Family family = { .count = 0 };
  add_base(&family, class_name);
  for (uint32_t i = 0; i < family.count; i++) {
    const LibraryEntry *entry = library_entry(module, family.names[i]);
    const LibraryEntry *found = entry != NULL && entry->kind == LIBRARY_CLASS
      ? library_method(module->library, entry, method)
      : NULL;
    if (found != NULL) return found;
    if (entry == NULL) add_bases(module, &family, family.names[i]);
  }
  return NULL;
}

static Callee callee_of_method(Module *module, Str class_name, Str method) {
  Callee callee = { .name = str_join(module->arena, class_name, '.', method) };
  if (module->project != NULL) {
    callee.function = project_method(module->project, class_name, method, &callee.is_ambiguous);
    if (callee.function != NULL) {
      callee.name = callee.function->name;
      return callee;
    }
    callee.is_ambiguous = false;
  }
  const LibraryEntry *entry = library_method_of(module, class_name, method);
  return entry == NULL ? callee : callee_in_library(entry, callee.name);
}

static bool is_super(Module *module, Node expression) {
  return tree_is(&module->tree, expression, KIND_CALL) &&
    name_is(module, call_function(module, expression), "super");
}

static Callee callee_of_super(Module *module, Node receiver, Str method) {
  ClassId class_id = enclosing_class(module, receiver);
  if (class_id == CLASS_NONE) return UNKNOWN_CALLEE;
  const Class *class = module_class(module, class_id);
  Callee first = UNKNOWN_CALLEE;
  for (uint32_t i = 0; i < class->bases.count; i++) {
    Str base = name_of(module, class->bases.items[i]);
    if (base.len == 0) continue;
    if (module->project != NULL) base = project_canonical(module->project, base);
    Callee callee = callee_of_method(module, base, method);
    /* The call means the base's own method, whatever subclasses make of it. */
    callee.is_ambiguous = false;
    if (is_known(&callee)) return callee;
    if (first.name.len == 0) first = callee;
  }
  return first;
}

/* --- functions -------------------------------------------------------------------------------- */

/* `instance.method` of a module-level instance, `Class.method` of a base class. */
static Callee callee_of_member(Module *module, Str name) {
  Str owner = str_before_last(name, '.'), member = str_after_last(name, '.');
  if (owner.len == 0 || module->project == NULL) return UNKNOWN_CALLEE;
  Str class_name = project_canonical(module->project, owner);
  if (project_class(module->project, class_name) == NULL) {
    class_name = project_instance_type(module->project, class_name);
    if (class_name.len == 0) return UNKNOWN_CALLEE;
  }
  return callee_of_method(module, class_name, member);
}

static Callee find_named(Module *module, Str name) {
  Callee callee = { .name = name };
  if (module->project != NULL) {
    callee.name = project_canonical(module->project, name);
    callee.function = project_function(module->project, callee.name);
    if (callee.function != NULL) return callee;
    Callee member = callee_of_member(module, callee.name);
    if (is_known(&member)) return member;
  }
  const LibraryEntry *entry = library_entry(module, callee.name);
  return entry == NULL ? callee : callee_in_library(entry, callee.name);
}

/* Which of callee_items it is, counted from 1. */
static uint32_t keep_callee(Module *module, Callee callee) {
  Memo *memo = memo_of(module);
  vec_push(module->arena, &memo->callee_items, callee);
  return memo->callee_items.count;
}

static Callee callee_named(Module *module, Str name) {
  Memo *memo = memo_of(module);
  uint32_t kept;
  if (!map_get(&memo->named_callees, name, &kept)) {
    kept = keep_callee(module, find_named(module, name));
    map_put(module->arena, &memo->named_callees, name, kept);
  }
  return memo->callee_items.items[kept - 1];
}

static Callee find_callee(Module *module, Node function) {
  const Tree *tree = &module->tree;
  Str name = name_of(module, function);
  Callee callee = name.len > 0 ? callee_named(module, name) : UNKNOWN_CALLEE;
  if (is_known(&callee)) return callee;
  if (tree_is(tree, function, KIND_ATTRIBUTE)) {
    Node receiver = tree_child(tree, function, FIELD_OBJECT);
    Str method = tree_text(tree, tree_child(tree, function, FIELD_ATTRIBUTE));
    if (is_super(module, receiver)) return callee_of_super(module, receiver, method);
    Str class_name = class_of(module, receiver);
    if (class_name.len > 0) return callee_of_method(module, class_name, method);
  }
  if (name.len > 0) return callee;
  Value value = value_of(module, function);
  return value.kind == VALUE_FUNCTION && value.name.len > 0 ? callee_named(module, value.name)
                                                            : UNKNOWN_CALLEE;
}

Callee callee_of_reference(Module *module, Node function) {
  if (function == NODE_NONE) return UNKNOWN_CALLEE;
  Memo *memo = memo_of(module);
  uint32_t *kept = memo_of_row(module, &memo->callees, function);
  if (*kept != 0) return memo->callee_items.items[*kept - 1];
  if (!memo_enter(module)) return UNKNOWN_CALLEE;
  Callee callee = find_callee(module, function);
  memo_leave(module);
  *kept = keep_callee(module, callee);
  return callee;
}

Callee callee_of(Module *module, Node call) {
  return callee_of_reference(module, call_function(module, call));
}

Node mapped_function(Module *module, Node call) {
  return is_call_of(module, call, "map") ? call_positional(module, call, 0) : NODE_NONE;
}

/* --- what cannot fail ------------------------------------------------------------------------- */

static const Str SAFE_CALLS[] = {
  STR_CONSTANT("anyio.lowlevel.checkpoint"),
  STR_CONSTANT("trio.lowlevel.checkpoint"),
  STR_CONSTANT("asyncio.sleep"),
  STR_CONSTANT("asyncio.Event.wait"),
  STR_CONSTANT("asyncio.Queue.put"),
  STR_CONSTANT("asyncio.Queue.get"),
  STR_CONSTANT("asyncio.Queue.join"),
  STR_CONSTANT("asyncio.Lock.acquire"),
  STR_CONSTANT("asyncio.PriorityQueue.put"),
  STR_CONSTANT("asyncio.PriorityQueue.get"),
  STR_CONSTANT("asyncio.PriorityQueue.join"),
  STR_CONSTANT("asyncio.LifoQueue.put"),
  STR_CONSTANT("asyncio.LifoQueue.get"),
  STR_CONSTANT("asyncio.LifoQueue.join"),
  STR_CONSTANT("asyncio.Semaphore.acquire"),
  STR_CONSTANT("asyncio.BoundedSemaphore.acquire"),
  STR_CONSTANT("asyncio.Condition.acquire"),
  STR_CONSTANT("asyncio.Condition.wait"),
  STR_CONSTANT("asyncio.Condition.wait_for"),
};

typedef struct {
  const char *method;
  const char *receiver; /* part of the receiver's name, in lower case */
} SpelledCall;

static const SpelledCall SAFE_SPELLINGS[] = {
  { "wait", "event" },    { "wait", "stop" },  { "wait", "shutdown" },  { "wait", "closed" },
  { "wait", "done" },     { "wait", "ready" }, { "wait", "condition" }, { "put", "queue" },
  { "get", "queue" },     { "join", "queue" }, { "acquire", "lock" },   { "acquire", "sem" },
  { "acquire", "mutex" },
};

static bool is_safe_name(Str name) {
  for (size_t i = 0; i < sizeof SAFE_CALLS / sizeof *SAFE_CALLS; i++) {
    if (str_equal(name, SAFE_CALLS[i])) return true;
  }
  return false;
}

/* What a function expression refers to: `queue.put`, called or not. */
static bool is_safe_function(Module *module, Node function) {
  const Tree *tree = &module->tree;
  if (is_safe_name(callee_of_reference(module, function).name)) return true;
  if (!tree_is(tree, function, KIND_ATTRIBUTE)) return false;
  Node receiver = tree_child(tree, function, FIELD_OBJECT);
  if (receiver == NODE_NONE || value_of(module, receiver).kind != VALUE_UNKNOWN) return false;
  Str method = tree_text(tree, tree_child(tree, function, FIELD_ATTRIBUTE));
  Str last = str_lower(module->arena, str_after_last(name_spelled(module, receiver), '.'));
  for (size_t i = 0; i < sizeof SAFE_SPELLINGS / sizeof *SAFE_SPELLINGS; i++) {
    const SpelledCall *row = &SAFE_SPELLINGS[i];
    if (str_is(method, row->method) && str_contains(last, str_from(row->receiver))) return true;
  }
  return false;
}

/* `for put in self.subscribers`, to which nothing but bound methods that cannot fail are added. */
static bool is_element_safe(Module *module, Node function) {
  if (!tree_is(&module->tree, function, KIND_IDENTIFIER)) return false;
  Nodes definitions = definitions_of(module, function);
  for (uint32_t i = 0; i < definitions.count; i++) {
    Node collection = iterated_collection(module, definitions.items[i]);
    bool is_complete = false;
    Nodes elements = { 0 };
    if (collection != NODE_NONE) elements = elements_of(module, collection, &is_complete);
    /* What others put into an attribute is never known: all that this class adds to it must do. */
    is_complete |= tree_is(&module->tree, collection, KIND_ATTRIBUTE);
    if (!is_complete || elements.count == 0) return false;
    for (uint32_t k = 0; k < elements.count; k++) {
      if (!is_safe_function(module, elements.items[k])) return false;
    }
  }
  return definitions.count > 0;
}

bool call_cannot_fail(Module *module, Node call) {
  if (call_meaning(module, call) == CALL_SLEEP) return true;
  Node function = call_function(module, call);
  return is_safe_function(module, function) || is_element_safe(module, function);
}
