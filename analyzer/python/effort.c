#include "python/effort.h"

#include "python/caches.h"

static const struct {
  uint64_t first, per_row;
} LIMITS[EFFORT_COUNT] = {
  [EFFORT_QUESTIONS] = { 1000000, 50 },
  [EFFORT_HANDLERS] = { 5000000, 200 },
  [EFFORT_SEARCHES] = { 2000000, 100 },
  [EFFORT_ELEMENTS] = { 4000000, 50 },
};

static uint64_t limit_of(const Module *module, Effort effort) {
  return LIMITS[effort].first + module->tree.count * LIMITS[effort].per_row;
}

bool effort_is_left(const Module *module, Effort effort) {
  return module->caches->spent[effort] < limit_of(module, effort);
}

bool effort_spend(Module *module, Effort effort, uint64_t amount) {
  module->caches->spent[effort] += amount;
  return effort_is_left(module, effort);
}
