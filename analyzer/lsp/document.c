#include "lsp/document.h"

enum { MOST_CLOSED = 64 };
static const uint32_t CLOSED = UINT32_MAX; // in place of an index

void documents_begin(Documents *documents) { *documents = (Documents){ .arena = arena_new() }; }

void documents_end(Documents *documents) {
  for (uint32_t i = 0; i < documents->items.count; i++) {
    arena_free(documents->items.items[i]->arena);
  }
  arena_free(documents->arena);
}

Document *document_find(const Documents *documents, Str path) {
  uint32_t index;
  bool is_known = map_get(&documents->index, path, &index) && index != CLOSED;
  return is_known ? documents->items.items[index] : NULL;
}

static void add_to_index(Documents *documents, uint32_t index) {
  Str path = str_copy(documents->arena, documents->items.items[index]->path);
  map_put(documents->arena, &documents->index, path, index);
}

static void close_if_open(Documents *documents, Str path) {
  Document *document = document_find(documents, path);
  if (document) document_close(documents, document);
}

Document *document_open(Documents *documents, Str uri, Str path, int64_t version) {
  close_if_open(documents, path);
  Arena *arena = arena_new();
  Document *document = arena_make(arena, Document);
  *document = (Document){
    .arena = arena,
    .uri = str_copy(arena, uri),
    .path = str_copy(arena, path),
    .version = version,
  };
  vec_push(documents->arena, &documents->items, document);
  add_to_index(documents, documents->items.count - 1);
  return document;
}

// Nothing can be taken out of a map, so that it is made anew once it holds more of what is closed
// than of what is open.
static void rebuild_index(Documents *documents) {
  Arena *arena = arena_new();
  Documents fresh = { .arena = arena };
  for (uint32_t i = 0; i < documents->items.count; i++) {
    vec_push(arena, &fresh.items, documents->items.items[i]);
    add_to_index(&fresh, i);
  }
  arena_free(documents->arena);
  *documents = fresh;
}

void document_close(Documents *documents, Document *document) {
  uint32_t index = 0;
  map_get(&documents->index, document->path, &index);
  map_put(documents->arena, &documents->index, document->path, CLOSED); // its key is there
  Document *last = vec_last(&documents->items);
  documents->items.items[index] = last;
  documents->items.count--;
  if (last != document) add_to_index(documents, index);
  arena_free(document->arena);
  if (++documents->closed > MOST_CLOSED + documents->items.count) rebuild_index(documents);
}
