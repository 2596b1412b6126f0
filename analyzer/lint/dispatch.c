#include "lint/dispatch.h"

#include "lint/findings.h"
#include "lint/silence.h"

static bool is_subscribed(const Rule *rule, uint32_t i, Event event) {
  return i < RULE_MAX_SUBSCRIPTIONS && rule->on[i].event == event;
}

static uint32_t subscription_count(const Rule *rule) {
  uint32_t count = 0;
  while (count < RULE_MAX_SUBSCRIPTIONS && !is_subscribed(rule, count, EVENT_NONE)) count++;
  return count;
}

static void add_subscription(
  Arena *arena,
  Dispatch *dispatch,
  uint32_t *next,
  const Rule *rule,
  const Subscription *subscription
) {
  switch (subscription->event) {
  case EVENT_NODE:
    dispatch->nodes[next[subscription->kind]++] = (NodeHandler){ rule, subscription->run.node };
    break;
  case EVENT_FUNCTION:
    vec_push(arena, &dispatch->functions, (FunctionHandler){ rule, subscription->run.function });
    break;
  case EVENT_NONE:
    break;
  }
}

Dispatch dispatch_build(Arena *arena, const Rule *const *rules, uint32_t count) {
  Dispatch dispatch = { 0 };
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t j = 0; j < subscription_count(rules[i]); j++) {
      if (is_subscribed(rules[i], j, EVENT_NODE)) dispatch.first[rules[i]->on[j].kind + 1]++;
    }
  }
  for (uint32_t kind = 0; kind < KIND_COUNT; kind++) {
    dispatch.first[kind + 1] += dispatch.first[kind];
  }
  dispatch.nodes = arena_array(arena, NodeHandler, dispatch.first[KIND_COUNT]);
  uint32_t next[KIND_COUNT];
  for (uint32_t kind = 0; kind < KIND_COUNT; kind++) next[kind] = dispatch.first[kind];
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t j = 0; j < subscription_count(rules[i]); j++) {
      add_subscription(arena, &dispatch, next, rules[i], &rules[i]->on[j]);
    }
  }
  return dispatch;
}

static void run_node_handlers(const Dispatch *dispatch, Context *cx, Rows rows) {
  const Tree *tree = &cx->module->tree;
  if (dispatch->first[KIND_COUNT] == 0) return;
  for (Node node = rows.first; node < rows.after; node++) {
    Kind kind = tree_kind(tree, node);
    for (uint32_t i = dispatch->first[kind]; i < dispatch->first[kind + 1]; i++) {
      cx->rule = dispatch->nodes[i].rule;
      dispatch->nodes[i].run(cx, node);
    }
  }
}

static void run_function_handlers(const Dispatch *dispatch, Context *cx, Rows rows) {
  for (FunctionId id = 0; id < cx->module->symbols.functions.count; id++) {
    Node node = module_function(cx->module, id)->node;
    if (node < rows.first || node >= rows.after) continue;
    for (uint32_t i = 0; i < dispatch->functions.count; i++) {
      cx->rule = dispatch->functions.items[i].rule;
      dispatch->functions.items[i].run(cx, id);
    }
  }
}

void dispatch_run(
  const Dispatch *dispatch, Module *module, Rows rows, Findings *findings, Quiets *quiets
) {
  Findings found = { 0 };
  Context cx = { .module = module, .findings = &found, .arena = module->arena, .quiets = quiets };
  run_node_handlers(dispatch, &cx, rows);
  run_function_handlers(dispatch, &cx, rows);
  findings_sort(&found);
  silence_drop(module, &found, quiets);
  for (uint32_t i = 0; i < found.count; i++) vec_push(module->arena, findings, found.items[i]);
}
