#include "python/flow_build.h"

#include "python/outcome.h"
#include "python/truth.h"

#include <string.h>

Node flow_child(const FlowBuilder *builder, Node node, Kind kind) {
  TREE_EACH_CHILD (builder->tree, node, child) {
    if (tree_is(builder->tree, child, kind)) return child;
  }
  return NODE_NONE;
}

Node flow_head_end(const FlowBuilder *builder, Node node) {
  Node block = flow_child(builder, node, KIND_BLOCK);
  return block != NODE_NONE ? block : tree_after(builder->tree, node);
}

void flow_leave_with(FlowBuilder *builder, Way way, Ends ends) {
  ends_join(&builder->frame->ways[way], ends);
}

/* Sends the loose ends out of the frame. */
static void leave(FlowBuilder *builder, Way way) {
  flow_leave_with(builder, way, builder->ends);
  builder->ends = (Ends){ 0 };
}

void flow_build_clause(FlowBuilder *builder, Node clause) {
  Point first = builder->points.count;
  Node block = flow_child(builder, clause, KIND_BLOCK);
  if (block != NODE_NONE) flow_build_block(builder, block);
  flow_cover_head(builder, clause, first);
}

/* ---- simple statements ---- */

static void build_simple(FlowBuilder *builder, Node statement) {
  flow_build_marks(builder, statement, tree_after(builder->tree, statement));
  if (!flow_is_dead(builder)) flow_add_step(builder, POINT_EVALUATE, statement);
}

static void build_expression_statement(FlowBuilder *builder, Node statement) {
  build_simple(builder, statement);
  if (flow_is_dead(builder) || !statement_never_returns(builder->module, statement)) return;
  flow_may_fail(builder, builder->ends.last->from);
  builder->ends = (Ends){ 0 };
}

static void build_return(FlowBuilder *builder, Node statement) {
  build_simple(builder, statement);
  leave(builder, WAY_RETURN);
}

static void build_break(FlowBuilder *builder, Node statement) {
  build_simple(builder, statement);
  leave(builder, WAY_BREAK);
}

static void build_continue(FlowBuilder *builder, Node statement) {
  build_simple(builder, statement);
  leave(builder, WAY_CONTINUE);
}

static void build_raise(FlowBuilder *builder, Node statement) {
  flow_build_raise(builder, statement);
  builder->ends = (Ends){ 0 };
}

/* The failing way is a step of its own, which evaluates the message. */
static void build_assert(FlowBuilder *builder, Node statement) {
  const Tree *tree = builder->tree;
  Node condition = tree_first(tree, statement);
  if (condition == NODE_NONE) return;
  Point first = builder->points.count;
  Branches branches = flow_build_condition(builder, condition);
  flow_cover_head(builder, statement, first);
  builder->ends = branches.no;
  flow_build_marks(builder, tree_after(tree, condition), tree_after(tree, statement));
  if (!flow_is_dead(builder)) flow_add_step(builder, POINT_EVALUATE, statement);
  builder->ends = branches.yes;
}

/* The body of a class is evaluated where it stands; then the class is made. */
static void build_class(FlowBuilder *builder, Node statement) {
  Node body = flow_head_end(builder, statement);
  flow_build_marks(builder, statement, body);
  Node block = flow_child(builder, statement, KIND_BLOCK);
  if (block != NODE_NONE) flow_build_block(builder, block);
  if (!flow_is_dead(builder))
    flow_add_step_for(builder, POINT_EVALUATE, statement, statement, body);
}

static void build_decorated(FlowBuilder *builder, Node statement) {
  Node definition = flow_child(builder, statement, KIND_CLASS_DEFINITION);
  if (definition == NODE_NONE) {
    build_simple(builder, statement);
    return;
  }
  flow_build_marks(builder, statement, definition);
  build_class(builder, definition);
  if (!flow_is_dead(builder))
    flow_add_step_for(builder, POINT_EVALUATE, statement, statement, definition);
}

