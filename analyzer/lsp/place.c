#include "lsp/place.h"

LinePosition read_position(Param position) {
  return (LinePosition){
    .line = param_number(param(position, "line")),
    .character = param_number(param(position, "character")),
  };
}

static bool read_span_in(const Ruler *ruler, uint32_t cell, Param range, Span *span) {
  LinePosition start = read_position(param(range, "start"));
  LinePosition end = read_position(param(range, "end"));
  if (range.reader->fault.len > 0) return false;
  return position_find(ruler, cell, start, &span->start) &&
    position_find(ruler, cell, end, &span->end) && span->start <= span->end;
}

bool read_span(const Ruler *ruler, Param range, Span *span) {
  return read_span_in(ruler, 0, range, span);
}

// The number of the cell that is meant; 0 in a plain file.
static uint32_t cell_of(const Call *call, const Checked *checked) {
  Str uri = param_text(param(param(call->params, "textDocument"), "uri"));
  bool is_notebook = checked->result.source->cell_count > 0;
  return is_notebook ? view_find_text(&checked->view, uri) + 1 : 0;
}

bool read_checked_offset(
  const Call *call, const Checked *checked, Param position, uint32_t *offset
) {
  LinePosition place = read_position(position);
  uint32_t cell = cell_of(call, checked);
  if (position.reader->fault.len > 0) return false;
  return position_find(&checked->view.ruler, cell, place, offset);
}

bool read_checked_span(const Call *call, const Checked *checked, Param range, Span *span) {
  return read_span_in(&checked->view.ruler, cell_of(call, checked), range, span);
}
