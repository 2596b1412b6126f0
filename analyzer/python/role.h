#pragma once
/*
 * Role: what one row of the tree does to names, as far as the syntax alone says. Private to
 * scope.c.
 *
 * A role is handed down from a row to its children: the target of a `for` is ROLE FOR, so is a
 * tuple that is this target, so is each identifier in it, but not the object of an attribute in it.
 */
#include "python/scope.h"

/* One of OccurrenceKind, or ROLE_IGNORE. */
typedef uint8_t Role;

enum {
  ROLE_IGNORE =
    OCCURRENCE_DECLARE + 1, /* a name that no scope knows: of an attribute, a keyword, a module */
};

/* The role of a row but the first, given those of the rows before it. */
Role role_of(const Tree *tree, const Role *roles, Node node);