/* ---- branches and loops ---- */

/* The condition and block of an if or elif. Leaves the ends of the other way; `done` gets those
   of the block. */
static void build_branch(FlowBuilder *builder, Node node, Ends *done) {
  Branches branches =
    flow_build_condition(builder, tree_child(builder->tree, node, FIELD_CONDITION));
  builder->ends = branches.yes;
  flow_build_block(builder, tree_child(builder->tree, node, FIELD_CONSEQUENCE));
  ends_join(done, builder->ends);
  builder->ends = branches.no;
}

static void build_if(FlowBuilder *builder, Node statement) {
  Ends done = { 0 };
  build_branch(builder, statement, &done);
  TREE_EACH_CHILD (builder->tree, statement, child) {
    if (flow_is_dead(builder)) break;
    Point first = builder->points.count;
    if (tree_is(builder->tree, child, KIND_ELIF_CLAUSE)) build_branch(builder, child, &done);
    if (tree_is(builder->tree, child, KIND_ELSE_CLAUSE)) flow_build_clause(builder, child);
    flow_cover_head(builder, child, first);
  }
  ends_join(&builder->ends, done);
}

/* The body and the else of a loop whose head is built. */
static void build_loop(FlowBuilder *builder, Node statement, Point head, Branches branches) {
  Frame loop = { 0 }, *around = builder->frame;
  builder->frame = &loop;
  builder->ends = branches.yes;
  flow_build_block(builder, tree_child(builder->tree, statement, FIELD_BODY));
  ends_lead_to(builder, builder->ends, head);
  ends_lead_to(builder, loop.ways[WAY_CONTINUE], head);
  builder->frame = around;
  flow_leave_with(builder, WAY_RETURN, loop.ways[WAY_RETURN]);
  flow_leave_with(builder, WAY_ERROR, loop.ways[WAY_ERROR]);
  flow_leave_with(builder, WAY_CANCEL, loop.ways[WAY_CANCEL]);
  builder->ends = branches.no;
  Node otherwise = flow_child(builder, statement, KIND_ELSE_CLAUSE);
  if (otherwise != NODE_NONE) flow_build_clause(builder, otherwise);
  ends_join(&builder->ends, loop.ways[WAY_BREAK]);
}

static void build_while(FlowBuilder *builder, Node statement) {
  Point head = builder->points.count;
  Branches branches =
    flow_build_condition(builder, tree_child(builder->tree, statement, FIELD_CONDITION));
  flow_cover_head(builder, statement, head);
  bool has_head = builder->points.count > head; /* missing in text that does not parse */
  if (has_head) build_loop(builder, statement, head, branches);
  else builder->ends = branches.no;
}

static void build_for(FlowBuilder *builder, Node statement) {
  Node body = flow_head_end(builder, statement);
  flow_build_operand(builder, tree_child(builder->tree, statement, FIELD_RIGHT));
  if (flow_is_dead(builder)) return;
  Point head = builder->points.count;
  if (tree_is_async(builder->tree, statement))
    flow_add_step_for(builder, POINT_SUSPEND, statement, statement, body);
  Point iterate = flow_add_step_for(builder, POINT_ITERATE, statement, statement, body);
  Branches branches = { 0 };
  ends_add(builder, &branches.yes, iterate, EDGE_TRUE);
  ends_add(builder, &branches.no, iterate, EDGE_FALSE);
  build_loop(builder, statement, head, branches);
}

/* ---- match ---- */

