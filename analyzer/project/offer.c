#include "project/offer.h"

static void add_lines(Arena *arena, const Source *source, Span span, LineRanges *lines) {
  uint32_t end = span.end > span.start ? span.end - 1 : span.end;
  LineRange range = { source_line_of(source, span.start), source_line_of(source, end) };
  vec_push(arena, lines, range);
}

static LineRanges lines_of(Arena *arena, const Source *source, const Finding *finding) {
  LineRanges lines = { 0 };
  add_lines(arena, source, finding->span, &lines);
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    if (finding->notes.items[i].path.len > 0) continue;
    add_lines(arena, source, finding->notes.items[i].span, &lines);
  }
  for (uint32_t i = 0; i < finding->fix.edits.count; i++) {
    add_lines(arena, source, finding->fix.edits.items[i].span, &lines);
  }
  return lines;
}

static Edits copy_edits(Arena *arena, const Edits *edits) {
  Edits copy = { 0 };
  for (uint32_t i = 0; i < edits->count; i++) {
    const Edit *edit = &edits->items[i];
    vec_push(arena, &copy, (Edit){ edit->span, str_copy(arena, edit->text) });
  }
  edits_sort(arena, &copy);
  return copy;
}

void offers_take(
  Arena *arena,
  const Source *source,
  const Findings *findings,
  Applicability boldest,
  Offers *offers
) {
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    const Fix *fix = &finding->fix;
    if (fix->applicability == FIX_NONE || fix->applicability > boldest) continue;
    Offer offer = {
      .rule = finding->rule,
      .title = str_copy(arena, fix->title),
      .line = source_line_of(source, finding->span.start),
      .lines = lines_of(arena, source, finding),
      .edits = copy_edits(arena, &fix->edits),
      .before = str_copy(arena, source->text),
    };
    if (!edits_apply(arena, offer.before, &offer.edits, &offer.after)) continue;
    vec_push(arena, offers, offer);
  }
}

Offer offer_copy(Arena *arena, const Offer *offer) {
  Offer copy = *offer;
  copy.path = str_copy(arena, offer->path);
  copy.shown = str_copy(arena, offer->shown);
  copy.root = str_copy(arena, offer->root);
  copy.title = str_copy(arena, offer->title);
  copy.before = str_copy(arena, offer->before);
  copy.after = str_copy(arena, offer->after);
  copy.edits = copy_edits(arena, &offer->edits);
  copy.lines = (LineRanges){ 0 };
  for (uint32_t i = 0; i < offer->lines.count; i++) {
    vec_push(arena, &copy.lines, offer->lines.items[i]);
  }
  return copy;
}
