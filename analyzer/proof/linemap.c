#include "proof/linemap.h"

/* Offset of the line's first byte that is no blank. */
static uint32_t first_byte(const Source *source, uint32_t line) {
  Str trimmed = str_trim(source_line(source, line));
  if (trimmed.len == 0) return source->line_starts[line - 1];
  return (uint32_t)(trimmed.data - source->text.data);
}

static LineRange lines_of(const Source *source, Span span) {
  /* What ends at the beginning of a line has nothing of that line. */
  uint32_t last = span.end > span.start ? span.end - 1 : span.end;
  return (LineRange){ source_line_of(source, span.start), source_line_of(source, last) };
}

LineRange linemap_before(const LineMap *map, uint32_t line) {
  if (line == 0 || line > map->after->line_count) return (LineRange){ 1, 0 };
  uint32_t offset = first_byte(map->after, line);
  int64_t shift = 0; /* of what stands behind the edits so far, from before to after */
  for (uint32_t i = 0; i < map->edits->count; i++) {
    const Edit *edit = &map->edits->items[i];
    int64_t start = edit->span.start + shift;
    if ((int64_t)offset < start) break;
    if ((int64_t)offset < start + edit->text.len) return lines_of(map->before, edit->span);
    shift += (int64_t)edit->text.len - (int64_t)(edit->span.end - edit->span.start);
  }
  uint32_t origin = source_line_of(map->before, (uint32_t)((int64_t)offset - shift));
  return (LineRange){ origin, origin };
}
