#include "python/flow.h"

#include "python/caches.h"

Point flow_point(const Flow *flow, Node node) {
  if (node < flow->first_row || node >= flow->last_row) return POINT_NONE;
  return flow->of_row[node - flow->first_row];
}

/* ---- walks ---- */

/* One walk. A point is seen if seen[point] == number. */
typedef struct {
  Module *module;
  const Flow *flow;
  Arena *own; /* for a walk inside another walk, else NULL */
  uint32_t *seen;
  Point *stack;
  uint32_t number, depth;
  bool is_back;
} Walker;

static void walker_reserve(Module *module, uint32_t count) {
  ModuleCaches *caches = module->caches;
  if (caches->walk.capacity >= count) return;
  caches->walk.capacity = count * 2;
  caches->walk.seen = arena_array(module->arena, uint32_t, caches->walk.capacity);
  caches->walk.stack = arena_array(module->arena, Point, caches->walk.capacity);
  caches->walk.number = 0;
}

static Walker walker_begin(Module *module, const Flow *flow, bool is_back) {
  Walker walker = { .module = module, .flow = flow, .is_back = is_back };
  ModuleCaches *caches = module->caches;
  if (caches->walk.is_walking) {
    walker.own = arena_new();
    walker.seen = arena_array(walker.own, uint32_t, flow->count);
    walker.stack = arena_array(walker.own, Point, flow->count);
    walker.number = 1;
    return walker;
  }
  /* Starting over with fresh room is cheaper to get right than a number that wraps around. */
  if (caches->walk.number == UINT32_MAX) caches->walk.capacity = 0;
  walker_reserve(module, flow->count);
  caches->walk.is_walking = true;
  walker.seen = caches->walk.seen;
  walker.stack = caches->walk.stack;
  walker.number = ++caches->walk.number;
  return walker;
}

static void walker_end(Walker *walker) {
  if (walker->own != NULL) arena_free(walker->own);
  else walker->module->caches->walk.is_walking = false;
}

static void walker_expand(Walker *walker, Point point, unsigned edges) {
  const Flow *flow = walker->flow;
  const FlowPoint *from = &flow->points[point];
  const Edge *edge =
    walker->is_back ? flow->backs + from->first_back : flow->edges + from->first_edge;
  uint32_t count = walker->is_back ? from->back_count : from->edge_count;
  for (uint32_t i = 0; i < count; i++) {
    bool is_new = walker->seen[edge[i].to] != walker->number;
    if (!is_new || (edge[i].kind & edges) == 0) continue;
    walker->seen[edge[i].to] = walker->number;
    walker->stack[walker->depth++] = edge[i].to;
  }
}

static bool walker_run(Walker *walker, unsigned edges, FlowVisit visit, void *state) {
  while (walker->depth > 0) {
    Point point = walker->stack[--walker->depth];
    Walk walk = visit(state, walker->flow, point);
    if (walk == WALK_STOP) return true;
    if (walk == WALK_ON) walker_expand(walker, point, edges);
  }
  return false;
}

bool flow_walk(
  Module *module, const Flow *flow, Point from, unsigned edges, FlowVisit visit, void *state
) {
  Walker walker = walker_begin(module, flow, false);
  walker_expand(&walker, from, edges);
  bool is_stopped = walker_run(&walker, edges, visit, state);
  walker_end(&walker);
  return is_stopped;
}

bool flow_walk_back(
  Module *module, const Flow *flow, Point from, unsigned edges, FlowVisit visit, void *state
) {
  Walker walker = walker_begin(module, flow, true);
  walker_expand(&walker, from, edges);
  bool is_stopped = walker_run(&walker, edges, visit, state);
  walker_end(&walker);
  return is_stopped;
}

/* ---- questions ---- */

static const Flow *flow_around(Module *module, Node node) {
  return module_flow(module, module_function_of(module, node));
}

static bool suspends(const Flow *flow, Point point) {
  return flow->points[point].kind == POINT_SUSPEND;
}

/* True if the node is an operand of the suspension that the point stands for, so that the point
   suspends after the node has been evaluated. */
static bool is_suspended_on(const Flow *flow, Point point, Node node) {
  return suspends(flow, point) && flow->points[point].node != node;
}

