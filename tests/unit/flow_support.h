#pragma once
/*
 * Questions about the edges of a flow graph, for the tests of flow.h.
 */
#include "support.h"

#include "python/flow.h"

#define IMPORTS "import asyncio, contextlib, sys\n"

static inline const Flow *flow_at(Module *module, Node node) {
  return module_flow(module, module_function_of(module, node));
}

/* True if some copy of the step of `from` has an edge of that kind to a point with the node
   `to`. */
static inline bool has_edge(Module *module, Node from, EdgeKind kind, Node to) {
  const Flow *flow = flow_at(module, from);
  for (Point point = flow_point(flow, from); point != POINT_NONE; point = flow->next_copy[point]) {
    const FlowPoint *of = &flow->points[point];
    for (uint32_t i = of->first_edge; i < of->first_edge + of->edge_count; i++) {
      if (flow->edges[i].kind == kind && flow->points[flow->edges[i].to].node == to) return true;
    }
  }
  return false;
}

static inline bool leads(Module *module, const char *from, EdgeKind kind, const char *to) {
  Node target = node_at(module, to, 0);
  const Flow *flow = flow_at(module, target);
  Point point = flow_point(flow, target);
  assert_int_not_equal(point, POINT_NONE);
  return has_edge(module, node_at(module, from, 0), kind, flow->points[point].node);
}

static inline bool leads_out(Module *module, const char *from, EdgeKind kind, PointKind end) {
  Node node = node_at(module, from, 0);
  const Flow *flow = flow_at(module, node);
  Point out = end == POINT_RETURN ? flow->normal_exit : flow->raise_exit;
  for (Point point = flow_point(flow, node); point != POINT_NONE; point = flow->next_copy[point]) {
    const FlowPoint *of = &flow->points[point];
    for (uint32_t i = of->first_edge; i < of->first_edge + of->edge_count; i++) {
      if (flow->edges[i].kind == kind && flow->edges[i].to == out) return true;
    }
  }
  return false;
}

static inline bool reaches(Module *module, const char *from, const char *to, unsigned edges) {
  return flow_reaches(module, node_at(module, from, 0), node_at(module, to, 0), edges);
}

static inline bool is_reachable(Module *module, const char *text) {
  Node node = node_at(module, text, 0);
  return flow_point(flow_at(module, node), node) != POINT_NONE;
}

static inline PointKind kind_at(Module *module, Node node) {
  const Flow *flow = flow_at(module, node);
  Point point = flow_point(flow, node);
  assert_int_not_equal(point, POINT_NONE);
  return flow->points[point].kind;
}

static inline uint32_t count_points(const Flow *flow, PointKind kind, Node node) {
  uint32_t count = 0;
  for (Point point = 0; point < flow->count; point++)
    count += flow->points[point].kind == kind && flow->points[point].node == node;
  return count;
}

/* Every graph: edges and their backs agree, every row's point evaluates it or something around
   it. */
static inline void check_flow(const Flow *flow) {
  uint32_t edges = 0, backs = 0;
  for (Point point = 0; point < flow->count; point++) {
    const FlowPoint *of = &flow->points[point];
    edges += of->edge_count;
    backs += of->back_count;
    for (uint32_t i = of->first_edge; i < of->first_edge + of->edge_count; i++)
      assert_true(flow->edges[i].to < flow->count);
    for (uint32_t i = of->first_back; i < of->first_back + of->back_count; i++)
      assert_true(flow->backs[i].to < flow->count);
    if (flow->next_copy[point] != POINT_NONE) {
      assert_int_equal(flow->points[flow->next_copy[point]].node, of->node);
      assert_int_equal(flow->points[flow->next_copy[point]].kind, of->kind);
      assert_true(flow->next_copy[point] > point);
    }
  }
  assert_int_equal(edges, backs);
  for (Node row = flow->first_row; row < flow->last_row; row++) {
    Point point = flow_point(flow, row);
    assert_true(point == POINT_NONE || point < flow->count);
  }
}

static inline Module *checked_module(const char *text) {
  Module *module = module_of(text);
  for (FunctionId id = 0; id < module->symbols.functions.count; id++)
    check_flow(module_flow(module, id));
  return module;
}
