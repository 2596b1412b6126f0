#pragma once
/*
 * Arena: owns every allocation of one unit of work (a file, a run) and releases them in one step.
 *
 * Owns: all blocks handed out. Blocks are aligned for any type, and live until the arena
 * is reset or freed; nothing else frees them. Out of memory ends the program (see fatal.h).
 * Thread: one thread at a time.
 */
#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *arena);

/* Forgets every block; keeps some memory for the next unit of work, never more than a few MB. */
void arena_reset(Arena *arena);

/* Takes over all blocks of the other arena, and frees that. */
void arena_adopt(Arena *arena, Arena *other);

/* How much memory it holds, used or not. */
size_t arena_bytes(const Arena *arena);

/* Requires: the bytes asked for fit into memory. Returns zeroed memory, never NULL. */
void *arena_alloc(Arena *arena, size_t bytes) __attribute__((returns_nonnull));

/* The same, but the memory is as it was left: for what is written over at once. */
void *arena_take(Arena *arena, size_t bytes) __attribute__((returns_nonnull));

/* Grows a block to `bytes`, in place where it is the newest one; NULL is an empty one. The added bytes
   are as they were left. */
void *arena_grow(Arena *arena, void *block, size_t old_bytes, size_t bytes)
  __attribute__((returns_nonnull));

#define arena_make(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define arena_array(arena, Type, count) \
  ((Type *)arena_alloc((arena), sizeof(Type) * (size_t)(count)))
