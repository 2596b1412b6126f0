#include "project/overlay.h"

void overlays_put(Arena *arena, Overlays *overlays, Str path, Overlay overlay) {
  uint32_t index;
  if (map_get(&overlays->index, path, &index)) {
    overlays->items.items[index] = overlay;
    return;
  }
  map_put(arena, &overlays->index, path, overlays->items.count);
  vec_push(arena, &overlays->items, overlay);
}

const Overlay *overlays_find(const Overlays *overlays, Str path) {
  uint32_t index;
  return map_get(&overlays->index, path, &index) ? &overlays->items.items[index] : NULL;
}

Overlays overlays_copy(Arena *arena, const Overlays *overlays) {
  Overlays copy = { 0 };
  for (uint32_t i = 0; i < overlays->index.capacity; i++) {
    const MapSlot *slot = &overlays->index.slots[i];
    if (slot->hash != 0) overlays_put(arena, &copy, slot->key, overlays->items.items[slot->value]);
  }
  return copy;
}
