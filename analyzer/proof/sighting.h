#pragma once
/*
 * Sighting: one thing that the runtime checker saw, as it reported it (docs/runtime.md).
 */
#include "base/strs.h"

typedef struct {
  Str file; /* empty: nowhere */
  uint32_t line;
  Str function;
} Spot;

typedef struct {
  Str kind;
  Spot at;
  uint32_t handler; /* line that caught the cancellation; 0: unknown */
  Str task;         /* function of the task or coroutine */
  Spot created;
  Spot raised;
  Str error;                     /* class of the exception */
  Str then;                      /* what became of the task */
  Str why;                       /* of kind "refused": why nothing ran */
  Str what;                      /* of kind "unsupported": what is not looked for */
  uint32_t tasks, cancellations; /* of kind "end": how many were seen */
} Sighting;

typedef Vec(Sighting) Sightings;

/* Reads lines of JSON, each different one once; what is no JSON, as a program that was killed leaves, is passed over. */
Sightings sightings_read(Arena *arena, Str lines);
/* The first one of that kind; NULL if there is none. */
const Sighting *sighting_of_kind(const Sightings *sightings, const char *kind);
