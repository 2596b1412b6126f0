#include "lsp/buffer.h"

enum { MOST_CLOSED = 64 };
static const uint32_t CLOSED = UINT32_MAX; // in place of an index

void buffers_begin(Buffers *buffers) { *buffers = (Buffers){ .arena = arena_new() }; }

void buffers_end(Buffers *buffers) {
  for (uint32_t i = 0; i < buffers->items.count; i++) {
    arena_free(buffers->items.items[i]->arena);
  }
  arena_free(buffers->arena);
}

Buffer *buffer_find(const Buffers *buffers, Str path) {
  uint32_t index;
  bool is_known = map_get(&buffers->index, path, &index) && index != CLOSED;
  return is_known ? buffers->items.items[index] : NULL;
}

static void add_to_index(Buffers *buffers, uint32_t index) {
  Str path = str_copy(buffers->arena, buffers->items.items[index]->path);
  map_put(buffers->arena, &buffers->index, path, index);
}

static void close_if_open(Buffers *buffers, Str path) {
  Buffer *buffer = buffer_find(buffers, path);
  if (buffer) buffer_close(buffers, buffer);
}

Buffer *buffer_open(Buffers *buffers, Str uri, Str path, int64_t version) {
  close_if_open(buffers, path);
  Arena *arena = arena_new();
  Buffer *buffer = arena_make(arena, Buffer);
  ViewText *text = arena_make(arena, ViewText);
  *text = (ViewText){ .uri = str_copy(arena, uri), .version = version };
  *buffer = (Buffer){
    .arena = arena,
    .path = str_copy(arena, path),
    .version = version,
    .texts = text,
    .text_count = 1,
  };
  vec_push(buffers->arena, &buffers->items, buffer);
  add_to_index(buffers, buffers->items.count - 1);
  return buffer;
}

// Nothing can be taken out of a map, so that it is made anew once it holds more of what is closed
// than of what is open.
static void rebuild_index(Buffers *buffers) {
  Arena *arena = arena_new();
  Buffers fresh = { .arena = arena };
  for (uint32_t i = 0; i < buffers->items.count; i++) {
    vec_push(arena, &fresh.items, buffers->items.items[i]);
    add_to_index(&fresh, i);
  }
  arena_free(buffers->arena);
  *buffers = fresh;
}

void buffer_close(Buffers *buffers, Buffer *buffer) {
  uint32_t index = 0;
  map_get(&buffers->index, buffer->path, &index);
  map_put(buffers->arena, &buffers->index, buffer->path, CLOSED); // its key is there
  Buffer *last = vec_last(&buffers->items);
  buffers->items.items[index] = last;
  buffers->items.count--;
  if (last != buffer) add_to_index(buffers, index);
  arena_free(buffer->arena);
  if (++buffers->closed > MOST_CLOSED + buffers->items.count) rebuild_index(buffers);
}
