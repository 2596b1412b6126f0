#include "base/map.h"

#include "base/fatal.h"

// Linear probing stays short while at most 3 of 4 slots are in use.
enum { CAPACITY_FIRST = 16 };

static uint32_t hash_of(Str key) {
  uint64_t hash = str_hash(key);
  uint32_t folded = (uint32_t)(hash ^ (hash >> 32));
  return folded == 0 ? 1 : folded;
}

// The slot that holds the key, or the free one where it belongs. Requires: a free slot.
static MapSlot *map_slot(const Map *map, Str key, uint32_t hash) {
  for (uint32_t i = hash;; i++) {
    MapSlot *slot = &map->slots[i & (map->capacity - 1)];
    if (slot->hash == 0 || (slot->hash == hash && str_equal(slot->key, key))) return slot;
  }
}

void map_reserve(Arena *arena, Map *map, uint32_t count) {
  if (count == 0) return;
  uint32_t capacity = map->capacity == 0 ? CAPACITY_FIRST : map->capacity;
  while (count > capacity - capacity / 4) {
    if (capacity > UINT32_MAX / 2) fatal("a map has too many keys");
    capacity *= 2;
  }
  if (capacity == map->capacity) return;
  Map larger = { .count = map->count, .capacity = capacity };
  larger.slots = arena_array(arena, MapSlot, larger.capacity);
  for (uint32_t i = 0; i < map->capacity; i++) {
    const MapSlot *slot = &map->slots[i];
    if (slot->hash != 0) *map_slot(&larger, slot->key, slot->hash) = *slot;
  }
  *map = larger;
}

// The slot of the key; true if the key was added.
static bool map_claim(Arena *arena, Map *map, Str key, MapSlot **claimed) {
  if (map->count >= map->capacity - map->capacity / 4) map_reserve(arena, map, map->count + 1);
  uint32_t hash = hash_of(key);
  MapSlot *slot = map_slot(map, key, hash);
  bool is_new = slot->hash == 0;
  if (is_new) {
    *slot = (MapSlot){ .key = key, .hash = hash };
    map->count++;
  }
  *claimed = slot;
  return is_new;
}

void map_put(Arena *arena, Map *map, Str key, uint32_t value) {
  MapSlot *slot;
  map_claim(arena, map, key, &slot);
  slot->value = value;
}

bool map_add(Arena *arena, Map *map, Str key, uint32_t value) {
  MapSlot *slot;
  bool is_new = map_claim(arena, map, key, &slot);
  if (is_new) slot->value = value;
  return is_new;
}

uint32_t map_get_or_add(Arena *arena, Map *map, Str key, uint32_t value) {
  MapSlot *slot;
  if (map_claim(arena, map, key, &slot)) slot->value = value;
  return slot->value;
}

bool map_get(const Map *map, Str key, uint32_t *value) {
  if (map->count == 0) return false;
  const MapSlot *slot = map_slot(map, key, hash_of(key));
  if (slot->hash == 0) return false;
  *value = slot->value;
  return true;
}

bool map_has(const Map *map, Str key) {
  uint32_t value;
  return map_get(map, key, &value);
}
