/* Which coroutine functions are run against the clock. */
#include "python/facts_build.h"

#include "python/asyncio_call.h"
#include "python/deadline.h"
#include "python/name.h"
#include "python/value.h"
#include "python/work.h"

enum { SOURCES_MAX = 16 }; /* values of one name */

static void add_call(FactsBuilder *builder, Facts *facts, Node work, Node timeout) {
  Module *module = builder->module;
  Str callee = facts_callee(builder, call_function(module, work), NULL);
  if (callee.len == 0 || str_starts_with(callee, STR("."))) return;
  DeadlineFacts deadline = {
    .callee = facts_keep(builder, callee),
    .name = facts_keep(builder, name_of(module, call_function(module, timeout))),
    .path = builder->path,
    .position = source_position(module->source, tree_span(&module->tree, timeout).start),
  };
  vec_push(builder->scratch, &facts->deadlines, deadline);
}

/* The call whose coroutine the expression runs; of a task that was made of one, that one. */
static Node work_in(Module *module, Node expression) {
  if (makes_task(module, expression)) expression = call_positional(module, expression, 0);
  bool is_call = tree_is(&module->tree, expression, KIND_CALL);
  return is_call && call_meaning(module, expression) == CALL_OTHER ? expression : NODE_NONE;
}

static void add_awaited(FactsBuilder *builder, Facts *facts, Node awaited, Node timeout) {
  Module *module = builder->module;
  if (tree_is(&module->tree, awaited, KIND_IDENTIFIER)) {
    if (is_cancelled_before(module, awaited)) return;
    Nodes sources = sources_of(module, awaited);
    for (uint32_t i = 0; i < sources.count && i < SOURCES_MAX; i++) {
      Node work = work_in(module, sources.items[i]);
      if (work != NODE_NONE) add_call(builder, facts, work, timeout);
    }
    return;
  }
  Node work = work_in(module, awaited);
  if (work != NODE_NONE) add_call(builder, facts, work, timeout);
}

static void add_await(FactsBuilder *builder, Facts *facts, Node await) {
  Module *module = builder->module;
  Node operand =
    tree_is(&module->tree, await, KIND_AWAIT) ? tree_first(&module->tree, await) : NODE_NONE;
  if (operand == NODE_NONE) return;
  bool is_call = tree_is(&module->tree, operand, KIND_CALL);
  if (is_call && is_deadline_call(module, operand)) {
    Node work = call_argument(module, operand, 0, "fut");
    if (work != NODE_NONE) add_awaited(builder, facts, work, operand);
    return;
  }
  Reason why;
  Node timeout = deadline_around(module, await, &why);
  if (timeout != NODE_NONE) add_awaited(builder, facts, operand, timeout);
}

void facts_add_deadlines(FactsBuilder *builder, Facts *facts) {
  const Module *module = builder->module;
  Str text = module->source->text;
  bool may_limit = str_contains(text, STR("wait_for")) || str_contains(text, STR("timeout")) ||
    str_contains(text, STR("fail_a"));
  if (module->identity.is_test || !may_limit) return;
  for (FunctionId id = 0; id < module->symbols.functions.count; id++) {
    const Nodes *awaits = &builder->bodies[id].awaits;
    for (uint32_t i = 0; i < awaits->count; i++) add_await(builder, facts, awaits->items[i]);
  }
  facts_seal(builder, &facts->deadlines);
}
