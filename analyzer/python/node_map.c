#include "python/node_map.h"

enum { CAPACITY_FIRST = 16 };

/* The slot that holds the key, or the free one where it belongs. Requires: a free slot. */
static NodeSlot *find_slot(const NodeMap *map, uint32_t key) {
  uint32_t mask = map->capacity - 1;
  for (uint32_t i = (key * 2654435769u) >> 7;; i++) {
    NodeSlot *slot = &map->slots[i & mask];
    if (slot->key == 0 || slot->key == key) return slot;
  }
}

static void make_room(Arena *arena, NodeMap *map) {
  if (map->capacity != 0 && map->count < map->capacity - map->capacity / 4) return;
  NodeMap larger = { .count = map->count };
  larger.capacity = map->capacity == 0 ? CAPACITY_FIRST : map->capacity * 2;
  larger.slots = arena_array(arena, NodeSlot, larger.capacity);
  for (uint32_t i = 0; i < map->capacity; i++) {
    if (map->slots[i].key != 0) *find_slot(&larger, map->slots[i].key) = map->slots[i];
  }
  *map = larger;
}

static NodeSlot *claim_slot(Arena *arena, NodeMap *map, Node node, bool *is_new) {
  make_room(arena, map);
  NodeSlot *slot = find_slot(map, node + 1);
  *is_new = slot->key == 0;
  if (*is_new) {
    slot->key = node + 1;
    map->count++;
  }
  return slot;
}

void node_map_put(Arena *arena, NodeMap *map, Node node, uint32_t value) {
  bool is_new;
  claim_slot(arena, map, node, &is_new)->value = value;
}

bool node_map_get(const NodeMap *map, Node node, uint32_t *value) {
  if (map->count == 0) return false;
  const NodeSlot *slot = find_slot(map, node + 1);
  if (slot->key == 0) return false;
  *value = slot->value;
  return true;
}

bool node_map_add(Arena *arena, NodeMap *map, Node node) {
  bool is_new;
  claim_slot(arena, map, node, &is_new);
  return is_new;
}

/* Slots of older rounds are free for those that look for their own: nobody probes past them
   either. */
static NodeSlot *find_member(const NodeSet *set, uint32_t key) {
  uint32_t mask = set->capacity - 1;
  for (uint32_t i = (key * 2654435769u) >> 7;; i++) {
    NodeSlot *slot = &set->slots[i & mask];
    if (slot->value != set->round || slot->key == key) return slot;
  }
}

static void make_room_in_set(Arena *arena, NodeSet *set) {
  if (set->capacity != 0 && set->count < set->capacity - set->capacity / 4) return;
  NodeSet larger = { .count = set->count, .round = 1 };
  larger.capacity = set->capacity == 0 ? CAPACITY_FIRST : set->capacity * 2;
  larger.slots = arena_array(arena, NodeSlot, larger.capacity);
  for (uint32_t i = 0; i < set->capacity; i++) {
    if (set->slots[i].value != set->round) continue;
    *find_member(&larger, set->slots[i].key) = (NodeSlot){ set->slots[i].key, larger.round };
  }
  *set = larger;
}

bool node_set_add(Arena *arena, NodeSet *set, Node node) {
  make_room_in_set(arena, set);
  NodeSlot *slot = find_member(set, node + 1);
  if (slot->value == set->round) return false;
  *slot = (NodeSlot){ node + 1, set->round };
  set->count++;
  return true;
}

/* Slots start with round 0, which is never used. */
void node_set_clear(NodeSet *set) {
  set->count = 0;
  set->round++;
}
