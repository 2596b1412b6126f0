#include "python/handler.h"

#include "python/awaits.h"
#include "python/caches.h"
#include "python/flow.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/truth.h"
#include "python/value.h"

enum {
  LOOP_MAX_DEPTH = 32, /* with and try statements around the loop of a try body */
  LONG_SLEEP = 3600,   /* seconds: whoever sleeps that long waits for a cancellation */
};

static const char *const FOREVER_WORDS[] = { "forever" };
static const char *const ENDLESS_FUTURES[] = { "asyncio.Future" };
static const char *const ENDLESS_NUMBERS[] = { "math.inf", "sys.maxsize" };
static const char *const END_WORDS[] = {
  "stop",   "stopped",   "stopping", "shutdown", "exit", "close", "closed",
  "cancel", "cancelled", "finish",   "finished", "done", "quit",
};
static const char *const EVENT_CLASSES[] = { "asyncio.Event", "anyio.Event", "trio.Event" };

static bool is_loop_statement(const Tree *tree, Node node) {
  return tree_is(tree, node, KIND_WHILE_STATEMENT) || tree_is(tree, node, KIND_FOR_STATEMENT);
}

Node loop_around(Module *module, Node node) {
  const Tree *tree = &module->tree;
  Node child = node;
  for (Node parent = tree_parent(tree, node); parent != NODE_NONE;
       parent = tree_parent(tree, parent)) {
    if (opens_function(tree, parent) || tree_is(tree, parent, KIND_CLASS_DEFINITION)) break;
    if (is_loop_statement(tree, parent) && tree_field(tree, child) == FIELD_BODY) return parent;
    child = parent;
  }
  return NODE_NONE;
}

/* `while n < 10` counts; `while self.running`, `while not stop.is_set()`, `while state == OPEN`
   run until told. */
static bool is_endless_condition(const Tree *tree, Node condition) {
  while (tree_is(tree, condition, KIND_BOOLEAN_OPERATOR))
    condition = tree_child(tree, condition, FIELD_RIGHT);
  if (condition == NODE_NONE) return false;
  switch (tree_kind(tree, condition)) {
  case KIND_TRUE:
    return true;
  case KIND_INTEGER:
    return truth_of(tree, condition) == TRUTH_ALWAYS;
  case KIND_IDENTIFIER:
  case KIND_ATTRIBUTE:
  case KIND_CALL:
  case KIND_NOT_OPERATOR:
  case KIND_AWAIT:
  case KIND_NAMED_EXPRESSION:
    return true;
  case KIND_COMPARISON_OPERATOR: {
    Str operator= tree_text(tree, tree_child(tree, condition, FIELD_OPERATORS));
    return str_is(operator, "==") || str_is(operator, "!=") || str_starts_with(operator, STR("is"));
  }
  default:
    return false;
  }
}

static uint64_t whole_number(Str text) {
  uint64_t value = 0;
  for (uint32_t i = 0; i < text.len && value < LONG_SLEEP && text.data[i] != '.'; i++) {
    if (text.data[i] >= '0' && text.data[i] <= '9')
      value = value * 10 + (uint64_t)(text.data[i] - '0');
  }
  return value;
}

/* sleep(3600), sleep(24 * 60 * 60), sleep(float("inf")). */
static bool is_long_time(Module *module, Node seconds) {
  const Tree *tree = &module->tree;
  uint64_t product = 1;
  EACH_ROW (tree, seconds, node) {
    bool is_number = tree_is(tree, node, KIND_INTEGER) || tree_is(tree, node, KIND_FLOAT);
    if (is_number) product *= whole_number(tree_text(tree, node));
    if (product >= LONG_SLEEP) return true;
    if (tree_is(tree, node, KIND_ATTRIBUTE) && NAME_IN(module, node, ENDLESS_NUMBERS)) return true;
    if (tree_is(tree, node, KIND_STRING) && str_contains(tree_text(tree, node), STR("inf")))
      return true;
  }
  return false;
}

static bool is_waiting_for_end(Module *module, Node call) {
  Node receiver = call_receiver(module, call);
  if (receiver == NODE_NONE || !str_is(call_method(module, call), "wait")) return false;
  if (HAS_WORD(module, last_name(module, receiver), END_WORDS)) return true;
  return tree_is(&module->tree, receiver, KIND_CALL) &&
    NAME_IN(module, call_function(module, receiver), EVENT_CLASSES);
}

static bool waits_for_ever(Module *module, Node operand) {
  if (!tree_is(&module->tree, operand, KIND_CALL)) return false;
  CallMeaning meaning = call_meaning(module, operand);
  Node function = call_function(module, operand);
  if (meaning == CALL_CREATE_FUTURE || NAME_IN(module, function, ENDLESS_FUTURES)) return true;
  if (HAS_WORD(module, last_name(module, function), FOREVER_WORDS)) return true;
  if (meaning == CALL_SLEEP) {
    Node seconds = call_positional(module, operand, 0);
    return seconds != NODE_NONE && is_long_time(module, seconds);
  }
  return is_waiting_for_end(module, operand);
}

static bool block_is_endless(Module *module, Node block, uint32_t depth);

static bool statement_is_endless(Module *module, Node statement, uint32_t depth) {
  const Tree *tree = &module->tree;
  switch (tree_kind(tree, statement)) {
  case KIND_WHILE_STATEMENT:
    return is_endless_condition(tree, tree_child(tree, statement, FIELD_CONDITION));
  case KIND_FOR_STATEMENT:
    return tree_is_async(tree, statement);
  case KIND_WITH_STATEMENT:
  case KIND_TRY_STATEMENT:
    return block_is_endless(module, tree_child(tree, statement, FIELD_BODY), depth + 1);
  case KIND_EXPRESSION_STATEMENT: {
    Node await = tree_first(tree, statement);
    return tree_is(tree, await, KIND_AWAIT) && waits_for_ever(module, tree_first(tree, await));
  }
  default:
    return false;
  }
}

