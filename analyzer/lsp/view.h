#pragma once
/*
 * View: a file as the client sees it: its URIs and versions, and how places in it are counted. A
 * notebook has a URI for each of its cells, and places count within these.
 *
 * Owns: nothing.
 */
#include <jansson.h>

#include "lsp/client.h"
#include "lsp/elsewhere.h"
#include "source/edit.h"

enum { NO_VERSION = -1 };

/* A text that the client knows by a URI. */
typedef struct {
  Str uri;
  int64_t version; /* NO_VERSION: it is not open */
} ViewText;

typedef struct {
  const Client *client;
  Ruler ruler;
  Str folder;            /* the paths of notes are seen from it */
  Elsewhere *elsewhere;  /* the files of such notes */
  const ViewText *texts; /* of a notebook by cell, counted from 0, else one */
  uint32_t text_count;   /* at least 1 */
  int64_t version;       /* of the whole: it changes with every text. NO_VERSION: it is not open */
} View;

/* The index of the text that the client knows by the URI; 0 if there is none. */
uint32_t view_find_text(const View *view, Str uri);

/* The text that holds the offset. */
const ViewText *view_text(const View *view, uint32_t offset);

typedef struct {
  LinePosition start, end;
} TextRange;

TextRange view_text_range(const View *view, Span span);

/* As the protocol writes them. */
json_t *line_position_json(LinePosition position);
json_t *view_range(const View *view, Span span);
/* Where a span of the file is: uri and range. */
json_t *view_location(Arena *arena, const View *view, Span span);

/* A workspace edit that makes the edits; of open texts it names the versions that it is for, if the
   client looks at these. Requires: edits are sorted. */
json_t *view_edit(Arena *arena, const View *view, const Edits *edits);
