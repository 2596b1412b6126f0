#include "python/memo.h"

#include <string.h>

/* The work for all questions about a module together: a measure against functions in which
   everything is bound again and again. */
enum { STEPS_FIRST = 1000000, STEPS_PER_ROW = 50 };

bool memo_enter(Module *module) {
  Memo *memo = memo_of(module);
  if (memo->depth >= MEMO_DEPTH) return false;
  memo->depth++;
  return true;
}

void memo_leave(Module *module) { memo_of(module)->depth--; }

bool memo_spend(Module *module, uint32_t steps) {
  Memo *memo = memo_of(module);
  memo->steps += steps;
  return memo->steps < STEPS_FIRST + (uint64_t)module->tree.count * STEPS_PER_ROW;
}

uint32_t memo_keep(Module *module, Nodes nodes) {
  Memo *memo = memo_of(module);
  vec_push(module->arena, &memo->lists, nodes);
  return memo->lists.count - 1;
}

uint32_t memo_keep_copy(Module *module, Nodes nodes) {
  Nodes copy = { .count = nodes.count, .capacity = nodes.count };
  if (nodes.count > 0) {
    copy.items = arena_array(module->arena, Node, nodes.count);
    memcpy(copy.items, nodes.items, sizeof(Node) * nodes.count);
  }
  return memo_keep(module, copy);
}
