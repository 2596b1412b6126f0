#include "report/place.h"

#include "base/path.h"

Region region_of(const Source *source, Span span, ColumnUnit unit) {
  Region region = { .start_line = source_written_line(source, span.start),
                    .end_line = source_written_line(source, span.end) };
  if (source->cell_count > 0) return region;
  region.start_column = source_column(source, span.start, unit);
  region.end_column = source_column(source, span.end, unit);
  return region;
}

Region region_of_note(const Source *source, const Note *note, ColumnUnit unit) {
  if (note->path.len == 0) return region_of(source, note->span, unit);
  return (Region){ .start_line = note->start.line, .end_line = note->end.line };
}

Str report_path(Arena *arena, Str path, const ReportOptions *options) {
  if (options->root.len == 0 || path.len == 0) return path;
  Str whole = path_normalise(arena, path_join(arena, options->folder, path));
  return path_is_inside(whole, options->root) ? path_relative(arena, whole, options->root) : path;
}
