#include "python/flow_build.h"

#include "python/name.h"
#include "python/outcome.h"

/* ---- the code that is run on the way out, once for each way ---- */

typedef void (*BuildExit)(FlowBuilder *builder, Node node);

/* Sends what leaves an exit's code further on its way. */
static void go_on(FlowBuilder *builder, Way way, Ends ends, Ends *on) {
  if (way == WAY_ERROR) ends_turn_into(ends, EDGE_ERROR);
  if (way == WAY_CANCEL) ends_turn_into(ends, EDGE_CANCEL);
  if (way == WAY_ON) ends_join(on, ends);
  else flow_leave_with(builder, way, ends);
}

/* One copy for all the ways from `first` on. */
static void build_shared_exit(
  FlowBuilder *builder, Frame *inner, Way first, BuildExit build, Node node, Ends *on
) {
  for (Way way = first; way < WAY_COUNT; way++) ends_join(&builder->ends, inner->ways[way]);
  build(builder, node);
  Ends left = builder->ends;
  for (Way way = first; way < WAY_COUNT; way++) {
    if (inner->ways[way].first != NULL) go_on(builder, way, ends_copied(builder, left), on);
  }
}

/* `inner` has collected what leaves; WAY_ON in it are the ends that go on behind. */
static void build_exits(FlowBuilder *builder, Frame *inner, BuildExit build, Node node) {
  Ends on = { 0 };
  for (Way way = 0; way < WAY_COUNT; way++) {
    builder->ends = (Ends){ 0 };
    if (inner->ways[way].first == NULL) continue;
    if (flow_is_over_budget(builder)) {
      build_shared_exit(builder, inner, way, build, node, &on);
      break;
    }
    builder->ends = inner->ways[way];
    build(builder, node);
    go_on(builder, way, builder->ends, &on);
  }
  builder->ends = on;
}

static void build_finally(FlowBuilder *builder, Node clause) {
  Point point = flow_add_point(builder, (FlowPoint){ .kind = POINT_FINALLY, .node = clause });
  flow_cover_head(builder, clause, point);
  ends_add(builder, &builder->ends, point, EDGE_NEXT);
  flow_build_clause(builder, clause);
}

static void build_leaving(FlowBuilder *builder, Node item) {
  Node statement = tree_parent(builder->tree, tree_parent(builder->tree, item));
  bool is_async = tree_is_async(builder->tree, statement);
  PointKind kind = is_async ? POINT_SUSPEND : POINT_LEAVE;
  Point point =
    flow_add_point(builder, (FlowPoint){ .kind = kind, .node = item, .is_leaving = is_async });
  if (is_async) {
    flow_may_fail(builder, point);
    flow_may_be_cancelled(builder, point);
  }
  ends_add(builder, &builder->ends, point, EDGE_NEXT);
}

/* ---- catching ---- */

/* The exceptions on their way to the handlers of one try or suppressing `with`. */
typedef struct {
  Ends errors, cancels;
  Ends any;           /* what a handler is reached from that nothing in sight leads to */
  bool errors_caught; /* a handler before catches every ordinary exception */
  bool cancels_caught;
  bool all_caught;
} Flight;

/* True if the handler may catch an exception other than a cancellation. */
static bool catches_error(const Caught *caught) {
  return caught->is_bare || caught->base_exception || caught->exception ||
    caught->foreign_cancelled || caught->timeout || caught->asyncio_timeout ||
    caught->futures_timeout || caught->group || caught->others;
}

/* The point where a handler begins, with what leads there; POINT_NONE if nothing does. */
static Point build_catch(
  FlowBuilder *builder, Node node, const Caught *caught, Flight *flight, Handling *handling
) {
  handling->is_error = !flight->errors_caught && catches_error(caught);
  handling->is_cancel = !flight->cancels_caught && caught_cancellation(builder->module, caught);
  Ends errors = { 0 }, cancels = { 0 };
  if (handling->is_error) errors = flight->errors;
  if (handling->is_cancel) {
    cancels = flight->cancels;
    flight->cancels = (Ends){ 0 };
  }
  /* `task.result()` raises a CancelledError without suspending, a name may be unbound: as long
     as no handler before catches everything, this one may be reached. */
  if (errors.first == NULL && cancels.first == NULL && !flight->all_caught) errors = flight->any;
  flight->errors_caught |= caught->is_bare || caught->base_exception || caught->exception;
  flight->cancels_caught |= handling->is_cancel;
  flight->all_caught |= caught->is_bare || caught->base_exception;
  builder->ends = (Ends){ 0 };
  if (errors.first == NULL && cancels.first == NULL) return POINT_NONE;
  Point point = flow_add_point(builder, (FlowPoint){ .kind = POINT_CATCH, .node = node });
  ends_lead_to(builder, errors, point);
  ends_lead_to(builder, cancels, point);
  ends_add(builder, &builder->ends, point, EDGE_NEXT);
  return point;
}

