#include "python/instance.h"

#include "python/annotation.h"
#include "python/client.h"
#include "python/definition.h"
#include "python/facts.h"
#include "python/library.h"
#include "python/memo.h"

typedef struct {
  const char *name;
  ValueKind kind;
} KnownClass;

static const KnownClass KNOWN_CLASSES[] = {
  { "asyncio.Task", VALUE_TASK },
  { "asyncio.Future", VALUE_FUTURE },
  { "concurrent.futures.Future", VALUE_THREAD_FUTURE },
  { "typing.Coroutine", VALUE_COROUTINE },
  { "collections.abc.Coroutine", VALUE_COROUTINE },
  { "types.CoroutineType", VALUE_COROUTINE },
  { "asyncio.TaskGroup", VALUE_TASK_GROUP },
  { "anyio.abc.TaskGroup", VALUE_TASK_GROUP },
  { "trio.Nursery", VALUE_TASK_GROUP },
  { "aiotools.TaskGroup", VALUE_TASK_GROUP },
  { "asyncio.Timeout", VALUE_TIMEOUT },
  { "async_timeout.Timeout", VALUE_TIMEOUT },
  { "asyncio.AbstractEventLoop", VALUE_LOOP },
  { "asyncio.BaseEventLoop", VALUE_LOOP },
  { "asyncio.SelectorEventLoop", VALUE_LOOP },
  { "asyncio.ProactorEventLoop", VALUE_LOOP },
  { "uvloop.Loop", VALUE_LOOP },
};

/* Whose subclasses, in the project or the library, are of the same kind. */
static const KnownClass KNOWN_BASES[] = {
  { "BaseException", VALUE_EXCEPTION },        { "asyncio.Task", VALUE_TASK },
  { "asyncio.Future", VALUE_FUTURE },          { "asyncio.TaskGroup", VALUE_TASK_GROUP },
  { "asyncio.AbstractEventLoop", VALUE_LOOP },
};

static bool is_subclass(const Module *module, Str name, Str base) {
  if (module->project != NULL) return project_is_subclass(module->project, name, base);
  return library_is_subclass(module->library, name, base);
}

static ValueKind find_kind(Module *module, Str name) {
  for (size_t i = 0; i < sizeof KNOWN_CLASSES / sizeof *KNOWN_CLASSES; i++) {
    if (str_is(name, KNOWN_CLASSES[i].name)) return KNOWN_CLASSES[i].kind;
  }
  if (client_class(module, name) != NULL) return VALUE_SESSION;
  for (size_t i = 0; i < sizeof KNOWN_BASES / sizeof *KNOWN_BASES; i++) {
    if (is_subclass(module, name, str_from(KNOWN_BASES[i].name))) return KNOWN_BASES[i].kind;
  }
  return VALUE_INSTANCE;
}

static ValueKind kind_of_class(Module *module, Str name) {
  Map *kinds = &memo_of(module)->class_kinds;
  uint32_t kind;
  if (!map_get(kinds, name, &kind)) {
    kind = find_kind(module, name);
    map_put(module->arena, kinds, name, kind);
  }
  return (ValueKind)kind;
}

Value value_of_instance(Module *module, Str class_name, Node origin) {
  if (class_name.len == 0) return VALUE_NOTHING;
  if (str_is(class_name, "None")) return (Value){ VALUE_NONE, origin, STR_EMPTY };
  ValueKind kind = kind_of_class(module, class_name);
  /* The name of a coroutine is that of its function, which an annotation does not tell. */
  return (Value){ kind, origin, kind == VALUE_COROUTINE ? STR_EMPTY : class_name };
}

static Value value_in_project(Module *module, Str name) {
  const Project *project = module->project;
  if (project_class(project, name) != NULL) return (Value){ VALUE_CLASS, NODE_NONE, name };
  if (project_function(project, name) != NULL) return (Value){ VALUE_FUNCTION, NODE_NONE, name };
  if (project_has_module(project, name)) return (Value){ VALUE_MODULE, NODE_NONE, name };
  return value_of_instance(module, project_instance_type(project, name), NODE_NONE);
}

static Value value_in_library(Module *module, Str name) {
  const LibraryEntry *entry = library_entry(module, name);
  if (entry == NULL) return VALUE_NOTHING;
  return (Value){ entry->kind == LIBRARY_CLASS ? VALUE_CLASS : VALUE_FUNCTION, NODE_NONE, name };
}

static Value find_named(Module *module, Str name) {
  Value value = VALUE_NOTHING;
  if (module->project != NULL) {
    name = project_canonical(module->project, name);
    value = value_in_project(module, name);
  }
  if (value.kind == VALUE_UNKNOWN) value = value_in_library(module, name);
  if (value.kind != VALUE_UNKNOWN) return value;
  if (function_named(module, name) != FUNCTION_NONE)
    return (Value){ VALUE_FUNCTION, NODE_NONE, name };
  return is_class_name(module, name) ? (Value){ VALUE_CLASS, NODE_NONE, name } : VALUE_NOTHING;
}

Value value_of_name(Module *module, Str name) {
  if (name.len == 0) return VALUE_NOTHING;
  Memo *memo = memo_of(module);
  uint32_t next = memo->named_items.count;
  uint32_t kept = map_get_or_add(module->arena, &memo->named_values, name, next);
  if (kept == next) {
    Value value = find_named(module, name);
    vec_push(module->arena, &memo->named_items, value);
  }
  return memo->named_items.items[kept];
}

static bool are_one_of(Value a, Value b, ValueKind kind, ValueKind other) {
  return (a.kind == kind && b.kind == other) || (a.kind == other && b.kind == kind);
}

Value value_joined(Value a, Value b) {
  if ((int)a.kind == VALUE_OPEN) return b;
  if ((int)b.kind == VALUE_OPEN) return a;
  if (a.kind == VALUE_NONE) return b;
  if (b.kind == VALUE_NONE) return a;
  if (a.kind == b.kind && str_equal(a.name, b.name)) return a;
  if (are_one_of(a, b, VALUE_TASK, VALUE_FUTURE)) return a.kind == VALUE_FUTURE ? a : b;
  bool is_nameless = a.kind != VALUE_INSTANCE && a.kind != VALUE_CLASS && a.kind != VALUE_FUNCTION;
  if (a.kind == b.kind && is_nameless) return (Value){ a.kind, a.origin, STR_EMPTY };
  return VALUE_NOTHING;
}
