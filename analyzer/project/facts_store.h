#pragma once
/*
 * FactsStore: the facts of files in a Cache, by what they follow from: the text of the file, its name
 * in the project, the words of its settings, what is known of libraries. Not by its path.
 */
#include "project/cache.h"
#include "python/facts.h"

typedef struct {
  Cache *cache;
  Hash library; /* what is known of libraries */
} FactsStore;

/* What is not in the cache yet. */
typedef struct {
  Hash key;
  Str packed; /* empty: nothing to keep */
} NewEntry;

FactsStore facts_store_open(Cache *cache, const Library *library);

Hash facts_store_key(
  const FactsStore *store,
  Arena *arena,
  const Hash *content,
  const ModuleIdentity *identity,
  const Vocabulary *vocabulary
);

/* The facts of that key, for a file of that path; NULL if there are none. Any thread. Owns: the
   result lives in the arena, its strings in the cache. */
const Facts *facts_store_find(const FactsStore *store, Arena *arena, const Hash *key, Str path);
