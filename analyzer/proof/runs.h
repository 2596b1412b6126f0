#pragma once
/*
 * Runs: what the runs of a sweep have shown, put together: each fault once, with the fault that was put in to bring it
 * about.
 */
#include "lint/finding.h"
#include "proof/sighting.h"

/* The sightings with those of the same fault in several runs made one, which says in how many. */
Sightings runs_merge(Arena *arena, const Sightings *sightings);

/* How the run ended in which something was seen; NULL if there was no such run. */
const Sighting *runs_find(const Sightings *sightings, const Sighting *seen);

/* How the program ended undisturbed; NULL if there was no sweep. */
const Sighting *runs_baseline(const Sightings *sightings);

/* What was done to the program in the run, as a sentence: "`worker` was cancelled". Empty: nothing was. */
Str runs_cause(Arena *arena, const Sighting *run);
