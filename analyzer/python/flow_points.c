#include "python/flow_build.h"

enum {
  WORK_PER_ROW = 16,
  WORK_FREE = 1024,
  EDGES_PER_ROW = 32,
  EDGES_FREE = 4096,
};

/* What may fail when it is evaluated. Names, literals, displays and and/or/not do not. */
static const bool FAILS[KIND_COUNT] = {
  [KIND_ASSERT_STATEMENT] = true,     [KIND_ATTRIBUTE] = true,
  [KIND_AUGMENTED_ASSIGNMENT] = true, [KIND_AWAIT] = true,
  [KIND_BINARY_OPERATOR] = true,      [KIND_CALL] = true,
  [KIND_EXEC_STATEMENT] = true,       [KIND_IMPORT_FROM_STATEMENT] = true,
  [KIND_IMPORT_STATEMENT] = true,     [KIND_PRINT_STATEMENT] = true,
  [KIND_RAISE_STATEMENT] = true,      [KIND_SUBSCRIPT] = true,
  [KIND_TUPLE_PATTERN] = true,        [KIND_LIST_PATTERN] = true,
  [KIND_UNARY_OPERATOR] = true,
};

void ends_add(FlowBuilder *builder, Ends *ends, Point from, EdgeKind kind) {
  End *end = arena_make(builder->scratch, End);
  *end = (End){ .from = from, .kind = kind };
  ends_join(ends, (Ends){ end, end });
}

void ends_join(Ends *ends, Ends more) {
  if (more.first == NULL) return;
  if (ends->first == NULL) ends->first = more.first;
  else ends->last->next = more.first;
  ends->last = more.last;
}

Ends ends_copied(FlowBuilder *builder, Ends ends) {
  Ends copy = { 0 };
  for (End *end = ends.first; end != NULL; end = end->next)
    ends_add(builder, &copy, end->from, end->kind);
  return copy;
}

void ends_turn_into(Ends ends, EdgeKind kind) {
  for (End *end = ends.first; end != NULL; end = end->next) end->kind = kind;
}

void ends_lead_to(FlowBuilder *builder, Ends ends, Point to) {
  for (End *end = ends.first; end != NULL; end = end->next)
    vec_push(
      builder->scratch, &builder->edges, (RawEdge){ .from = end->from, .to = to, .kind = end->kind }
    );
}

uint32_t ends_count(Ends ends) {
  uint32_t count = 0;
  for (End *end = ends.first; end != NULL; end = end->next) count++;
  return count;
}

/* Enters the point into the chain of the points that are the same step of another copy. */
static void flow_chain_copy(FlowBuilder *builder, Point point) {
  const FlowPoint *added = &builder->points.items[point];
  Point *newest = &builder->newest[added->node - builder->first_row];
  Point earlier = *newest;
  vec_push(builder->scratch, &builder->previous, earlier);
  *newest = point;
  for (; earlier != POINT_NONE; earlier = builder->previous.items[earlier]) {
    const FlowPoint *other = &builder->points.items[earlier];
    if (other->kind != added->kind || other->is_leaving != added->is_leaving) continue;
    builder->next_copy.items[earlier] = point;
    return;
  }
}

Point flow_add_point(FlowBuilder *builder, FlowPoint point) {
  Point added = builder->points.count;
  vec_push(builder->scratch, &builder->points, point);
  vec_push(builder->scratch, &builder->next_copy, POINT_NONE);
  if (point.node >= builder->first_row && point.node < builder->last_row)
    flow_chain_copy(builder, added);
  else vec_push(builder->scratch, &builder->previous, POINT_NONE);
  ends_lead_to(builder, builder->ends, added);
  builder->ends = (Ends){ 0 };
  builder->work++;
  return added;
}

static bool row_may_fail(const Tree *tree, Node row) {
  if (!tree_is(tree, row, KIND_COMPARISON_OPERATOR)) return FAILS[tree_kind(tree, row)];
  TREE_EACH_CHILD (tree, row, child) {
    if (!tree_is(tree, child, KIND_TOKEN)) continue;
    if (!str_starts_with(tree_text(tree, child), STR("is"))) return true;
  }
  return false;
}

Node flow_skip_foreign(const FlowBuilder *builder, Node row) {
  return tree_field(builder->tree, row) == FIELD_BODY ? tree_after(builder->tree, row) : row + 1;
}

bool flow_cover(FlowBuilder *builder, Point point, Node from, Node to) {
  const Tree *tree = builder->tree;
  const Module *module = builder->module;
  uint32_t mark = flow_mark_from(builder, from);
  Node annotation_end = from; /* annotations of local names are not evaluated */
  bool may_fail = false;
  for (Node row = from; row < to; builder->work++) {
    Point *covered = &builder->of_row[row - builder->first_row];
    bool is_mark = mark < builder->marks.count && builder->marks.items[mark] == row;
    bool is_own_step = is_mark && row != from && *covered != POINT_NONE;
    if (is_own_step || module_function_of(module, row) != builder->function) {
      row = is_own_step ? tree_after(tree, row) : flow_skip_foreign(builder, row);
      mark = flow_mark_from(builder, row);
      continue;
    }
    if (is_mark) mark++;
    if (*covered == POINT_NONE) *covered = point;
    if (row >= annotation_end && tree_is(tree, row, KIND_TYPE))
      annotation_end = tree_after(tree, row);
    if (row >= annotation_end && row_may_fail(tree, row)) may_fail = true;
    row++;
  }
  return may_fail;
}

void flow_cover_head(FlowBuilder *builder, Node row, Point first) {
  Point *covered = &builder->of_row[row - builder->first_row];
  if (*covered == POINT_NONE && first < builder->points.count) *covered = first;
}

void flow_may_fail(FlowBuilder *builder, Point point) {
  ends_add(builder, &builder->frame->ways[WAY_ERROR], point, EDGE_ERROR);
}

void flow_may_be_cancelled(FlowBuilder *builder, Point point) {
  ends_add(builder, &builder->frame->ways[WAY_CANCEL], point, EDGE_CANCEL);
}

Point flow_add_step_for(FlowBuilder *builder, PointKind kind, Node node, Node from, Node to) {
  Point point = flow_add_point(builder, (FlowPoint){ .kind = kind, .node = node });
  bool may_fail = flow_cover(builder, point, from, to);
  if (may_fail || kind == POINT_SUSPEND || kind == POINT_ITERATE || kind == POINT_ENTER)
    flow_may_fail(builder, point);
  if (kind == POINT_SUSPEND) flow_may_be_cancelled(builder, point);
  ends_add(builder, &builder->ends, point, EDGE_NEXT);
  return point;
}

Point flow_add_step(FlowBuilder *builder, PointKind kind, Node node) {
  return flow_add_step_for(builder, kind, node, node, tree_after(builder->tree, node));
}

bool flow_is_over_budget(const FlowBuilder *builder) {
  return builder->work >
    WORK_FREE + (uint64_t)WORK_PER_ROW * (builder->last_row - builder->first_row);
}

bool flow_has_room(const FlowBuilder *builder, uint64_t count) {
  uint64_t room = EDGES_FREE + (uint64_t)EDGES_PER_ROW * (builder->last_row - builder->first_row);
  return builder->edges.count + count <= room;
}
