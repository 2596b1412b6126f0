#pragma once
/*
 * Flow: the control-flow graph of one function, with exception edges and suspension points.
 *
 * A point is one step of evaluation: an expression statement, the evaluation of an await, one test
 * of a condition (and/or/not are decomposed, so each test has a true and a false edge), the head of
 * a loop, entering and leaving a `with`, the head of an except clause. Comprehensions are loops of
 * the function around them; `x if c else y`, `and`, `or` in any position branch. `finally` bodies
 * are copied once for each way of leaving them, so a path through a finally keeps its destination;
 * past a size limit one shared copy serves all ways.
 *
 * Exceptions: every point that can raise has an EDGE_ERROR to each handler that may catch an
 * ordinary exception and, unless one surely does, further out. A suspension point has an
 * EDGE_CANCEL besides, which is the way of a CancelledError: to the first handler that catches it
 * (bare, BaseException, CancelledError, before 3.8 also Exception; contextlib.suppress of one of
 * these), else out. `finally` is passed on the way.
 *
 * Owns: nothing; lives in the module's arena. Points are numbered from 0.
 */
#include "python/module.h"

typedef uint32_t Point;
#define POINT_NONE UINT32_MAX

typedef enum {
  POINT_ENTRY,
  POINT_EVALUATE, /* node: a statement, or an expression evaluated as a step of its own */
  POINT_SUSPEND, /* node: await; async for / async comprehension clause; async with_item on entering and leaving; yield */
  POINT_TEST,    /* node: the condition; EDGE_TRUE and EDGE_FALSE leave it */
  POINT_ITERATE, /* node: for_statement or for_in_clause; EDGE_TRUE into the body, EDGE_FALSE past the loop */
  POINT_ENTER,   /* node: with_item, not async */
  POINT_LEAVE,   /* node: with_item, not async */
  POINT_CATCH,   /* node: except_clause; for a suppressing `with`, its with_item */
  POINT_FINALLY, /* node: finally_clause, at the start of one copy */
  POINT_RETURN,  /* the function's normal end: one for all returns and for falling off the end */
  POINT_RAISE,   /* an exception leaves the function: one for all */
} PointKind;

typedef enum {
  EDGE_NEXT = 1 << 0,
  EDGE_TRUE = 1 << 1,
  EDGE_FALSE = 1 << 2,
  EDGE_ERROR = 1 << 3,
  EDGE_CANCEL = 1 << 4,
} EdgeKind;

enum {
  EDGES_NORMAL = EDGE_NEXT | EDGE_TRUE | EDGE_FALSE,
  EDGES_ALL = EDGES_NORMAL | EDGE_ERROR | EDGE_CANCEL,
};

typedef struct {
  Point to;
  EdgeKind kind;
} Edge;

typedef struct {
  PointKind kind;
  Node node;
  bool is_leaving;     /* POINT_SUSPEND of an async with_item: its __aexit__, not its __aenter__ */
  uint32_t first_edge; /* into edges */
  uint32_t edge_count;
  uint32_t first_back; /* into backs: the points that lead here */
  uint32_t back_count;
} FlowPoint;

struct Flow {
  FunctionId function;
  FlowPoint *points;
  uint32_t count;
  Edge *edges;
  Edge *backs;    /* Edge.to is the point that leads here */
  Point *of_row;  /* first point that evaluates the row, indexed by node - first_row; POINT_NONE */
  Node first_row; /* rows [first_row, last_row) belong to the function */
  Node last_row;
  Point
    *next_copy; /* per point: the next point for the same node (copies in finally), or POINT_NONE */
  Point entry, normal_exit, raise_exit;
};

Flow *flow_build(Arena *arena, Module *module, FunctionId function);

/* The first point that evaluates the node: the point of the smallest enclosing step. POINT_NONE if
   unreachable code or not of this function. */
Point flow_point(const Flow *flow, Node node);

typedef enum {
  WALK_ON,   /* go on past this point */
  WALK_CUT,  /* not past this point, on with the others */
  WALK_STOP, /* end the walk */
} Walk;

typedef Walk (*FlowVisit)(void *state, const Flow *flow, Point point);

/* Visits each point once that can be reached from `from` (which itself is visited only if it is
   reached again) along edges of the given kinds. True if some visit said WALK_STOP. */
bool flow_walk(
  Module *module, const Flow *flow, Point from, unsigned edges, FlowVisit visit, void *state
);
/* The same against the direction of the edges. */
bool flow_walk_back(
  Module *module, const Flow *flow, Point from, unsigned edges, FlowVisit visit, void *state
);

/* True if a suspension point can be reached after node has been evaluated, along ordinary edges. */
bool flow_suspends_after(Module *module, Node node);
/* True if `to` can be evaluated after `from`. */
bool flow_reaches(Module *module, Node from, Node to, unsigned edges);
/* True if there is a path from the evaluation of `from` (exclusive) to an end of the function
   (normal or raised, as the edges allow) on which no node of `stops` is evaluated. */
bool flow_escapes(Module *module, Node from, const Nodes *stops, unsigned edges);
