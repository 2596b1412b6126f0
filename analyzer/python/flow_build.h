#pragma once
/*
 * Construction of a Flow: what flow_points.c (points and edges), flow_expression.c,
 * flow_exception.c (try, with, raise) and flow_build.c (the other statements, the whole) share.
 * Private to them.
 *
 * The graph is built in evaluation order. `ends` are the edges that wait for the next point; jumps
 * wait in the `frame` of the construct they have to leave, one list for each way, until that
 * construct is closed and either takes them (a loop its breaks, a try its errors) or hands them to
 * the frame around it, through one copy of its finally body per way. No ends means that what
 * follows is not reached, and it gets no points.
 *
 * Sizes: an End is in one list at a time, so joining lists is one step whatever their length.
 */
#include "python/flow.h"
#include "python/module.h"

enum {
  /* Python refuses more than 100 levels of indentation; a block further in is one opaque step. */
  FLOW_BLOCK_DEPTH = 128,
  /* Awaits, branches and comprehensions inside one another; Python refuses more than 200 open
     brackets. Those further in belong to the step around them. */
  FLOW_EXPRESSION_DEPTH = 256,
  /* Functions inside one another; those further in have an empty graph. */
  FLOW_FUNCTION_DEPTH = 128,
};

typedef struct End End;
struct End {
  End *next;
  Point from;
  EdgeKind kind;
};

typedef struct {
  End *first, *last;
} Ends;

/* How control leaves a construct. */
typedef enum {
  WAY_ON,
  WAY_RETURN,
  WAY_BREAK,
  WAY_CONTINUE,
  WAY_ERROR,
  WAY_CANCEL,
  WAY_COUNT,
} Way;

typedef struct {
  Ends ways[WAY_COUNT];
} Frame;

/* The except clause that is being built, for what `raise` in it means. */
typedef struct Handling Handling;
struct Handling {
  const Handling *around;
  Node variable;  /* NODE_NONE */
  bool is_error;  /* an ordinary exception may have been caught */
  bool is_cancel; /* a cancellation may have been caught */
};

typedef struct {
  Point from, to;
  EdgeKind kind;
} RawEdge;

typedef struct {
  Module *module;
  const Tree *tree;
  FunctionId function;
  Arena *scratch;
  Vec(FlowPoint) points;
  Vec(RawEdge) edges;
  Vec(Point) next_copy;
  Vec(Point) previous; /* per point: an earlier point for the same node, of whatever kind */
  Point *of_row;       /* as in Flow */
  Point *newest;       /* per row: the latest point for that node */
  Node first_row, last_row;
  Nodes marks; /* expressions that are steps of their own, in source order */
  Ends ends;
  Frame *frame;
  const Handling *handling;
  uint32_t block_depth, expression_depth;
  uint64_t work; /* rows looked at and points made so far: the measure against copies of copies */
} FlowBuilder;

/* flow_points.c */
static inline bool flow_is_dead(const FlowBuilder *builder) { return builder->ends.first == NULL; }
void ends_add(FlowBuilder *builder, Ends *ends, Point from, EdgeKind kind);
void ends_join(Ends *ends, Ends more);
Ends ends_copied(FlowBuilder *builder, Ends ends);
void ends_turn_into(Ends ends, EdgeKind kind);
/* Makes every end an edge to the point. */
void ends_lead_to(FlowBuilder *builder, Ends ends, Point to);
uint32_t ends_count(Ends ends);
/* A point that the loose ends lead to. None lead on from it yet. Kind, node and is_leaving
   count. */
Point flow_add_point(FlowBuilder *builder, FlowPoint point);
/* The next row that may be the function's own, behind one that is not: a parameter belongs to
   the function that it is declared by, its default value to the one around. */
Node flow_skip_foreign(const FlowBuilder *builder, Node row);
/* Says that the point evaluates the rows [from, to), but for those that other points have. True
   if one of them can raise. */
bool flow_cover(FlowBuilder *builder, Point point, Node from, Node to);
/* Says that a row without a step of its own stands for the points made since `first`. */
void flow_cover_head(FlowBuilder *builder, Node row, Point first);
/* A point for the node and its rows, with its exceptional ends, and EDGE_NEXT as the only loose
   end. */
Point flow_add_step(FlowBuilder *builder, PointKind kind, Node node);
/* The same for the rows [from, to). */
Point flow_add_step_for(FlowBuilder *builder, PointKind kind, Node node, Node from, Node to);
/* The point may fail; a cancellation may come at it. */
void flow_may_fail(FlowBuilder *builder, Point point);
void flow_may_be_cancelled(FlowBuilder *builder, Point point);
/* True if copying more would no longer be linear in the size of the function. */
bool flow_is_over_budget(const FlowBuilder *builder);
/* True if `count` more edges would no longer be. */
bool flow_has_room(const FlowBuilder *builder, uint64_t count);

/* flow_expression.c */
typedef struct {
  Ends yes, no;
} Branches;

void flow_find_marks(FlowBuilder *builder);
/* The position in `marks` of the first one at or after the row. */
uint32_t flow_mark_from(const FlowBuilder *builder, Node row);
bool flow_is_mark(const FlowBuilder *builder, Node node);
/* Steps for the marks in the rows [from, to). */
void flow_build_marks(FlowBuilder *builder, Node from, Node to);
/* An expression that is evaluated before something else begins: a step of its own. */
void flow_build_operand(FlowBuilder *builder, Node expression);
/* A condition, and/or/not decomposed. Takes the loose ends; leaves none. */
Branches flow_build_condition(FlowBuilder *builder, Node condition);

/* flow_exception.c */
void flow_build_try(FlowBuilder *builder, Node statement);
void flow_build_with(FlowBuilder *builder, Node statement);
void flow_build_raise(FlowBuilder *builder, Node statement);

/* flow_build.c */
void flow_build_block(FlowBuilder *builder, Node block);
/* The block of a clause (else, elif, finally, except), standing for the clause's row, too. */
void flow_build_clause(FlowBuilder *builder, Node clause);
/* The first child of that kind, or NODE_NONE. */
Node flow_child(const FlowBuilder *builder, Node node, Kind kind);
/* The row where the head of a compound statement or clause ends: that of its block. */
Node flow_head_end(const FlowBuilder *builder, Node node);
/* Sends the ends out of the frame. */
void flow_leave_with(FlowBuilder *builder, Way way, Ends ends);
