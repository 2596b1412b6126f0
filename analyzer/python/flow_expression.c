#include "python/flow_build.h"

#include "python/truth.h"

/* Expressions that branch, loop or suspend. */
static const bool MARKS[KIND_COUNT] = {
  [KIND_AWAIT] = true,
  [KIND_BOOLEAN_OPERATOR] = true,
  [KIND_CONDITIONAL_EXPRESSION] = true,
  [KIND_DICTIONARY_COMPREHENSION] = true,
  [KIND_GENERATOR_EXPRESSION] = true,
  [KIND_LIST_COMPREHENSION] = true,
  [KIND_SET_COMPREHENSION] = true,
  [KIND_YIELD] = true,
};

void flow_find_marks(FlowBuilder *builder) {
  for (Node row = builder->first_row; row < builder->last_row;) {
    bool is_own = module_function_of(builder->module, row) == builder->function;
    if (is_own && MARKS[tree_kind(builder->tree, row)])
      vec_push(builder->scratch, &builder->marks, row);
    row = is_own ? row + 1 : flow_skip_foreign(builder, row);
  }
}

uint32_t flow_mark_from(const FlowBuilder *builder, Node row) {
  uint32_t low = 0, high = builder->marks.count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (builder->marks.items[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

bool flow_is_mark(const FlowBuilder *builder, Node node) {
  uint32_t at = flow_mark_from(builder, node);
  return at < builder->marks.count && builder->marks.items[at] == node;
}

void flow_build_operand(FlowBuilder *builder, Node expression) {
  if (expression == NODE_NONE || flow_is_dead(builder)) return;
  Point first = builder->points.count;
  flow_build_marks(builder, expression, tree_after(builder->tree, expression));
  bool is_step = flow_is_mark(builder, expression) && builder->points.count > first;
  if (!is_step && !flow_is_dead(builder)) flow_add_step(builder, POINT_EVALUATE, expression);
}

static void build_suspension(FlowBuilder *builder, Node node) {
  flow_build_marks(builder, node + 1, tree_after(builder->tree, node));
  if (!flow_is_dead(builder)) flow_add_step(builder, POINT_SUSPEND, node);
}

/* `a and b` as a value: the last operand is evaluated, the others are tests. */
static void build_boolean(FlowBuilder *builder, Node node) {
  Branches branches = flow_build_condition(builder, tree_child(builder->tree, node, FIELD_LEFT));
  bool is_and = tree_text_is(builder->tree, tree_child(builder->tree, node, FIELD_OPERATOR), "and");
  builder->ends = is_and ? branches.yes : branches.no;
  flow_build_operand(builder, tree_child(builder->tree, node, FIELD_RIGHT));
  ends_join(&builder->ends, is_and ? branches.no : branches.yes);
}

static void build_conditional(FlowBuilder *builder, Node node) {
  Branches branches = flow_build_condition(builder, tree_nth(builder->tree, node, 1));
  builder->ends = branches.yes;
  flow_build_operand(builder, tree_nth(builder->tree, node, 0));
  Ends chosen = builder->ends;
  builder->ends = branches.no;
  flow_build_operand(builder, tree_nth(builder->tree, node, 2));
  ends_join(&builder->ends, chosen);
}

/* One `for` of a comprehension. Returns its head; `past` gets what leaves it at the end. */
static Point build_clause(FlowBuilder *builder, Node clause, Ends *past) {
  const Tree *tree = builder->tree;
  TREE_EACH_CHILD (tree, clause, child) {
    if (tree_field(tree, child) == FIELD_RIGHT) flow_build_operand(builder, child);
  }
  Point head = builder->points.count;
  if (flow_is_dead(builder)) return head;
  if (tree_is_async(tree, clause)) flow_add_step(builder, POINT_SUSPEND, clause);
  Point iterate = flow_add_step(builder, POINT_ITERATE, clause);
  builder->ends = (Ends){ 0 };
  ends_add(builder, &builder->ends, iterate, EDGE_TRUE);
  ends_add(builder, past, iterate, EDGE_FALSE);
  return head;
}

static void build_comprehension(FlowBuilder *builder, Node node) {
  const Tree *tree = builder->tree;
  Ends done = { 0 };
  Point head = POINT_NONE;
  TREE_EACH_CHILD (tree, node, clause) {
    if (tree_is(tree, clause, KIND_FOR_IN_CLAUSE)) {
      Ends past = { 0 };
      Point outer = head;
      head = build_clause(builder, clause, &past);
      if (outer == POINT_NONE) done = past;
      else ends_lead_to(builder, past, outer);
    } else if (tree_is(tree, clause, KIND_IF_CLAUSE) && head != POINT_NONE) {
      Point first = builder->points.count;
      Branches branches = flow_build_condition(builder, tree_first(tree, clause));
      flow_cover_head(builder, clause, first);
      ends_lead_to(builder, branches.no, head);
      builder->ends = branches.yes;
    }
  }
  if (head == POINT_NONE) return;
  flow_build_operand(builder, tree_child(tree, node, FIELD_BODY));
  ends_lead_to(builder, builder->ends, head);
  builder->ends = done;
}

static void build_mark(FlowBuilder *builder, Node mark) {
  switch (tree_kind(builder->tree, mark)) {
  case KIND_AWAIT:
  case KIND_YIELD:
    build_suspension(builder, mark);
    break;
  case KIND_BOOLEAN_OPERATOR:
    build_boolean(builder, mark);
    break;
  case KIND_CONDITIONAL_EXPRESSION:
    build_conditional(builder, mark);
    break;
  default:
    build_comprehension(builder, mark);
    break;
  }
}

void flow_build_marks(FlowBuilder *builder, Node from, Node to) {
  if (builder->expression_depth >= FLOW_EXPRESSION_DEPTH) return;
  builder->expression_depth++;
  for (uint32_t i = flow_mark_from(builder, from);
       i < builder->marks.count && !flow_is_dead(builder);) {
    Node mark = builder->marks.items[i];
    if (mark >= to) break;
    Point first = builder->points.count;
    build_mark(builder, mark);
    flow_cover_head(builder, mark, first);
    i = flow_mark_from(builder, tree_after(builder->tree, mark));
  }
  builder->expression_depth--;
}

/* A condition that is not decomposed further. */
static Branches build_test(FlowBuilder *builder, Node condition) {
  Branches branches = { 0 };
  const Tree *tree = builder->tree;
  Point first = builder->points.count;
  flow_build_marks(builder, condition, tree_after(tree, condition));
  if (flow_is_dead(builder)) return branches;
  bool is_evaluated = flow_is_mark(builder, condition) && builder->points.count > first;
  Point test = flow_add_point(builder, (FlowPoint){ .kind = POINT_TEST, .node = condition });
  if (!is_evaluated && flow_cover(builder, test, condition, tree_after(tree, condition)))
    flow_may_fail(builder, test);
  Truth truth = truth_of(tree, condition);
  if (truth != TRUTH_NEVER) ends_add(builder, &branches.yes, test, EDGE_TRUE);
  if (truth != TRUTH_ALWAYS) ends_add(builder, &branches.no, test, EDGE_FALSE);
  return branches;
}

/* A chain of and/or from its innermost operator outwards: chains grow to the left, and may be
   long. */
static Branches build_chain(FlowBuilder *builder, Node innermost, Node outermost) {
  const Tree *tree = builder->tree;
  Point first = builder->points.count;
  Branches branches = flow_build_condition(builder, tree_child(tree, innermost, FIELD_LEFT));
  for (Node operation = innermost;; operation = tree_parent(tree, operation)) {
    bool is_and = tree_text_is(tree, tree_child(tree, operation, FIELD_OPERATOR), "and");
    builder->ends = is_and ? branches.yes : branches.no;
    Branches right = flow_build_condition(builder, tree_child(tree, operation, FIELD_RIGHT));
    if (is_and) {
      branches.yes = right.yes;
      ends_join(&branches.no, right.no);
    } else {
      branches.no = right.no;
      ends_join(&branches.yes, right.yes);
    }
    flow_cover_head(builder, operation, first);
    if (operation == outermost) return branches;
  }
}

static Branches build_conditional_test(FlowBuilder *builder, Node node) {
  Point first = builder->points.count;
  Branches chosen = flow_build_condition(builder, tree_nth(builder->tree, node, 1));
  builder->ends = chosen.yes;
  Branches branches = flow_build_condition(builder, tree_nth(builder->tree, node, 0));
  builder->ends = chosen.no;
  Branches other = flow_build_condition(builder, tree_nth(builder->tree, node, 2));
  ends_join(&branches.yes, other.yes);
  ends_join(&branches.no, other.no);
  flow_cover_head(builder, node, first);
  return branches;
}

static Branches build_decomposed(FlowBuilder *builder, Node condition) {
  const Tree *tree = builder->tree;
  if (tree_is(tree, condition, KIND_CONDITIONAL_EXPRESSION))
    return build_conditional_test(builder, condition);
  if (!tree_is(tree, condition, KIND_BOOLEAN_OPERATOR)) return build_test(builder, condition);
  Node innermost = condition;
  for (;;) {
    Node left = tree_child(tree, innermost, FIELD_LEFT);
    if (!tree_is(tree, left, KIND_BOOLEAN_OPERATOR))
      return build_chain(builder, innermost, condition);
    innermost = left;
  }
}

/* `not` swaps the branches; a row of them is walked, not recursed into. */
static Branches build_negation(FlowBuilder *builder, Node negation) {
  Node condition = negation;
  bool is_negated = false;
  for (; tree_is(builder->tree, condition, KIND_NOT_OPERATOR); is_negated = !is_negated)
    condition = tree_first(builder->tree, condition);
  Point first = builder->points.count;
  Branches branches = flow_build_condition(builder, condition);
  for (Node row = negation; row != condition; row = tree_first(builder->tree, row))
    flow_cover_head(builder, row, first);
  return is_negated ? (Branches){ .yes = branches.no, .no = branches.yes } : branches;
}

/* What stands for a missing condition, in text that does not parse: both ways are open. */
static Branches build_nothing(FlowBuilder *builder) {
  Ends no = ends_copied(builder, builder->ends);
  ends_turn_into(no, EDGE_FALSE);
  return (Branches){ .yes = builder->ends, .no = no };
}

Branches flow_build_condition(FlowBuilder *builder, Node condition) {
  if (flow_is_dead(builder)) return (Branches){ 0 };
  if (tree_is(builder->tree, condition, KIND_NOT_OPERATOR))
    return build_negation(builder, condition);
  Branches branches;
  if (condition == NODE_NONE) {
    branches = build_nothing(builder);
  } else if (builder->expression_depth >= FLOW_EXPRESSION_DEPTH) {
    branches = build_test(builder, condition);
  } else {
    builder->expression_depth++;
    branches = build_decomposed(builder, condition);
    builder->expression_depth--;
  }
  builder->ends = (Ends){ 0 };
  return branches;
}
