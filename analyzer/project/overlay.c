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
