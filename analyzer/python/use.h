#pragma once
/*
 * Uses: what becomes of a value after the expression that makes it, followed through local names.
 *
 * `results = await gather(…)` then `for r in results: print(r)`: the uses of the await are one,
 * ITERATED by the for statement. Assignments, walrus, conditional expressions, `or`/`and`, and
 * starred copies into other names are followed; containers, attributes, arguments, closures are
 * ends, reported as such. Definitions reach reads as the control-flow graph has it.
 */
#include "python/module.h"
#include "python/reason.h"

typedef enum {
  USE_DROPPED,   /* an expression statement: nobody has it */
  USE_DISPLAYED, /* the last expression of a notebook's cell: IPython shows it and keeps it */
  USE_AWAITED,   /* consumer: the await */
  USE_RETURNED,
  USE_YIELDED,
  USE_RAISED,
  USE_ARGUMENT,  /* consumer: the call; index and keyword say which */
  USE_STORED,    /* into an attribute, a subscript, a global or nonlocal; consumer: the target */
  USE_CONTAINED, /* element of a list, tuple, set, dict, comprehension or starred in one; consumer: that expression */
  USE_CAPTURED,  /* read by a function nested in this one; consumer: the identifier there */
  USE_TESTED,    /* condition, not, and/or operand */
  USE_COMPARED,  /* consumer: the comparison; `is None` is a USE_TESTED */
  USE_OPERATED,  /* arithmetic, augmented assignment */
  USE_METHOD,    /* x.m(…): consumer is the call, name the method */
  USE_ATTRIBUTE, /* x.a not called: consumer is the attribute expression, name the attribute */
  USE_CALLED,    /* x(…) */
  USE_SUBSCRIPTED, /* x[…] read: consumer is the subscript; x[…] = and del x[…] are USE_OPERATED */
  USE_ITERATED, /* for … in x, comprehension over x, *x in a call, x given to list/zip/enumerate/…: consumer is the for statement,
                     for_in_clause, list_splat or call */
  USE_UNPACKED, /* a, b = x: consumer is the target pattern */
  USE_FORMATTED, /* f-string field, % or str.format argument */
  USE_ENTERED,   /* with x / async with x: consumer is the with_item */
  USE_CHECKED, /* isinstance(x, …), issubclass, type(x), match subject: consumer is that call or the match_statement */
  USE_DELETED,
} UseKind;

typedef struct {
  UseKind kind;
  Node
    value; /* the expression that is used: the occurrence of the name, or the expression asked about */
  Node consumer;  /* what uses it */
  uint32_t index; /* USE_ARGUMENT: position among the positional arguments */
  Str
    name; /* USE_METHOD, USE_ATTRIBUTE: the name after the dot; USE_ARGUMENT: the keyword or empty */
} Use;

typedef Vec(Use) Uses;

/* Every use of the value that the expression makes, in source order, up to some hundreds. A value
   bound to a name that is never read has no uses: an empty result. */
Uses uses_of(Module *module, Node expression);
/* Every use of the value bound by this identifier occurrence (a target, parameter, …). */
Uses uses_of_definition(Module *module, Node identifier);
/* True if one of the uses has the kind. */
bool uses_have(const Uses *uses, UseKind kind);

/* What the use means for the value, as a reason why somebody has it. */
Reason use_meaning(UseKind kind);

/* The identifier occurrences that read what this one binds, in source order; also those in nested
   functions. */
Nodes reads_of(Module *module, Node definition);
/* The identifier occurrences whose binding may reach this read; empty if it is not a local of the
   function (then see definitions_anywhere). */
Nodes definitions_of(Module *module, Node read);
/* Every identifier occurrence that binds the name, in whatever function, in source order. */
Nodes definitions_anywhere(Module *module, Node identifier);
/* The expression that a definition binds: right side of an assignment, walrus or with_item;
   NODE_NONE for parameters, loop targets, parts of an unpacking (see element.h) unless the right
   side is a display of as many items, imports, definitions. */
Node defined_value(Module *module, Node definition);
