#pragma once
/*
 * Buffers: what is open in the editor, by path. Their contents are in the workspace.
 *
 * Owns: a buffer owns its texts here, from buffer_open to buffer_close.
 */
#include "base/map.h"
#include "base/vec.h"
#include "lsp/view.h"
#include "project/workspace.h"

typedef struct Buffer Buffer;

/* A cell of a notebook: a text of its own to the client, a part of one to all others. */
typedef struct {
  ViewText text;
  Str path; /* that stands for its URI */
  WorkspaceCell content;
} BufferCell;

typedef Vec(BufferCell) BufferCells;

struct Buffer {
  Arena *arena; /* as long as it is open */
  Str path;     /* absolute and normalised; no file need be there */
  int64_t version;
  ViewText *texts;     /* of a notebook its cells; else one: itself */
  uint32_t text_count; /* at least 1 */
  BufferCells cells;
  Arena *cell_arena; /* of these cells; NULL: there never were any */
  /* A change could not be applied: what the client has is unknown until it opens it anew. */
  bool is_out_of_sync;
  bool is_told;           /* what was last published is of this version */
  uint64_t told_identity; /* of the findings that the client was last told; 0: none */
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
/* Makes a notebook of these cells of it, or of other cells. */
void buffer_set_cells(Buffers *buffers, Buffer *buffer, const BufferCells *cells);
/* Also by the path of a cell. NULL: it is not open. */
Buffer *buffer_find(const Buffers *buffers, Str path);
void buffer_close(Buffers *buffers, Buffer *buffer);
