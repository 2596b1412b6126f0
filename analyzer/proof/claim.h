#pragma once
/*
 * Claim: what a fix says it does away with, to be recognised in what runs report.
 */
#include "proof/linemap.h"
#include "proof/sighting.h"
#include "python/module.h"

typedef struct {
  Str rule; /* its name */
  Str path; /* of the file, as sightings name it on both sides */
  const LineRanges *lines;
  LineMap map;
  Module *before; /* see evidence_module */
} Claim;

/* True if the sighting, of the program as it is, is the fault that the fix is about. */
bool claim_is_shown(Arena *arena, const Claim *claim, const Sighting *seen);
/* True if both are the same place: of the program as it is, and of the fixed one. */
bool claim_is_same_place(const Claim *claim, const Spot *before, const Spot *after);
