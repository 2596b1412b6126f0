#include "lsp/buffer.h"

enum { MOST_CLOSED = 64 };
static const uint32_t CLOSED = UINT32_MAX; // in place of an index

void buffers_begin(Buffers *buffers) { *buffers = (Buffers){ .arena = arena_new() }; }

static void free_buffer(Buffer *buffer) {
  if (buffer->cell_arena) arena_free(buffer->cell_arena);
  arena_free(buffer->arena);
}

void buffers_end(Buffers *buffers) {
  for (uint32_t i = 0; i < buffers->items.count; i++) {
    free_buffer(buffers->items.items[i]);
  }
  arena_free(buffers->arena);
}

Buffer *buffer_find(const Buffers *buffers, Str path) {
  uint32_t index;
  bool is_known = map_get(&buffers->index, path, &index) && index != CLOSED;
  return is_known ? buffers->items.items[index] : NULL;
}

// A key that is there is not copied anew: cells come and go with every change of a notebook.
static void put_path(Buffers *buffers, Str path, uint32_t index) {
  Str key = map_has(&buffers->index, path) ? path : str_copy(buffers->arena, path);
  map_put(buffers->arena, &buffers->index, key, index);
}

static void add_to_index(Buffers *buffers, uint32_t index) {
  const Buffer *buffer = buffers->items.items[index];
  put_path(buffers, buffer->path, index);
  for (uint32_t i = 0; i < buffer->cells.count; i++) {
    Str path = buffer->cells.items[i].path;
    const Buffer *other = buffer_find(buffers, path);
    // Whatever URIs a client makes up, no buffer is lost from the index for a cell.
    if (!other || other == buffer) put_path(buffers, path, index);
  }
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

static void count_closed(Buffers *buffers, uint32_t count) {
  buffers->closed += count;
  if (buffers->closed > MOST_CLOSED + 2 * buffers->items.count) rebuild_index(buffers);
}

static void forget_cells(Buffers *buffers, const Buffer *buffer) {
  for (uint32_t i = 0; i < buffer->cells.count; i++) {
    Str path = buffer->cells.items[i].path;
    bool is_own = buffer_find(buffers, path) == buffer && !str_equal(path, buffer->path);
    if (is_own) put_path(buffers, path, CLOSED);
  }
}

static void copy_cells(Arena *arena, Buffer *buffer, const BufferCells *cells) {
  ViewText *texts = arena_array(arena, ViewText, cells->count + 1);
  texts[0] = (ViewText){ .uri = str_copy(arena, buffer->texts[0].uri), .version = buffer->version };
  buffer->cells = (BufferCells){ 0 };
  for (uint32_t i = 0; i < cells->count; i++) {
    BufferCell copy = cells->items[i];
    copy.path = str_copy(arena, copy.path);
    copy.text.uri = str_copy(arena, copy.text.uri);
    copy.content.text = str_copy(arena, copy.content.text);
    texts[i] = copy.text;
    vec_push(arena, &buffer->cells, copy);
  }
  buffer->texts = texts;
  buffer->text_count = cells->count > 0 ? cells->count : 1;
}

void buffer_set_cells(Buffers *buffers, Buffer *buffer, const BufferCells *cells) {
  uint32_t index = 0, count_before = buffer->cells.count;
  map_get(&buffers->index, buffer->path, &index);
  forget_cells(buffers, buffer);
  Arena *arena = arena_new();
  copy_cells(arena, buffer, cells);
  if (buffer->cell_arena) arena_free(buffer->cell_arena);
  buffer->cell_arena = arena;
  add_to_index(buffers, index);
  if (cells->count < count_before) count_closed(buffers, count_before - cells->count);
}

void buffer_close(Buffers *buffers, Buffer *buffer) {
  uint32_t index = 0;
  map_get(&buffers->index, buffer->path, &index);
  forget_cells(buffers, buffer);
  put_path(buffers, buffer->path, CLOSED);
  Buffer *last = vec_last(&buffers->items);
  buffers->items.items[index] = last;
  buffers->items.count--;
  if (last != buffer) add_to_index(buffers, index);
  free_buffer(buffer);
  count_closed(buffers, 1);
}
