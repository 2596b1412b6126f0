#include "base/vec.h"

#include "base/fatal.h"

void *vec_grow(Arena *arena, void *items, size_t item_size, uint32_t *capacity, uint32_t wanted) {
  uint32_t old = *capacity;
  uint32_t doubled = old > UINT32_MAX / 2 ? UINT32_MAX : old * 2;
  uint32_t count = doubled > wanted ? doubled : wanted;
  if (count < 8) count = 8;
  // vec_push asks for count + 1, which wraps around to 0 at the most that a Vec can count.
  if (wanted == 0 || count > SIZE_MAX / item_size) fatal("an array has too many items");
  *capacity = count;
  return arena_grow(arena, items, old * item_size, count * item_size);
}
