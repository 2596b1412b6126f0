#pragma once
/*
 * Cancel link: where what an expression names is cancelled. is_cancelled_before in work.h answers
 * the common question; this is for those who ask about the ways between the two places. Private to
 * the files of analyzer/python.
 */
#include "python/module.h"

/* A place that cancels, and the name that it has in common with the expression asked about: an
   identifier, attribute, subscript or call, as each of the two mentions it or what it was made
   of. */
typedef struct {
  Node site; /* the attribute `t.cancel`, or the call of a helper */
  Node cancelled, asked;
} CancelPair;

typedef Vec(CancelPair) CancelPairs;

/* The places inside `within` that cancel what the expression names, in source order, as far as they
   are near it. Signals, as of stop.set(), do not count. */
CancelPairs cancel_pairs(Module *module, Node expression, Node within);
