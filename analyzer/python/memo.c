#include "python/memo.h"

#include <string.h>

bool memo_enter(Module *module) {
  Memo *memo = memo_of(module);
  if (memo->depth >= MEMO_DEPTH) return false;
  memo->depth++;
  return true;
}

void memo_leave(Module *module) { memo_of(module)->depth--; }

uint32_t memo_keep(Module *module, Nodes nodes) {
  Memo *memo = memo_of(module);
  vec_push(module->arena, &memo->lists, nodes);
  return memo->lists.count;
}

uint32_t memo_keep_copy(Module *module, Nodes nodes) {
  Nodes copy = { .count = nodes.count, .capacity = nodes.count };
  if (nodes.count > 0) {
    copy.items = arena_array(module->arena, Node, nodes.count);
    memcpy(copy.items, nodes.items, sizeof(Node) * nodes.count);
  }
  return memo_keep(module, copy);
}
