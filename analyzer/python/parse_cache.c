#include "python/parse_cache.h"

#include "base/map.h"
#include "python/lexed_text.h"

#include <string.h>

enum {
  KEPT_TEXTS = 4,       /* so many texts a piece is kept without being asked for */
  MOST_WASTE = 1 << 20, /* bytes, beyond as much as the present text takes */
};

typedef struct {
  Str code;
  Tree tree;
  uint32_t last_text; /* the number of the text that it was last asked for in */
} Kept;

struct ParseCache {
  Arena *home;
  LexedText lexed;
  Arena *memory; /* of what is kept */
  Map by_code;   /* index into kept */
  Vec(Kept) kept;
  uint32_t text;            /* the number of the present one */
  size_t bytes, text_bytes; /* of all that is kept, and of what the present text asked for */
};

ParseCache *parse_cache_new(void) {
  Arena *home = arena_new();
  ParseCache *cache = arena_make(home, ParseCache);
  cache->home = home;
  cache->memory = arena_new();
  return cache;
}

void parse_cache_free(ParseCache *cache) {
  if (cache == NULL) return;
  lexed_text_free(&cache->lexed);
  arena_free(cache->memory);
  arena_free(cache->home);
}

size_t parse_cache_bytes(const ParseCache *cache) {
  if (cache == NULL) return 0;
  return arena_bytes(cache->home) + arena_bytes(cache->memory) + arena_bytes(cache->lexed.memory);
}

Lexed parse_cache_lex(ParseCache *cache, Str code, Arena *scratch) {
  lexed_text_update(&cache->lexed, code, scratch);
  return cache->lexed.lexed;
}

static size_t bytes_of(const Kept *kept) {
  return sizeof *kept + kept->code.len + sizeof(NodeRow) * kept->tree.count;
}

const Tree *parse_cache_find(ParseCache *cache, Str code) {
  uint32_t index;
  if (!map_get(&cache->by_code, code, &index)) return NULL;
  Kept *kept = &cache->kept.items[index];
  if (kept->last_text != cache->text) cache->text_bytes += bytes_of(kept);
  kept->last_text = cache->text;
  return &kept->tree;
}

Arena *parse_cache_arena(ParseCache *cache) { return cache->memory; }

void parse_cache_keep(ParseCache *cache, Str code, const Tree *tree) {
  Kept kept = { str_copy(cache->memory, code), *tree, cache->text };
  kept.tree.source = NULL;
  map_put(cache->memory, &cache->by_code, kept.code, cache->kept.count);
  vec_push(cache->memory, &cache->kept, kept);
  cache->bytes += bytes_of(&kept);
  cache->text_bytes += bytes_of(&kept);
}

/* Moves what was asked for lately to memory of its own. */
static void forget_old(ParseCache *cache) {
  Arena *memory = arena_new();
  Map by_code = { 0 };
  uint32_t count = 0;
  Kept *moved = arena_array(memory, Kept, cache->kept.count);
  cache->bytes = 0;
  for (uint32_t i = 0; i < cache->kept.count; i++) {
    Kept kept = cache->kept.items[i];
    if (kept.last_text + KEPT_TEXTS < cache->text) continue;
    kept.code = str_copy(memory, kept.code);
    size_t bytes = sizeof(NodeRow) * kept.tree.count;
    kept.tree.rows = memcpy(arena_alloc(memory, bytes), kept.tree.rows, bytes);
    map_put(memory, &by_code, kept.code, count);
    moved[count++] = kept;
    cache->bytes += bytes_of(&kept);
  }
  uint32_t room = cache->kept.count;
  arena_free(cache->memory);
  cache->memory = memory;
  cache->by_code = by_code;
  cache->kept.items = moved;
  cache->kept.count = count;
  cache->kept.capacity = room;
}

void parse_cache_end(ParseCache *cache) {
  cache->text++;
  if (cache->bytes > 2 * cache->text_bytes + MOST_WASTE) forget_old(cache);
  cache->text_bytes = 0;
}
