#pragma once
/*
 * Two numbers for the facts of a file, by which it is told whether an edit has changed them.
 */
#include "base/digest.h"
#include "python/facts.h"

typedef struct {
  uint64_t meaning; /* all but places */
  uint64_t places;  /* positions and offsets alone */
} FactsDigest;

/* Of facts as facts_collect returns them. */
FactsDigest facts_digest(const Facts *facts);
