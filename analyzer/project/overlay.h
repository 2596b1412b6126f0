#pragma once
/*
 * Overlays: what stands for files while these are being edited, by absolute path. A zeroed one has
 * none.
 */
#include "base/map.h"
#include "base/strs.h"
#include "python/tree.h"

typedef struct {
  Str text;             /* what the file would hold */
  const Source *source; /* not NULL: what it would be read as, and the text does not count */
  const Tree *tree;     /* of the source; NULL or without rows: nobody has parsed it */
} Overlay;

typedef struct {
  Map index; /* path -> index into items */
  Vec(Overlay) items;
} Overlays;

/* Sets what stands for the file, replacing an earlier one. All must live as long as the arena. */
void overlays_put(Arena *arena, Overlays *overlays, Str path, Overlay overlay);
/* One that can grow on its own. */
Overlays overlays_copy(Arena *arena, const Overlays *overlays);
/* NULL: the file is as it is on disk. */
const Overlay *overlays_find(const Overlays *overlays, Str path);
