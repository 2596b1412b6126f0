#pragma once
/*
 * Buffers: what is open in the editor, by path. Their contents are in the workspace.
 *
 * Owns: a buffer owns its texts here, from buffer_open to buffer_close.
 */
#include "base/map.h"
#include "base/vec.h"
#include "lsp/view.h"

typedef struct Buffer Buffer;

struct Buffer {
  Arena *arena; /* as long as it is open */
  Str path;     /* absolute and normalised; no file need be there */
  int64_t version;
  ViewText *texts;     /* of a notebook its cells; else one: itself */
  uint32_t text_count; /* at least 1 */
  /* A change could not be applied: what the client has is unknown until it opens it anew. */
  bool is_out_of_sync;
  bool is_told;           /* what was last published is of this version */
  uint64_t told_identity; /* of the findings that were last published; 0: none */
};

typedef struct {
  Vec(Buffer *) items;
  Arena *arena; /* of the list; keys of the map are copies */
  Map index;    /* path -> index into items, or UINT32_MAX once it is closed */
  uint32_t closed;
} Buffers;

void buffers_begin(Buffers *buffers);
void buffers_end(Buffers *buffers);

/* Opens it, or opens it anew: as a plain text with that URI. */
Buffer *buffer_open(Buffers *buffers, Str uri, Str path, int64_t version);
/* NULL: it is not open. */
Buffer *buffer_find(const Buffers *buffers, Str path);
void buffer_close(Buffers *buffers, Buffer *buffer);
