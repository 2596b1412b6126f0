#include "lsp/view.h"

#include "report/json_value.h"

uint32_t view_find_text(const View *view, Str uri) {
  for (uint32_t i = 0; i < view->text_count; i++) {
    if (str_equal(view->texts[i].uri, uri)) return i;
  }
  return 0;
}

const ViewText *view_text(const View *view, uint32_t offset) {
  uint32_t cell = source_cell(view->ruler.source, offset);
  return &view->texts[cell > 0 && cell <= view->text_count ? cell - 1 : 0];
}

json_t *line_position_json(LinePosition position) {
  json_t *json = json_object();
  json_object_set_new_nocheck(json, "line", json_integer(position.line));
  json_object_set_new_nocheck(json, "character", json_integer(position.character));
  return json;
}

TextRange view_text_range(const View *view, Span span) {
  // What ends behind the last line of a cell ends with that line.
  uint32_t cell_end = source_cell_end(view->ruler.source, span.start);
  if (span.end > cell_end) span.end = cell_end > span.start ? cell_end : span.start;
  return (TextRange){
    .start = position_at(&view->ruler, span.start),
    .end = position_at(&view->ruler, span.end),
  };
}

json_t *view_range(const View *view, Span span) {
  TextRange range = view_text_range(view, span);
  json_t *json = json_object();
  json_object_set_new_nocheck(json, "start", line_position_json(range.start));
  json_object_set_new_nocheck(json, "end", line_position_json(range.end));
  return json;
}

json_t *view_location(Arena *arena, const View *view, Span span) {
  return json_pack(
    "{s:o, s:o}",
    "uri",
    json_from(arena, view_text(view, span.start)->uri),
    "range",
    view_range(view, span)
  );
}

static json_t *edits_of(Arena *arena, const View *view, const ViewText *text, const Edits *edits) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < edits->count; i++) {
    const Edit *edit = &edits->items[i];
    if (view_text(view, edit->span.start) != text) continue;
    json_array_append_new(
      list,
      json_pack(
        "{s:o, s:o}", "range", view_range(view, edit->span), "newText", json_from(arena, edit->text)
      )
    );
  }
  return list;
}

static json_t *versioned_text(Arena *arena, const ViewText *text) {
  json_t *version = text->version == NO_VERSION ? json_null() : json_integer(text->version);
  return json_pack("{s:o, s:o}", "uri", json_from(arena, text->uri), "version", version);
}

json_t *view_edit(Arena *arena, const View *view, const Edits *edits) {
  bool is_versioned = view->client->versions_edits;
  json_t *changes = is_versioned ? json_array() : json_object();
  for (uint32_t i = 0; i < view->text_count; i++) {
    const ViewText *text = &view->texts[i];
    json_t *list = edits_of(arena, view, text, edits);
    if (json_array_size(list) == 0) {
      json_decref(list);
    } else if (is_versioned) {
      json_array_append_new(
        changes, json_pack("{s:o, s:o}", "textDocument", versioned_text(arena, text), "edits", list)
      );
    } else {
      json_object_set_new(changes, str_terminated(arena, text->uri), list);
    }
  }
  return json_pack("{s:o}", is_versioned ? "documentChanges" : "changes", changes);
}
