#include "python/lock.h"

#include "python/asyncio_call.h"
#include "python/name.h"
#include "python/use.h"
#include "python/value.h"

static const struct {
  Str name;
  LockKind kind;
} LOCKS[] = {
  { STR_CONSTANT("_thread.RLock"), LOCK_OF_ONE_THREAD },
  { STR_CONSTANT("_thread.allocate_lock"), LOCK_OF_THREADS },
  { STR_CONSTANT("_thread.lock"), LOCK_OF_THREADS },
  { STR_CONSTANT("anyio.CapacityLimiter"), LOCK_OF_COROUTINES },
  { STR_CONSTANT("anyio.Lock"), LOCK_OF_COROUTINES },
  { STR_CONSTANT("anyio.Semaphore"), LOCK_OF_COROUTINES },
  { STR_CONSTANT("asyncio.BoundedSemaphore"), LOCK_OF_COROUTINES },
  { STR_CONSTANT("asyncio.Lock"), LOCK_OF_COROUTINES },
  { STR_CONSTANT("asyncio.Semaphore"), LOCK_OF_COROUTINES },
  { STR_CONSTANT("threading.BoundedSemaphore"), LOCK_OF_THREADS },
  { STR_CONSTANT("threading.Condition"), LOCK_OF_ONE_THREAD },
  { STR_CONSTANT("threading.Lock"), LOCK_OF_THREADS },
  { STR_CONSTANT("threading.RLock"), LOCK_OF_ONE_THREAD },
  { STR_CONSTANT("threading.Semaphore"), LOCK_OF_THREADS },
  { STR_CONSTANT("threading._RLock"), LOCK_OF_ONE_THREAD },
  { STR_CONSTANT("trio.CapacityLimiter"), LOCK_OF_COROUTINES },
  { STR_CONSTANT("trio.Lock"), LOCK_OF_COROUTINES },
  { STR_CONSTANT("trio.Semaphore"), LOCK_OF_COROUTINES },
};

static LockKind lock_named(Str name) {
  for (size_t i = 0; i < sizeof(LOCKS) / sizeof(*LOCKS); i++) {
    if (str_equal(name, LOCKS[i].name)) return LOCKS[i].kind;
  }
  return LOCK_NONE;
}

static LockKind lock_made_by(Module *module, Node expression) {
  if (!tree_is(&module->tree, expression, KIND_CALL)) return LOCK_NONE;
  return lock_named(name_of(module, call_function(module, expression)));
}

LockKind lock_of(Module *module, Node expression) {
  Nodes sources = sources_of(module, expression);
  LockKind found = LOCK_NONE;
  for (uint32_t i = 0; i < sources.count; i++) {
    if (tree_is(&module->tree, sources.items[i], KIND_NONE_LITERAL)) continue;
    LockKind kind = lock_made_by(module, sources.items[i]);
    if (kind == LOCK_NONE || (found != LOCK_NONE && kind != found)) {
      found = LOCK_NONE;
      break;
    }
    found = kind;
  }
  if (found != LOCK_NONE) return found;
  Value value = value_of(module, expression);
  return value.kind == VALUE_INSTANCE ? lock_named(value.name) : LOCK_NONE;
}

/* `lock = Lock() if is_alone else self.lock`: the name may hold a shared one as well. */
static bool is_only_source(Module *module, Node use, Node call) {
  Nodes sources = sources_of(module, use);
  return sources.count == 1 && sources.items[0] == call;
}

/* `create_task(lock.acquire())`: another task waits for it. */
static bool is_acquired_by_task(Module *module, const Use *use) {
  const Tree *tree = &module->tree;
  Node list = tree_parent(tree, use->consumer);
  Node maker = tree_is(tree, list, KIND_ARGUMENT_LIST) ? tree_parent(tree, list) : NODE_NONE;
  if (!tree_is(tree, maker, KIND_CALL)) return false;
  CallMeaning meaning = call_meaning(module, maker);
  return makes_task(module, maker) || meaning == CALL_GROUP_TASK || meaning == CALL_GATHER;
}

/* A test whose subject is the lock. */
static bool is_tested(const Module *module, Node call) {
  const Function *function = module_function(module, module_function_of(module, call));
  return module->identity.is_test && str_starts_with(function->name, STR("test"));
}

bool is_private_lock(Module *module, Node call, Reason *why) {
  if (lock_made_by(module, call) != LOCK_OF_COROUTINES) return false;
  if (module_function_of(module, call) == FUNCTION_MODULE)
    return no_fault(why, "it is made at module level: everybody has the same");
  if (is_tested(module, call)) return no_fault(why, "a test looks at how the lock works");
  Uses uses = uses_of(module, call);
  bool is_entered = false;
  for (uint32_t i = 0; i < uses.count; i++) {
    const Use *use = &uses.items[i];
    if (use->kind == USE_ENTERED || (use->kind == USE_METHOD && str_is(use->name, "acquire"))) {
      if (!is_only_source(module, use->value, call))
        return no_fault(why, "the name can hold another lock as well, which others share");
      if (use->kind == USE_METHOD && is_acquired_by_task(module, use))
        return no_fault(why, "another task waits for it");
      is_entered = true;
    } else if (use->kind != USE_METHOD && use->kind != USE_TESTED && use->kind != USE_FORMATTED) {
      return no_fault(why, use_meaning(use->kind));
    }
  }
  return is_entered || no_fault(why, "nothing here enters it");
}
