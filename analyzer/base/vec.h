#pragma once
/*
 * Vec: a growable array in an arena. Declare one type per element type:
 *
 *   typedef Vec(Node) Nodes;
 *   Nodes nodes = { 0 };
 *   vec_push(arena, &nodes, node);
 *
 * Owns: nothing; the arena owns the items. What lies behind the last one is not zeroed. Pointers
 * into `items` are invalid after a push.
 */
#include <stdint.h>

#include "base/arena.h"

#define Vec(Type) \
  struct { \
    Type *items; \
    uint32_t count, capacity; \
  }

#define vec_enlarge(arena, vec, wanted) \
  ((vec)->items = \
     vec_grow((arena), (vec)->items, sizeof(*(vec)->items), &(vec)->capacity, (wanted)))

#define vec_reserve(arena, vec, wanted) \
  ((vec)->capacity >= (uint32_t)(wanted) ? (void)0 : (void)vec_enlarge((arena), (vec), (wanted)))

#define vec_push(arena, vec, ...) \
  (vec_reserve((arena), (vec), (vec)->count + 1), (vec)->items[(vec)->count++] = (__VA_ARGS__))

#define vec_last(vec) ((vec)->items[(vec)->count - 1])

/* Moves the items to a block of at least `wanted` items and writes the new capacity. */
void *vec_grow(Arena *arena, void *items, size_t item_size, uint32_t *capacity, uint32_t wanted)
  __attribute__((returns_nonnull));
