#pragma once
/*
 * Document: a file as it is open in an editor, edited in place, and parsed again where it changed.
 * Zeroed, it is closed.
 *
 * Owns: its text; a version is released when the next one is there.
 */
#include "python/module.h"
#include "python/parse.h"

typedef struct {
  Arena *memory; /* of this version */
  Source source;
  Tree tree; /* without rows until it is asked for */
  ParseCache *cache;
  bool is_notebook; /* made of cells: not to be edited by bytes */
} Document;

/* Takes a copy of the text. Requires: it is shorter than 2 GiB. */
void document_set(Document *document, Str path, Str text);
/* The same for the cells of a notebook; each with what Python reads of it. */
void document_set_cells(Document *document, Str path, const Cells *cells);
/* Replaces the bytes of the span; false if it lies outside of the text, or that would be 2 GiB. */
bool document_edit(Document *document, Span span, Str text);
/* Fills in the tree and its outline, unless that was done; not if the parser was told that it is
   unwanted (false). */
bool document_parse(Document *document, Parser *parser);
/* The memory that it holds. */
size_t document_bytes(const Document *document);
void document_close(Document *document);
