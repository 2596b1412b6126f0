#pragma once
/*
 * Dispatch: the handlers of the rules that run on one file, grouped by what they subscribe to, so
 * that a rule that is off costs nothing and a node costs nothing that no rule asks for.
 *
 * Owns: nothing; lives in the arena given to dispatch_build.
 */
#include "lint/rule.h"

typedef struct {
  const Rule *rule;
  void (*run)(Context *cx, Node node);
} NodeHandler;

typedef struct {
  const Rule *rule;
  void (*run)(Context *cx, FunctionId function);
} FunctionHandler;

typedef struct {
  NodeHandler *nodes; /* grouped by kind, within a kind in the order of the rules */
  uint32_t first
    [KIND_COUNT + 1]; /* those of a kind are nodes[first[kind]] to before nodes[first[kind + 1]] */
  Vec(FunctionHandler) functions;
} Dispatch;

Dispatch dispatch_build(Arena *arena, const Rule *const *rules, uint32_t count);

/* Rows of a tree: [first, after). */
typedef struct {
  Node first, after;
} Rows;

/* Runs every handler on the rows, and adds what they report, in no particular order, without what
   lies where rules have nothing to say: stub bodies, overloads, and code that only type checkers
   see. Adds to quiets, unless it is NULL, why there is no finding. */
void dispatch_run(
  const Dispatch *dispatch, Module *module, Rows rows, Findings *findings, Quiets *quiets
);
