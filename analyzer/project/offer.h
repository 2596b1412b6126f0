#pragma once
/*
 * Offer: one fix that is offered of a file, made on its own: what a proof of it starts from.
 */
#include "lint/finding.h"

typedef struct {
  uint32_t first, last; /* lines of the file as it is, from 1 */
} LineRange;

typedef Vec(LineRange) LineRanges;

typedef struct {
  Str path; /* absolute */
  Str shown;
  Str root; /* of its project */
  uint16_t target_minor;
  const Rule *rule;
  Str title;
  uint32_t line;    /* of the finding */
  LineRanges lines; /* that the finding, its story and its fix are about */
  Edits edits;      /* sorted */
  Str before, after;
} Offer;

typedef Vec(Offer) Offers;

/* Adds the fixes up to `boldest` that the findings offer, each on its own; what names a file is left to the caller. Nothing
   of the offers is shared with the findings. */
void offers_take(
  Arena *arena,
  const Source *source,
  const Findings *findings,
  Applicability boldest,
  Offers *offers
);

/* A copy of which only the rule is shared. */
Offer offer_copy(Arena *arena, const Offer *offer);