static bool block_is_endless(Module *module, Node block, uint32_t depth) {
  if (block == NODE_NONE || depth > LOOP_MAX_DEPTH) return false;
  TREE_EACH_CHILD (&module->tree, block, statement) {
    if (statement_is_endless(module, statement, depth)) return true;
  }
  return false;
}

bool try_holds_endless_loop(Module *module, Node try_statement) {
  return block_is_endless(module, tree_child(&module->tree, try_statement, FIELD_BODY), 0);
}

bool is_in_endless_loop(Module *module, Node node) {
  Node loop = loop_around(module, node);
  return loop != NODE_NONE && statement_is_endless(module, loop, 0);
}

/* What is asked of the paths from a handler onwards. */
typedef struct {
  Module *module;
  Node clause; /* except_clause or with_item */
  Node body;   /* what it guards */
  uint32_t visited;
} Aftermath;

static Aftermath aftermath_of(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  bool is_item = tree_is(tree, clause, KIND_WITH_ITEM);
  Node statement = is_item ? with_item_statement(tree, clause) : tree_parent(tree, clause);
  return (Aftermath
  ){ .module = module, .clause = clause, .body = tree_child(tree, statement, FIELD_BODY) };
}

/* The first point at which the clause takes over, POINT_NONE if it never does; others are its
   copies. */
static Point catching_point(Aftermath *aftermath, const Flow *flow) {
  Point point = flow_point(flow, aftermath->clause);
  for (; point < flow->count; point++) {
    const FlowPoint *at = &flow->points[point];
    if (at->kind == POINT_CATCH && at->node == aftermath->clause) return point;
    effort_spend(aftermath->module, EFFORT_HANDLERS, 1);
  }
  return POINT_NONE;
}

/* Walks from every point where the clause takes over. Without an answer in bounded time there is
   none. */
static bool walk_aftermath(Aftermath *aftermath, FlowVisit visit) {
  Module *module = aftermath->module;
  const Flow *flow = module_flow(module, module_function_of(module, aftermath->clause));
  if (!effort_is_left(module, EFFORT_HANDLERS)) return false;
  bool is_found = false;
  Point point = catching_point(aftermath, flow);
  bool is_left = true;
  for (; point != POINT_NONE && !is_found && is_left; point = flow->next_copy[point]) {
    is_found = flow_walk(module, flow, point, EDGES_NORMAL, visit, aftermath);
    is_left = effort_spend(module, EFFORT_HANDLERS, aftermath->visited + 1);
    aftermath->visited = 0;
  }
  return is_found;
}

static Walk visit_for_body(void *state, const Flow *flow, Point point) {
  Aftermath *aftermath = state;
  aftermath->visited++;
  Node node = flow->points[point].node;
  return node != NODE_NONE && tree_inside(&aftermath->module->tree, node, aftermath->body)
    ? WALK_STOP
    : WALK_ON;
}

bool handler_loops_back(Module *module, Node clause) {
  if (loop_around(module, clause) == NODE_NONE) return false;
  Aftermath aftermath = aftermath_of(module, clause);
  return aftermath.body != NODE_NONE && walk_aftermath(&aftermath, visit_for_body);
}

static bool is_in_closing_code(const Module *module, Node node) {
  const Tree *tree = &module->tree;
  for (Node parent = tree_parent(tree, node); parent != NODE_NONE;
       parent = tree_parent(tree, parent)) {
    if (opens_function(tree, parent)) return false;
    if (tree_is(tree, parent, KIND_FINALLY_CLAUSE) || tree_is(tree, parent, KIND_EXCEPT_CLAUSE))
      return true;
  }
  return false;
}

static bool is_closing_await(Module *module, Node await) {
  Node operand = tree_first(&module->tree, await);
  if (tree_is(&module->tree, operand, KIND_CALL)) {
    Nodes operands = { .items = &operand, .count = 1 };
    if (all_cleanup_calls(module, &operands)) return true;
  }
  return is_cancelled_before(module, await);
}

/* An await that shows that the coroutine goes on as if nothing had happened. */
static bool is_further_work(Module *module, const FlowPoint *point) {
  const Tree *tree = &module->tree;
  if (point->kind != POINT_SUSPEND || point->is_leaving) return false;
  if (is_in_closing_code(module, point->node)) return false;
  switch (tree_kind(tree, point->node)) {
  case KIND_AWAIT:
    return !is_closing_await(module, point->node);
  case KIND_WITH_ITEM:
    return awaits_fresh_work(module, point->node);
  case KIND_FOR_STATEMENT:
  case KIND_FOR_IN_CLAUSE:
    return true;
  default:
    return false;
  }
}

static Walk visit_for_work(void *state, const Flow *flow, Point at) {
  Aftermath *aftermath = state;
  aftermath->visited++;
  const FlowPoint *point = &flow->points[at];
  if (point->node == NODE_NONE || tree_inside(&aftermath->module->tree, point->node, aftermath->clause))
    return WALK_ON;
  return is_further_work(aftermath->module, point) ? WALK_STOP : WALK_ON;
}

bool awaits_follow(Module *module, Node clause) {
  Aftermath aftermath = aftermath_of(module, clause);
  return walk_aftermath(&aftermath, visit_for_work);
}
