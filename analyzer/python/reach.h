#pragma once
/*
 * Reach: which bindings of a name reach which reads of it. Private to the files of analyzer/python;
 * use.h has the questions.
 */
#include "python/flow.h"

/* An occurrence of a binding at a point of the graph; one in a finally has a site in each copy. */
typedef struct {
  Point point;
  Node node;
  OccurrenceKind kind;
} Site;

typedef Vec(Site) Sites;

/* The function whose flow graph evaluates the occurrences that stand in the binding's own scope. */
FunctionId binding_function(const Module *module, const Binding *binding);

/* Every identifier occurrence that reads the name, in whatever function, in source order. */
Nodes reads_anywhere(Module *module, Node identifier);

/* Brings the nodes into source order, each once. */
void sort_nodes(Nodes *nodes);
