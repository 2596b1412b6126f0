#pragma once
/*
 * NodeMap: from a node to a number; NodeSet: nodes, emptied in one step and used again. Both are
 * open addressing tables in an arena. A zeroed one is empty.
 */
#include "python/tree.h"

typedef struct {
  uint32_t key; /* node + 1; 0 marks a free slot */
  uint32_t value;
} NodeSlot;

typedef struct {
  NodeSlot *slots;
  uint32_t count, capacity; /* capacity is a power of two */
} NodeMap;

/* Sets the value of node, replacing an earlier one. */
void node_map_put(Arena *arena, NodeMap *map, Node node, uint32_t value);
bool node_map_get(const NodeMap *map, Node node, uint32_t *value);
/* Adds the node unless it is there; true if it was added. */
bool node_map_add(Arena *arena, NodeMap *map, Node node);

typedef struct {
  NodeSlot *slots; /* value: the round that the slot belongs to; those of other rounds are free */
  uint32_t count, capacity;
  uint32_t round;
} NodeSet;

/* Adds the node unless it is there; true if it was added. */
bool node_set_add(Arena *arena, NodeSet *set, Node node);
void node_set_clear(NodeSet *set);