static Branches build_case_head(FlowBuilder *builder, Node clause) {
  const Tree *tree = builder->tree;
  Node guard = tree_child(tree, clause, FIELD_GUARD);
  Branches branches = { 0 };
  Point test = flow_add_point(builder, (FlowPoint){ .kind = POINT_TEST, .node = clause });
  flow_cover(builder, test, clause, guard != NODE_NONE ? guard : flow_head_end(builder, clause));
  ends_add(builder, &branches.yes, test, EDGE_TRUE);
  if (!case_is_irrefutable(tree, clause)) ends_add(builder, &branches.no, test, EDGE_FALSE);
  if (guard == NODE_NONE) return branches;
  Point first = builder->points.count;
  builder->ends = branches.yes;
  Branches guarded = flow_build_condition(builder, tree_first(tree, guard));
  flow_cover_head(builder, guard, first);
  ends_join(&branches.no, guarded.no);
  return (Branches){ .yes = guarded.yes, .no = branches.no };
}

static void build_match(FlowBuilder *builder, Node statement) {
  const Tree *tree = builder->tree;
  TREE_EACH_CHILD (tree, statement, child) {
    if (tree_field(tree, child) == FIELD_SUBJECT) flow_build_operand(builder, child);
  }
  Node body = flow_child(builder, statement, KIND_BLOCK);
  if (body == NODE_NONE) return;
  Ends done = { 0 };
  Point first = builder->points.count;
  TREE_EACH_CHILD (tree, body, clause) {
    if (!tree_is(tree, clause, KIND_CASE_CLAUSE) || flow_is_dead(builder)) continue;
    Branches branches = build_case_head(builder, clause);
    builder->ends = branches.yes;
    flow_build_block(builder, tree_child(tree, clause, FIELD_CONSEQUENCE));
    ends_join(&done, builder->ends);
    builder->ends = branches.no;
  }
  flow_cover_head(builder, body, first);
  ends_join(&builder->ends, done);
}

/* ---- blocks ---- */

typedef void (*BuildStatement)(FlowBuilder *builder, Node statement);

static const BuildStatement STATEMENTS[KIND_COUNT] = {
  [KIND_ASSERT_STATEMENT] = build_assert,
  [KIND_BREAK_STATEMENT] = build_break,
  [KIND_CLASS_DEFINITION] = build_class,
  [KIND_CONTINUE_STATEMENT] = build_continue,
  [KIND_DECORATED_DEFINITION] = build_decorated,
  [KIND_EXPRESSION_STATEMENT] = build_expression_statement,
  [KIND_FOR_STATEMENT] = build_for,
  [KIND_IF_STATEMENT] = build_if,
  [KIND_MATCH_STATEMENT] = build_match,
  [KIND_RAISE_STATEMENT] = build_raise,
  [KIND_RETURN_STATEMENT] = build_return,
  [KIND_TRY_STATEMENT] = flow_build_try,
  [KIND_WHILE_STATEMENT] = build_while,
  [KIND_WITH_STATEMENT] = flow_build_with,
};

void flow_build_block(FlowBuilder *builder, Node block) {
  if (block == NODE_NONE || flow_is_dead(builder)) return;
  if (builder->block_depth >= FLOW_BLOCK_DEPTH) {
    flow_add_step(builder, POINT_EVALUATE, block);
    return;
  }
  builder->block_depth++;
  Point first = builder->points.count;
  TREE_EACH_CHILD (builder->tree, block, statement) {
    if (flow_is_dead(builder)) break;
    Point start = builder->points.count;
    BuildStatement build = STATEMENTS[tree_kind(builder->tree, statement)];
    (build != NULL ? build : build_simple)(builder, statement);
    flow_cover_head(builder, statement, start);
  }
  flow_cover_head(builder, block, first);
  builder->block_depth--;
}

/* ---- the whole ---- */

/* Sorts the edges by the point they leave (or, for `backs`, lead to), in the order they were
   made. */
