#include "python/memo.h"

#include "python/caches.h"

/* Walks of a module, together: a measure against functions in which everything is bound again and again. */
enum { STEPS_FIRST = 2000000, STEPS_PER_ROW = 200 };

Memo *memo_of(Module *module) {
  if (module->caches->memo == NULL) module->caches->memo = arena_make(module->arena, Memo);
  return module->caches->memo;
}

bool memo_enter(Module *module) {
  Memo *memo = memo_of(module);
  if (memo->depth >= MEMO_DEPTH) return false;
  memo->depth++;
  return true;
}

void memo_leave(Module *module) { memo_of(module)->depth--; }

bool memo_may_walk(Module *module) {
  return memo_of(module)->steps < STEPS_FIRST + (uint64_t)module->tree.count * STEPS_PER_ROW;
}

uint32_t memo_keep(Module *module, Nodes nodes) {
  Memo *memo = memo_of(module);
  vec_push(module->arena, &memo->lists, nodes);
  return memo->lists.count - 1;
}
