#pragma once
/*
 * Overlays: texts that stand for files while these are being edited, by absolute path. A zeroed one
 * has none.
 */
#include "base/map.h"
#include "base/strs.h"

typedef struct {
  Map index; /* path -> index into texts */
  Strs texts;
} Overlays;

/* Sets the text of the file, replacing an earlier one. Both must live as long as the arena. */
void overlays_put(Arena *arena, Overlays *overlays, Str path, Str text);
/* NULL: the file is as it is on disk. */
const Str *overlays_find(const Overlays *overlays, Str path);
