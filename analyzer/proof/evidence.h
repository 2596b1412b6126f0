#pragma once
/*
 * Evidence: what was seen of a file while it ran, as findings of the rules that look for the same without running it. The
 * checker knows lines; the file's tree says which clause, statement or call is meant.
 */
#include "lint/finding.h"
#include "proof/sighting.h"
#include "python/module.h"
#include "python/parse.h"

/* What the sightings say of the source, those of other files left out: in source order, complete, without what a comment
   suppresses. `path` is how sightings name the file. Lives in the arena. */
Findings evidence_of(
  Arena *arena, Parser *parser, const Source *source, Str path, const Sightings *sightings
);

/* The file of one text, to be asked about single sightings. */
Module *evidence_module(Arena *arena, Parser *parser, const Source *source);
/* The line at which evidence_of would report the sighting, suppressed or not; 0: it does not, or that is of another file. */
uint32_t evidence_line(Arena *arena, Module *module, Str path, const Sighting *seen);
