#include "project/document.h"

#include <string.h>

/* The new version is made before the old one goes: it may be made of parts of that. */
static void replace_version(Document *document, Arena *memory, Source source, bool is_notebook) {
  if (document->cache == NULL) document->cache = parse_cache_new();
  arena_free(document->memory);
  *document = (Document
  ){ .memory = memory, .source = source, .cache = document->cache, .is_notebook = is_notebook };
}

void document_set(Document *document, Str path, Str text) {
  Arena *memory = arena_new();
  Source source = source_build(memory, str_copy(memory, path), str_copy(memory, text));
  replace_version(document, memory, source, false);
}

void document_set_cells(Document *document, Str path, const Cells *cells) {
  Arena *memory = arena_new();
  Source source = source_build_notebook(memory, str_copy(memory, path), cells);
  replace_version(document, memory, source, true);
}

bool document_edit(Document *document, Span span, Str text) {
  Str old = document->source.text;
  if (document->is_notebook || span.start > span.end || span.end > old.len) return false;
  uint64_t len = (uint64_t)old.len - (span.end - span.start) + text.len;
  if (len >= INT32_MAX) return false;
  Arena *memory = arena_new();
  char *edited = arena_take(memory, (size_t)len + 1);
  memcpy(edited, old.data, span.start);
  if (text.len > 0) memcpy(edited + span.start, text.data, text.len);
  memcpy(edited + span.start + text.len, old.data + span.end, old.len - span.end);
  edited[len] = '\0';
  Str path = str_copy(memory, document->source.path);
  replace_version(
    document, memory, source_build(memory, path, (Str){ edited, (uint32_t)len }), false
  );
  return true;
}

bool document_parse(Document *document, Parser *parser) {
  if (document->tree.count > 0) return true;
  Tree tree = parse_source_again(parser, document->cache, &document->source, document->memory);
  if (parser_is_unwanted(parser)) return false;
  document->tree = tree;
  document->tree.outline = outline_build(document->memory, &document->tree);
  return true;
}

size_t document_bytes(const Document *document) {
  return arena_bytes(document->memory) + parse_cache_bytes(document->cache);
}

void document_close(Document *document) {
  parse_cache_free(document->cache);
  arena_free(document->memory);
  *document = (Document){ 0 };
}
