#pragma once
/*
 * Place: what a line that the runtime checker reported means in the file's tree: the clause, statement or call, and the rule
 * that is about it.
 */
#include "proof/sighting.h"
#include "python/module.h"

/* What a sighting is about, and the rule that is about the same. */
typedef struct {
  const char *rule;
  Span span;
} Place;

uint32_t place_line_of(Module *module, uint32_t offset);

/* What begins on the line, without a comment behind it. */
Span place_code(Module *module, uint32_t line);

/* The first call that begins on the line, of a function with that name if there is one; NODE_NONE if there is no call. */
Node place_call_node(Module *module, uint32_t line, Str name);
/* The same as a span; that of the line if there is no call. */
Span place_call(Module *module, uint32_t line, Str name);

/* What took a cancellation: a handler, a jump in a finally, a with. */
Place place_of_swallowing(Module *module, const Sighting *seen);
