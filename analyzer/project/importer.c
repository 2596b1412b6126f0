#include "project/importer.h"

#include "base/digest.h"

enum { HAND_ON_ROUNDS = 3 }; // packages that hand on what packages below them hand on

/* --- what there is to import ----------------------------------------------------------------- */

static void add_names(Arena *arena, Strs *names, Map *known, const Strs *more) {
  for (uint32_t i = 0; i < more->count; i++) {
    if (map_add(arena, known, more->items[i], 0)) vec_push(arena, names, more->items[i]);
  }
}

static Strs own_names(Arena *arena, const Facts *facts) {
  Strs names = { 0 };
  for (uint32_t i = 0; i < facts->functions.count; i++) {
    const FunctionFacts *function = &facts->functions.items[i];
    if ((function->facts & FACT_ASYNC) == 0) continue;
    Str name = str_after_last(function->name, '.');
    if (!str_starts_with(name, STR("__"))) vec_push(arena, &names, name);
  }
  return names;
}

/* 0: there are none. */
static uint64_t digest_of(const Strs *names) {
  Digest digest = digest_begin();
  for (uint32_t i = 0; i < names->count; i++) {
    digest_str(&digest, names->items[i]);
  }
  return digest_end(&digest);
}

CoroutineNames
coroutine_names(Arena *arena, const Map *names, const Facts *const *facts, uint32_t count) {
  CoroutineNames result = { .modules = *names };
  Map *known = arena_array(arena, Map, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    vec_push(arena, &result.names, (Strs){ 0 });
    if (!facts[i]) continue;
    Strs own = own_names(arena, facts[i]);
    map_reserve(arena, &known[i], own.count);
    add_names(arena, &result.names.items[i], &known[i], &own);
  }
  for (int round = 0; round < HAND_ON_ROUNDS; round++) {
    for (uint32_t i = 0; i < count; i++) {
      if (!facts[i] || !facts[i]->identity.is_package) continue;
      for (uint32_t k = 0; k < facts[i]->imports.count; k++) {
        uint32_t from;
        if (!map_get(names, facts[i]->imports.items[k], &from) || from == i) continue;
        add_names(arena, &result.names.items[i], &known[i], &result.names.items[from]);
      }
    }
  }
  for (uint32_t i = 0; i < count; i++)
    vec_push(arena, &result.digests, digest_of(&result.names.items[i]));
  return result;
}

/* --- what a text imports --------------------------------------------------------------------- */

static bool has_name(Str text, Str name) {
  while (text.len > 0) {
    uint32_t at = str_find(text, name);
    if (at == UINT32_MAX) return false;
    uint32_t end = at + name.len;
    bool is_whole = (at == 0 || !is_name_byte(text.data[at - 1])) &&
      (end == text.len || !is_name_byte(text.data[end]));
    if (is_whole) return true;
    text = str_slice(text, end, text.len);
  }
  return false;
}

static bool uses_module(const CoroutineNames *coroutines, Str module, Str text) {
  uint32_t index;
  if (!map_get(&coroutines->modules, module, &index)) return false;
  const Strs *names = &coroutines->names.items[index];
  for (uint32_t i = 0; i < names->count; i++) {
    if (has_name(text, names->items[i])) return true;
  }
  return false;
}

uint64_t importing_digest(const Facts *facts) {
  Digest digest = digest_begin();
  for (uint32_t i = 0; i < facts->imports.count; i++) {
    digest_str(&digest, facts->imports.items[i]);
  }
  digest_number(&digest, facts->imports.count);
  for (uint32_t i = 0; i < facts->functions.count; i++) {
    const FunctionFacts *function = &facts->functions.items[i];
    if ((function->facts & FACT_ASYNC) == 0) continue;
    digest_str(&digest, function->name);
  }
  return digest_end(&digest);
}

static void add_module(const CoroutineNames *coroutines, Str module, Digest *digest) {
  uint32_t index;
  if (!map_get(&coroutines->modules, module, &index)) return;
  if (coroutines->digests.items[index] != 0)
    digest_number(digest, coroutines->digests.items[index]);
}

uint64_t importable_digest(const CoroutineNames *coroutines, const Strs *imported) {
  Digest digest = digest_begin();
  for (uint32_t i = 0; i < imported->count; i++) {
    add_module(coroutines, imported->items[i], &digest);
    add_module(coroutines, str_before_last(imported->items[i], '.'), &digest);
  }
  return digest_end(&digest);
}

bool uses_coroutines(const CoroutineNames *coroutines, const Strs *imported, Str text) {
  for (uint32_t i = 0; i < imported->count; i++) {
    Str name = imported->items[i]; // a module, or a name in one
    if (uses_module(coroutines, name, text)) return true;
    if (uses_module(coroutines, str_before_last(name, '.'), text)) return true;
  }
  return false;
}
