#include "project/pool.h"

#include "base/thread.h"

enum { MAX_THREADS = 64 };

typedef struct {
  Pool *pool;
  Worker worker;
  Thread thread;
} Slot;

struct Pool {
  Arena *arena;
  Slot *slots;
  uint32_t slot_count;
  Counter counter;
  uint32_t count;
  PoolWork work;
  void *state;
  PoolProgress *progress;
  const atomic_bool *is_unwanted; /* NULL: it is wanted */
};

Pool *pool_new(uint32_t threads) {
  Arena *arena = arena_new();
  Pool *pool = arena_make(arena, Pool);
  pool->arena = arena;
  pool->slot_count = threads > MAX_THREADS ? MAX_THREADS : threads;
  pool->slots = arena_array(arena, Slot, pool->slot_count);
  for (uint32_t i = 0; i < pool->slot_count; i++) pool->slots[i].pool = pool;
  return pool;
}

bool pool_has_threads(const Pool *pool) { return pool->slot_count > 1; }

void pool_watch(Pool *pool, const atomic_bool *is_unwanted) { pool->is_unwanted = is_unwanted; }

static bool is_wanted(const Pool *pool) {
  return pool->is_unwanted == NULL || !atomic_load(pool->is_unwanted);
}

void pool_free(Pool *pool) {
  for (uint32_t i = 0; i < pool->slot_count; i++) {
    Worker *worker = &pool->slots[i].worker;
    if (!worker->arena) continue;
    arena_free(worker->arena);
    arena_free(worker->keep);
    parser_free(worker->parser);
  }
  arena_free(pool->arena);
}

size_t pool_bytes(const Pool *pool) {
  size_t bytes = arena_bytes(pool->arena);
  for (uint32_t i = 0; i < pool->slot_count; i++) {
    const Worker *worker = &pool->slots[i].worker;
    bytes += arena_bytes(worker->arena) + arena_bytes(worker->keep);
  }
  return bytes;
}

void pool_tell(Pool *pool, PoolProgress *progress, const char *what) {
  pool->progress = progress;
  if (progress) atomic_store(&progress->what, what);
}

static void worker_start(Worker *worker) {
  if (worker->arena) return;
  worker->arena = arena_new();
  worker->keep = arena_new();
  worker->parser = parser_new();
}

static void work_off(void *argument) {
  Slot *slot = argument;
  Pool *pool = slot->pool;
  worker_start(&slot->worker);
  while (is_wanted(pool)) {
    uint32_t item = counter_take(&pool->counter);
    if (item >= pool->count) return;
    pool->work(pool->state, item, &slot->worker);
    arena_reset(slot->worker.arena);
    if (pool->progress) atomic_fetch_add(&pool->progress->done, 1);
  }
}

void pool_run(Pool *pool, uint32_t count, PoolWork work, void *state) {
  if (pool->progress) {
    atomic_store(&pool->progress->done, 0);
    atomic_store(&pool->progress->count, count);
  }
  pool->counter = (Counter){ 0 };
  pool->count = count;
  pool->work = work;
  pool->state = state;
  uint32_t wanted = count < pool->slot_count ? count : pool->slot_count;
  uint32_t started = 0;
  for (uint32_t i = 1; i < wanted; i++) {
    if (!thread_start(&pool->slots[i].thread, work_off, &pool->slots[i])) break;
    started++;
  }
  work_off(&pool->slots[0]);
  for (uint32_t i = 1; i <= started; i++) thread_join(&pool->slots[i].thread);
}