/* Begins to walk behind every copy of the step that evaluates the node. */
static void walker_start(Walker *walker, Node node, unsigned edges) {
  const Flow *flow = walker->flow;
  for (Point point = flow_point(flow, node); point != POINT_NONE; point = flow->next_copy[point])
    walker_expand(walker, point, edges);
}

static Walk stop_at_suspension(void *state, const Flow *flow, Point point) {
  (void)state;
  return suspends(flow, point) ? WALK_STOP : WALK_ON;
}

bool flow_suspends_after(Module *module, Node node) {
  const Flow *flow = flow_around(module, node);
  Point point = flow_point(flow, node);
  if (point == POINT_NONE) return false;
  if (is_suspended_on(flow, point, node)) return true;
  Walker walker = walker_begin(module, flow, false);
  walker_start(&walker, node, EDGES_NORMAL);
  bool suspends = walker_run(&walker, EDGES_NORMAL, stop_at_suspension, NULL);
  walker_end(&walker);
  return suspends;
}

/* Of two nodes of one step: operands come before what they are operands of, then the order in
   the text holds, but that the right side of an assignment comes first. */
static bool is_evaluated_before(const Tree *tree, Node a, Node b) {
  if (tree_inside(tree, b, a)) return false;
  if (tree_inside(tree, a, b)) return true;
  Node parent = tree_parent(tree, a);
  while (parent != NODE_NONE && !tree_inside(tree, b, parent)) {
    a = parent;
    parent = tree_parent(tree, a);
  }
  bool is_assignment =
    tree_is(tree, parent, KIND_ASSIGNMENT) || tree_is(tree, parent, KIND_NAMED_EXPRESSION);
  if (!is_assignment) return a < b;
  bool is_value = tree_field(tree, a) == FIELD_RIGHT || tree_field(tree, a) == FIELD_VALUE;
  return is_value;
}

static Walk stop_at_target(void *state, const Flow *flow, Point point) {
  const FlowPoint *here = &flow->points[point], *target = state;
  bool is_copy = here->node == target->node && here->kind == target->kind &&
    here->is_leaving == target->is_leaving;
  return is_copy ? WALK_STOP : WALK_ON;
}

bool flow_reaches(Module *module, Node from, Node to, unsigned edges) {
  const Flow *flow = flow_around(module, from);
  Point start = flow_point(flow, from), end = flow_point(flow, to);
  if (start == POINT_NONE || end == POINT_NONE) return false;
  if (start == end && is_evaluated_before(&module->tree, from, to)) return true;
  Walker walker = walker_begin(module, flow, false);
  walker_start(&walker, from, edges);
  bool reaches = walker_run(&walker, edges, stop_at_target, &flow->points[end]);
  walker_end(&walker);
  return reaches;
}

static Walk stop_at_end(void *state, const Flow *flow, Point point) {
  (void)state;
  return point == flow->normal_exit || point == flow->raise_exit ? WALK_STOP : WALK_ON;
}

/* Makes the walk end at each copy of the node's step. False if the step is that of `from` and
   evaluates the node after it: then there is nothing to walk. */
static bool walker_bar(Walker *walker, Node from, Node stop) {
  const Flow *flow = walker->flow;
  Point point = flow_point(flow, stop);
  bool is_same = point != POINT_NONE && point == flow_point(flow, from);
  if (is_same && is_evaluated_before(&walker->module->tree, from, stop)) return false;
  for (; point != POINT_NONE; point = flow->next_copy[point]) walker->seen[point] = walker->number;
  return true;
}

bool flow_escapes(Module *module, Node from, const Nodes *stops, unsigned edges) {
  const Flow *flow = flow_around(module, from);
  Point start = flow_point(flow, from);
  if (start == POINT_NONE) return false;
  Walker walker = walker_begin(module, flow, false);
  bool may_escape = true;
  for (uint32_t i = 0; i < stops->count && may_escape; i++)
    may_escape = walker_bar(&walker, from, stops->items[i]);
  if (may_escape) {
    /* If the step of `from` itself fails, `from` has not been evaluated; unless the step is an
       await of what `from` made. */
    unsigned first = is_suspended_on(flow, start, from) ? edges : edges & EDGES_NORMAL;
    walker_start(&walker, from, first);
    may_escape = walker_run(&walker, edges, stop_at_end, NULL);
  }
  walker_end(&walker);
  return may_escape;
}
