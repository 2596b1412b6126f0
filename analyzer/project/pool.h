#pragma once
/*
 * Pool: runs the same work for the numbers 0 … count-1 on several threads. Each worker has an arena
 * that is reset after every item and a parser; results go to places that the item's number names,
 * so that nothing depends on timing.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "python/parse.h"

typedef struct {
  Arena *arena; /* reset after each item */
  Arena *keep;  /* lives as long as the pool: for results */
  Parser *parser;
} Worker;

typedef struct Pool Pool;

/* How far work has come. May be read on any thread, while others work. Zeroed: it has not begun. */
typedef struct {
  _Atomic(const char *) what;        /* is done to files: "read"; NULL: nothing yet */
  atomic_uint_least32_t done, count; /* of the part in hand */
} PoolProgress;

/* threads: at least 1. Owns: the workers' arenas and parsers, until pool_free. */
Pool *pool_new(uint32_t threads);
void pool_free(Pool *pool);

bool pool_has_threads(const Pool *pool);

/* What comes next is told to `progress` as `what`. NULL: nobody wants to know. */
void pool_tell(Pool *pool, PoolProgress *progress, const char *what);

/* The memory that the workers hold. */
size_t pool_bytes(const Pool *pool);

/* Once somebody sets the flag, no further item is begun, and what comes of the work lacks the others.
   The flag lives as long as the pool. */
void pool_watch(Pool *pool, const atomic_bool *is_unwanted);

typedef void (*PoolWork)(void *state, uint32_t item, Worker *worker);

/* Returns when every item is done, or nobody wants them (pool_watch). With one thread, or one item, everything runs on the
   caller's. */
void pool_run(Pool *pool, uint32_t count, PoolWork work, void *state);
