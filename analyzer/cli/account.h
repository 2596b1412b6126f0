#pragma once
/*
 * Account: what a sweep does and has done, told to a person.
 */
#include "proof/launch.h"
#include "proof/sighting.h"

/* How far a sweep has come, on one line of a terminal that is written again and again. */
typedef struct {
  bool is_shown;
  uint32_t read; /* bytes of the report */
  uint32_t runs, planned;
} Progress;

/* Shows it on standard error, if that is a terminal. `progress` is zeroed and lives as long as the sweep. */
Listener progress_listener(Progress *progress);
/* Takes the line away. */
void progress_end(const Progress *progress);

/* A table: each place where a fault was put in, and what came of it. Paths are shown from the folder. */
Str account_of(Arena *arena, const Sightings *sightings, Str folder);
