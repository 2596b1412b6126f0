#pragma once
/*
 * Documents: what is open in the editor, by path. Their texts are in the workspace.
 *
 * Owns: a document owns its texts here, from document_open to document_close.
 */
#include "base/map.h"
#include "base/vec.h"

typedef struct Document Document;

struct Document {
  Arena *arena; /* as long as it is open */
  Str uri;      /* as the client writes it */
  Str path;     /* absolute and normalised; no file need be there */
  int64_t version;
  /* A change could not be applied: the client's text is unknown until it opens the document anew. */
  bool is_out_of_sync;
  bool is_told;           /* what was last published is of this version */
  uint64_t told_identity; /* of the findings that were last published; 0: none */
};

typedef struct {
  Vec(Document *) items;
  Arena *arena; /* of the list; keys of the map are copies */
  Map index;    /* path -> index into items, or UINT32_MAX once it is closed */
  uint32_t closed;
} Documents;

void documents_begin(Documents *documents);
void documents_end(Documents *documents);

/* Opens it, or opens it anew. */
Document *document_open(Documents *documents, Str uri, Str path, int64_t version);
/* NULL: it is not open. */
Document *document_find(const Documents *documents, Str path);
void document_close(Documents *documents, Document *document);
