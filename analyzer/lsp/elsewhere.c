#include "lsp/elsewhere.h"

#include "base/file.h"
#include "base/map.h"
#include "project/source_text.h"

struct Elsewhere {
  Arena *arena;
  const Workspace *workspace;
  Encoding encoding;
  Map index;         /* path -> index into rulers */
  Vec(Ruler) rulers; /* without a source: the file cannot be read */
};

Elsewhere *elsewhere_new(Arena *arena, const Workspace *workspace, Encoding encoding) {
  Elsewhere *elsewhere = arena_make(arena, Elsewhere);
  *elsewhere = (Elsewhere){ .arena = arena, .workspace = workspace, .encoding = encoding };
  return elsewhere;
}

static const Source *read_source(Arena *arena, Str path) {
  Str text;
  uint32_t offset;
  if (file_read(arena, path, MAX_SOURCE_BYTES, &text) != FILE_OK) return NULL;
  if (source_fault(text, &offset) != SOURCE_OK) return NULL;
  Source *source = arena_make(arena, Source);
  *source = source_build(arena, path, text);
  return source;
}

/* Findings of one file often lead to the same other ones: each is read once. */
static const Ruler *ruler_of(Elsewhere *elsewhere, Str path) {
  uint32_t index;
  if (map_get(&elsewhere->index, path, &index)) return &elsewhere->rulers.items[index];
  const Source *open = workspace_document(elsewhere->workspace, path);
  Ruler ruler = {
    .source = open ? open : read_source(elsewhere->arena, path),
    .encoding = elsewhere->encoding,
    .counts_mark = open != NULL,
  };
  map_put(
    elsewhere->arena, &elsewhere->index, str_copy(elsewhere->arena, path), elsewhere->rulers.count
  );
  vec_push(elsewhere->arena, &elsewhere->rulers, ruler);
  return &vec_last(&elsewhere->rulers);
}

LinePosition elsewhere_position(Elsewhere *elsewhere, Str path, Position position) {
  const Ruler *ruler = ruler_of(elsewhere, path);
  if (!ruler->source) return (LinePosition){ position.line - 1, position.column - 1 };
  return position_at(ruler, source_offset(ruler->source, position));
}
