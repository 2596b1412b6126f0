/* What coroutine functions do with the calls in them. */
#include "python/facts_build.h"

#include "python/asyncio_call.h"
#include "python/habit.h"

typedef struct {
  FactsBuilder *builder;
  Facts *facts;
  Map index; /* name -> index into facts->habits */
} HabitScan;

static HabitFacts *habit_named(HabitScan *scan, Node call) {
  FactsBuilder *builder = scan->builder;
  Str name = habit_name(builder->module, call);
  if (name.len == 0) return NULL;
  uint32_t index;
  if (!map_get(&scan->index, name, &index)) {
    index = scan->facts->habits.count;
    map_put(builder->scratch, &scan->index, name, index);
    vec_push(
      builder->scratch, &scan->facts->habits, (HabitFacts){ .name = facts_keep(builder, name) }
    );
  }
  return &scan->facts->habits.items[index];
}

static void add_awaited(HabitScan *scan, Node await) {
  const Tree *tree = &scan->builder->module->tree;
  if (!tree_is(tree, await, KIND_AWAIT)) return;
  Node operand = tree_first(tree, await);
  HabitFacts *habit = tree_is(tree, operand, KIND_CALL) ? habit_named(scan, operand) : NULL;
  if (habit != NULL) habit->awaited++;
}

/* Its value is left alone or used as it is. What is passed on, returned or collected may be awaited
   there. */
static bool is_left_unawaited(const Tree *tree, Node call, bool is_in_coroutine) {
  switch (tree_kind(tree, tree_parent(tree, call))) {
  case KIND_EXPRESSION_STATEMENT:
    return true;
  case KIND_ASSIGNMENT:
  case KIND_ATTRIBUTE:
  case KIND_SUBSCRIPT:
  case KIND_NOT_OPERATOR:
  case KIND_BOOLEAN_OPERATOR:
  case KIND_BINARY_OPERATOR:
  case KIND_COMPARISON_OPERATOR:
  case KIND_IF_STATEMENT:
  case KIND_WHILE_STATEMENT:
  case KIND_FOR_STATEMENT:
    return is_in_coroutine;
  default:
    return false;
  }
}

static void add_unawaited(HabitScan *scan, Node call, bool is_in_coroutine) {
  if (!is_left_unawaited(&scan->builder->module->tree, call, is_in_coroutine)) return;
  HabitFacts *habit = habit_named(scan, call);
  if (habit != NULL) habit->unawaited++;
}

void facts_add_habits(FactsBuilder *builder, Facts *facts) {
  const Module *module = builder->module;
  HabitScan scan = { .builder = builder, .facts = facts };
  if (module->identity.is_test) return;
  for (FunctionId id = 0; id < module->symbols.functions.count; id++) {
    const Nodes *awaits = &builder->bodies[id].awaits, *calls = &builder->bodies[id].calls;
    for (uint32_t i = 0; i < awaits->count; i++) add_awaited(&scan, awaits->items[i]);
    for (uint32_t i = 0; i < calls->count; i++)
      add_unawaited(&scan, calls->items[i], module_function(module, id)->is_async);
  }
  facts_seal(builder, &facts->habits);
}
