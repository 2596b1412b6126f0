#pragma once
/*
 * Narrow checks: tests of gathered elements that see Exception but not CancelledError.
 */
#include "python/element.h"

typedef struct {
  Node type; /* the expression or pattern that says Exception */
  Node test;
  Node gather; /* the gather call that makes the list */
  Node
    value_use; /* where the element is used as a value although it may be a CancelledError; NODE_NONE if nowhere */
} NarrowCheck;

typedef Vec(NarrowCheck) NarrowChecks;

/* The narrow checks on the elements of an awaited gather; none if `awaited` is something else, or
   if the element is tested for BaseException or CancelledError besides. */
NarrowChecks narrow_checks_of(Module *module, Node awaited, Reason *why);

/* A test for an exception, in the loop over the elements, of a whole collection in place of the
   element: `isinstance(results, Exception)`. NODE_NONE if there is none, or if the element is
   tested, too. */
Node mistaken_check(Module *module, Element element);
