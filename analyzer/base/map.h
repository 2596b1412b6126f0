#pragma once
/*
 * Map: from a string to a number. Open addressing, in an arena, keys are not copied: what they
 * point to must live as long as the map. A zeroed Map is an empty one.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

typedef struct {
  Str key;
  uint32_t value;
  uint32_t hash; /* 0 marks a free slot */
} MapSlot;

typedef struct {
  MapSlot *slots;
  uint32_t count, capacity; /* capacity is a power of two */
} Map;

/* Makes room for that many keys, so that adding them moves nothing. */
void map_reserve(Arena *arena, Map *map, uint32_t count);
/* Sets the value of key, replacing an earlier one. */
void map_put(Arena *arena, Map *map, Str key, uint32_t value);
bool map_get(const Map *map, Str key, uint32_t *value);
bool map_has(const Map *map, Str key);
/* Adds the key unless it is there; true if it was added. */
bool map_add(Arena *arena, Map *map, Str key, uint32_t value);
/* The value of the key, which is added with that one unless it is there. */
uint32_t map_get_or_add(Arena *arena, Map *map, Str key, uint32_t value);