static Edge *edges_sorted(Arena *arena, const FlowBuilder *builder, bool is_back) {
  Edge *sorted = arena_array(arena, Edge, builder->edges.count);
  uint32_t *next = arena_array(builder->scratch, uint32_t, builder->points.count + 1);
  for (uint32_t i = 0; i < builder->edges.count; i++) {
    const RawEdge *edge = &builder->edges.items[i];
    next[(is_back ? edge->to : edge->from) + 1]++;
  }
  for (Point point = 0; point < builder->points.count; point++) {
    FlowPoint *of = &builder->points.items[point];
    *(is_back ? &of->first_back : &of->first_edge) = next[point];
    *(is_back ? &of->back_count : &of->edge_count) = next[point + 1];
    next[point + 1] += next[point];
  }
  for (uint32_t i = 0; i < builder->edges.count; i++) {
    const RawEdge *edge = &builder->edges.items[i];
    Point at = is_back ? edge->to : edge->from, other = is_back ? edge->from : edge->to;
    sorted[next[at]++] = (Edge){ .to = other, .kind = edge->kind };
  }
  return sorted;
}

static Flow *flow_finish(Arena *arena, FlowBuilder *builder) {
  Flow *flow = arena_make(arena, Flow);
  *flow = (Flow){
    .function = builder->function,
    .count = builder->points.count,
    .of_row = builder->of_row,
    .first_row = builder->first_row,
    .last_row = builder->last_row,
    .entry = 0,
    .normal_exit = 1,
    .raise_exit = 2,
  };
  flow->edges = edges_sorted(arena, builder, false);
  flow->backs = edges_sorted(arena, builder, true);
  flow->points = arena_array(arena, FlowPoint, flow->count);
  memcpy(flow->points, builder->points.items, sizeof(FlowPoint) * flow->count);
  flow->next_copy = arena_array(arena, Point, flow->count);
  memcpy(flow->next_copy, builder->next_copy.items, sizeof(Point) * flow->count);
  return flow;
}

static bool is_too_deep(const Module *module, FunctionId function) {
  for (uint32_t depth = 0; function != FUNCTION_NONE && function != FUNCTION_MODULE; depth++) {
    if (depth >= FLOW_FUNCTION_DEPTH) return true;
    function = module_function(module, function)->parent;
  }
  return false;
}

static void build_body(FlowBuilder *builder, Node body, bool is_expression) {
  Frame frame = { 0 };
  builder->frame = &frame;
  ends_add(builder, &builder->ends, 0, EDGE_NEXT);
  if (builder->first_row < builder->last_row) {
    flow_find_marks(builder);
    (is_expression ? flow_build_operand : flow_build_block)(builder, body);
  }
  ends_lead_to(builder, builder->ends, 1);
  ends_lead_to(builder, frame.ways[WAY_RETURN], 1);
  ends_lead_to(builder, frame.ways[WAY_ERROR], 2);
  ends_lead_to(builder, frame.ways[WAY_CANCEL], 2);
}

static Point *rows_without_point(Arena *arena, uint32_t count) {
  Point *points = arena_array(arena, Point, count);
  for (uint32_t i = 0; i < count; i++) points[i] = POINT_NONE;
  return points;
}

Flow *flow_build(Arena *arena, Module *module, FunctionId function) {
  const Function *described = module_function(module, function);
  FlowBuilder builder = {
    .module = module, .tree = &module->tree, .function = function, .scratch = arena_new()
  };
  if (described->body != NODE_NONE && !is_too_deep(module, function)) {
    builder.first_row = described->body;
    builder.last_row = tree_after(builder.tree, described->body);
  }
  builder.of_row = rows_without_point(arena, builder.last_row - builder.first_row);
  builder.newest = rows_without_point(builder.scratch, builder.last_row - builder.first_row);
  static const PointKind ENDS[] = { POINT_ENTRY, POINT_RETURN, POINT_RAISE };
  for (uint32_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
    flow_add_point(&builder, (FlowPoint){ .kind = ENDS[i], .node = described->node });
  bool is_expression = tree_is(builder.tree, described->node, KIND_LAMBDA);
  build_body(&builder, described->body, is_expression);
  Flow *flow = flow_finish(arena, &builder);
  arena_free(builder.scratch);
  return flow;
}
