#pragma once
/*
 * Contents: the expressions that a collection of this file holds, followed through names, displays,
 * copies and the calls that add to it. Private to the files of analyzer/python; elements_of in
 * value.h is the common question.
 */
#include "python/target.h"

typedef struct {
  Nodes items;      /* in source order */
  bool is_complete; /* false if some may be missing */
} Contents;

/* A collection to look at, and what to take of it. */
typedef struct {
  Node collection;
  Pick pick;
} Question;

Contents contents_of(Module *module, Node collection, Pick pick);
