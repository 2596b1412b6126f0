#pragma once
/*
 * Evidence: what was seen of a file while it ran, as findings of the rules that look for the same without running it. The
 * checker knows lines; the file's tree says which clause, statement or call is meant.
 */
#include "lint/finding.h"
#include "proof/sighting.h"
#include "python/parse.h"

/* What the sightings say of the source, those of other files left out: in source order, complete, without what a comment
   suppresses. `path` is how sightings name the file. Lives in the arena. */
Findings evidence_of(
  Arena *arena, Parser *parser, const Source *source, Str path, const Sightings *sightings
);