/* Takes the exceptions out of the frame of a body that begins at the point `first`. */
static Flight flight_from(FlowBuilder *builder, Frame *body, Point first) {
  Flight flight = { .errors = body->ways[WAY_ERROR], .cancels = body->ways[WAY_CANCEL] };
  body->ways[WAY_ERROR] = body->ways[WAY_CANCEL] = (Ends){ 0 };
  flight.any = flight.errors;
  if (flight.any.first == NULL && first < builder->points.count)
    ends_add(builder, &flight.any, first, EDGE_ERROR);
  return flight;
}

static void flight_goes_on(FlowBuilder *builder, Flight *flight) {
  if (!flight->errors_caught) flow_leave_with(builder, WAY_ERROR, flight->errors);
  flow_leave_with(builder, WAY_CANCEL, flight->cancels);
}

/* Many steps before many handlers would make an edge for each pair: one point between them takes
   their place. */
static void flight_gather(FlowBuilder *builder, Flight *flight, Node statement) {
  uint64_t handlers = 0;
  TREE_EACH_CHILD (builder->tree, statement, child)
    handlers += tree_is(builder->tree, child, KIND_EXCEPT_CLAUSE);
  if (handlers < 2 || flow_has_room(builder, handlers * ends_count(flight->errors))) return;
  builder->ends = flight->errors;
  Point point = flow_add_point(builder, (FlowPoint){ .kind = POINT_EVALUATE, .node = statement });
  flight->errors = (Ends){ 0 };
  ends_add(builder, &flight->errors, point, EDGE_ERROR);
  flight->any = flight->errors;
}

static void build_handler(FlowBuilder *builder, Node clause, Flight *flight, Ends *done) {
  Caught caught = caught_by(builder->module, clause);
  Handling handling = { .around = builder->handling, .variable = caught.variable };
  Point point = build_catch(builder, clause, &caught, flight, &handling);
  if (point == POINT_NONE) return;
  flow_cover(builder, point, clause, flow_head_end(builder, clause));
  builder->handling = &handling;
  flow_build_clause(builder, clause);
  builder->handling = handling.around;
  ends_join(done, builder->ends);
}

/* ---- statements ---- */

/* The jumps of an inner frame that the construct has no say in. */
static void pass_jumps(FlowBuilder *builder, Frame *inner) {
  for (Way way = WAY_RETURN; way <= WAY_CONTINUE; way++)
    flow_leave_with(builder, way, inner->ways[way]);
}

/* Body, handlers and else; their exceptional ways and jumps go to the current frame. */
static void build_guarded(FlowBuilder *builder, Node statement) {
  Frame body = { 0 }, *around = builder->frame;
  Point first = builder->points.count;
  builder->frame = &body;
  flow_build_block(builder, tree_child(builder->tree, statement, FIELD_BODY));
  builder->frame = around;
  pass_jumps(builder, &body);
  Flight flight = flight_from(builder, &body, first);
  Node otherwise = flow_child(builder, statement, KIND_ELSE_CLAUSE);
  if (otherwise != NODE_NONE) flow_build_clause(builder, otherwise);
  Ends done = builder->ends;
  flight_gather(builder, &flight, statement);
  TREE_EACH_CHILD (builder->tree, statement, child) {
    if (tree_is(builder->tree, child, KIND_EXCEPT_CLAUSE))
      build_handler(builder, child, &flight, &done);
  }
  flight_goes_on(builder, &flight);
  builder->ends = done;
}

void flow_build_try(FlowBuilder *builder, Node statement) {
  Node finally = flow_child(builder, statement, KIND_FINALLY_CLAUSE);
  if (finally == NODE_NONE) {
    build_guarded(builder, statement);
    return;
  }
  Frame guarded = { 0 }, *around = builder->frame;
  builder->frame = &guarded;
  build_guarded(builder, statement);
  builder->frame = around;
  guarded.ways[WAY_ON] = builder->ends;
  build_exits(builder, &guarded, build_finally, finally);
}

