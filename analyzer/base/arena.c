#include "base/arena.h"

#include "base/fatal.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONED 1
#endif
#endif

#ifdef ARENA_POISONED
#include <sanitizer/asan_interface.h>
// Bytes left unreadable after each block, so that a read past its end is seen.
enum { REDZONE = 16 };
#define POISON(start, bytes) ASAN_POISON_MEMORY_REGION((start), (bytes))
#define UNPOISON(start, bytes) ASAN_UNPOISON_MEMORY_REGION((start), (bytes))
#else
enum { REDZONE = 0 };
#define POISON(start, bytes) ((void)(start), (void)(bytes))
#define UNPOISON(start, bytes) ((void)(start), (void)(bytes))
#endif

enum {
  CHUNK_FIRST = 64 << 10, // bytes; each further chunk is twice as large, up to CHUNK_MOST
  CHUNK_MOST = 4 << 20,   // also the most that a reset keeps
};

typedef struct Chunk Chunk;
struct Chunk {
  Chunk *older;
  size_t size, used; // bytes of data
  alignas(max_align_t) char data[];
};

struct Arena {
  Chunk *newest; // NULL before the first block
  size_t next_size;
};

static size_t aligned(size_t bytes) {
  size_t mask = alignof(max_align_t) - 1;
  return (bytes + mask) & ~mask;
}

static void arena_add_chunk(Arena *arena, size_t bytes) {
  size_t size = bytes > arena->next_size ? bytes : arena->next_size;
  Chunk *chunk = size <= SIZE_MAX - sizeof *chunk ? malloc(sizeof *chunk + size) : NULL;
  if (chunk == NULL) fatal("out of memory: no %zu bytes", size);
  chunk->older = arena->newest;
  chunk->size = size;
  chunk->used = 0;
  POISON(chunk->data, size);
  arena->newest = chunk;
  if (arena->next_size < CHUNK_MOST) arena->next_size *= 2;
}

static void chunk_free(Chunk *chunk) {
  UNPOISON(chunk->data, chunk->size);
  free(chunk);
}

Arena *arena_new(void) {
  Arena *arena = malloc(sizeof *arena);
  if (arena == NULL) fatal("out of memory");
  *arena = (Arena){ .next_size = CHUNK_FIRST };
  return arena;
}

void arena_free(Arena *arena) {
  if (arena == NULL) return;
  for (Chunk *chunk = arena->newest; chunk != NULL;) {
    Chunk *older = chunk->older;
    chunk_free(chunk);
    chunk = older;
  }
  free(arena);
}

void arena_reset(Arena *arena) {
  Chunk *kept = NULL;
  for (Chunk *chunk = arena->newest; chunk != NULL;) {
    Chunk *older = chunk->older;
    Chunk *worse = chunk;
    if (chunk->size <= CHUNK_MOST && (kept == NULL || chunk->size > kept->size)) {
      worse = kept;
      kept = chunk;
    }
    if (worse != NULL) chunk_free(worse);
    chunk = older;
  }
  if (kept != NULL) {
    kept->older = NULL;
    kept->used = 0;
    POISON(kept->data, kept->size);
  }
  arena->newest = kept;
}

// Behind the newest chunk, which has room left.
static void arena_insert(Arena *arena, Chunk *chunks) {
  Chunk **last = arena->newest ? &arena->newest->older : &arena->newest;
  Chunk *rest = *last;
  *last = chunks;
  while (*last != NULL) last = &(*last)->older;
  *last = rest;
}

void arena_adopt(Arena *arena, Arena *other) {
  arena_insert(arena, other->newest);
  free(other);
}

size_t arena_bytes(const Arena *arena) {
  size_t bytes = 0;
  for (const Chunk *chunk = arena ? arena->newest : NULL; chunk != NULL; chunk = chunk->older)
    bytes += chunk->size;
  return bytes;
}

void *arena_take(Arena *arena, size_t bytes) {
  if (bytes > SIZE_MAX / 2) fatal("out of memory: no %zu bytes", bytes);
  size_t needed = aligned(bytes) + REDZONE;
  if (arena->newest == NULL || arena->newest->size - arena->newest->used < needed)
    arena_add_chunk(arena, needed);
  Chunk *chunk = arena->newest;
  char *block = chunk->data + chunk->used;
  chunk->used += needed;
  UNPOISON(block, bytes);
  return block;
}

void *arena_alloc(Arena *arena, size_t bytes) { return memset(arena_take(arena, bytes), 0, bytes); }

// True if the block was the newest one and now has the wanted size where it is.
static bool arena_grow_in_place(Arena *arena, char *block, size_t old_bytes, size_t bytes) {
  Chunk *chunk = arena->newest;
  if (chunk == NULL || block + aligned(old_bytes) + REDZONE != chunk->data + chunk->used)
    return false;
  size_t more = aligned(bytes) - aligned(old_bytes);
  if (chunk->size - chunk->used < more) return false;
  chunk->used += more;
  UNPOISON(block, bytes);
  return true;
}

void *arena_grow(Arena *arena, void *block, size_t old_bytes, size_t bytes) {
  if (bytes > SIZE_MAX / 2) fatal("out of memory: no %zu bytes", bytes);
  if (block != NULL && bytes <= old_bytes) return block;
  if (block != NULL && arena_grow_in_place(arena, block, old_bytes, bytes)) return block;
  char *moved = arena_take(arena, bytes);
  return block != NULL ? memcpy(moved, block, old_bytes) : moved;
}
