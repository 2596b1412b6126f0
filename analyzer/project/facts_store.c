#include "project/facts_store.h"

#include "base/text.h"
#include "python/facts_layout.h"

FactsStore facts_store_open(Cache *cache, const Library *library) {
  Arena *scratch = arena_new();
  Text text = { .arena = scratch };
  library_write(&text, library);
  FactsStore store = { .cache = cache, .library = hash_of(text_str(&text)) };
  arena_free(scratch);
  return store;
}

Hash facts_store_key(
  const FactsStore *store,
  Arena *arena,
  const Hash *content,
  const ModuleIdentity *identity,
  const Vocabulary *vocabulary
) {
  Text text = { .arena = arena };
  text_add(&text, STR("facts"));
  text_add(&text, hash_str(content));
  text_add(&text, hash_str(&store->library));
  layout_write(&text, &module_identity_layout, identity);
  layout_write(&text, &vocabulary_layout, vocabulary);
  return hash_of(text_str(&text));
}

const Facts *facts_store_find(const FactsStore *store, Arena *arena, const Hash *key, Str path) {
  Str entry;
  if (!cache_find(store->cache, key, &entry)) return NULL;
  Facts *facts = arena_make(arena, Facts);
  return layout_unpack(arena, &facts_layout, entry, path, facts) ? facts : NULL;
}