static void build_entering(FlowBuilder *builder, Node item, bool is_async) {
  flow_build_marks(builder, item, tree_after(builder->tree, item));
  if (!flow_is_dead(builder)) flow_add_step(builder, is_async ? POINT_SUSPEND : POINT_ENTER, item);
}

/* What a suppressing `with` catches goes on behind the statement, without leaving the item once
   more. */
static Ends build_suppressed(FlowBuilder *builder, Node item, Point first) {
  Node suppress = suppressing_call(builder->module, item);
  if (suppress == NODE_NONE) return (Ends){ 0 };
  Caught caught = caught_by_suppress(builder->module, suppress);
  Flight flight = flight_from(builder, builder->frame, first);
  Handling handling;
  build_catch(builder, item, &caught, &flight, &handling);
  flight_goes_on(builder, &flight);
  return builder->ends;
}

void flow_build_with(FlowBuilder *builder, Node statement) {
  const Tree *tree = builder->tree;
  bool is_async = tree_is_async(tree, statement);
  Node clause = flow_child(builder, statement, KIND_WITH_CLAUSE);
  uint32_t count = clause == NODE_NONE ? 0 : tree_child_count(tree, clause);
  Frame *frames = arena_array(builder->scratch, Frame, count + 1);
  Frame *around = builder->frame;
  Nodes items = { 0 };
  Point start = builder->points.count;
  if (clause != NODE_NONE) {
    TREE_EACH_CHILD (tree, clause, item) {
      build_entering(builder, item, is_async);
      builder->frame = &frames[items.count];
      vec_push(builder->scratch, &items, item);
    }
    flow_cover_head(builder, clause, start);
  }
  Point first = builder->points.count;
  flow_build_block(builder, tree_child(tree, statement, FIELD_BODY));
  for (uint32_t i = items.count; i-- > 0;) {
    frames[i].ways[WAY_ON] = builder->ends;
    Ends suppressed = build_suppressed(builder, items.items[i], first);
    builder->frame = i > 0 ? &frames[i - 1] : around;
    build_exits(builder, &frames[i], build_leaving, items.items[i]);
    ends_join(&builder->ends, suppressed);
  }
}

/* ---- raise ---- */

/* What `raise` raises again: the exception of the handler around whose variable it names, or of
   the innermost handler if it names none. NULL if it raises something else. */
static const Handling *raised_again(const FlowBuilder *builder, Node raised) {
  if (raised == NODE_NONE) return builder->handling;
  if (!tree_is(builder->tree, raised, KIND_IDENTIFIER)) return NULL;
  Str name = tree_text(builder->tree, raised);
  for (const Handling *handling = builder->handling; handling != NULL;
       handling = handling->around) {
    if (handling->variable == NODE_NONE) continue;
    if (str_equal(tree_text(builder->tree, handling->variable), name)) return handling;
  }
  return NULL;
}

static bool is_cancellation(FlowBuilder *builder, Node raised) {
  if (tree_is(builder->tree, raised, KIND_CALL))
    raised = tree_child(builder->tree, raised, FIELD_FUNCTION);
  return raised != NODE_NONE && name_is(builder->module, raised, "asyncio.CancelledError");
}

void flow_build_raise(FlowBuilder *builder, Node statement) {
  flow_build_marks(builder, statement, tree_after(builder->tree, statement));
  if (flow_is_dead(builder)) return;
  Point point = flow_add_point(builder, (FlowPoint){ .kind = POINT_EVALUATE, .node = statement });
  flow_cover(builder, point, statement, tree_after(builder->tree, statement));
  Node raised = tree_first(builder->tree, statement);
  if (raised != NODE_NONE && tree_field(builder->tree, raised) == FIELD_CAUSE) raised = NODE_NONE;
  const Handling *again = raised_again(builder, raised);
  bool is_cancel = again != NULL ? again->is_cancel : is_cancellation(builder, raised);
  bool is_error = again != NULL ? again->is_error || !again->is_cancel : !is_cancel;
  if (is_error) flow_may_fail(builder, point);
  if (is_cancel) flow_may_be_cancelled(builder, point);
}
