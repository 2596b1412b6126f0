#include "project/overlay.h"

void overlays_put(Arena *arena, Overlays *overlays, Str path, Str text) {
  uint32_t index;
  if (map_get(&overlays->index, path, &index)) {
    overlays->texts.items[index] = text;
    return;
  }
  map_put(arena, &overlays->index, path, overlays->texts.count);
  vec_push(arena, &overlays->texts, text);
}

const Str *overlays_find(const Overlays *overlays, Str path) {
  uint32_t index;
  return map_get(&overlays->index, path, &index) ? &overlays->texts.items[index] : NULL;
}
