#include "lint/findings.h"

#include "base/map.h"
#include "lint/rule.h"
#include "source/line_hash.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static int number_order(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

static int finding_order(const void *left, const void *right) {
  const Finding *a = left, *b = right;
  int order = number_order(a->span.start, b->span.start);
  if (order == 0) order = strcmp(a->rule->code, b->rule->code);
  if (order == 0) order = number_order(a->span.end, b->span.end);
  return order != 0 ? order : str_compare(a->message, b->message);
}

void findings_sort(Findings *findings) {
  if (findings->count < 2) return;
  qsort(findings->items, findings->count, sizeof *findings->items, finding_order);
}

void findings_drop_repeated(Findings *findings) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    if (kept > 0 && finding_order(&findings->items[kept - 1], finding) == 0) continue;
    findings->items[kept++] = *finding;
  }
  findings->count = kept;
}

// What broken code makes of a span does not leave its cell.
static uint32_t end_in_cell(const Source *source, Span span) {
  uint32_t end = source_cell_end(source, span.start);
  return span.end < end ? span.end : end;
}

static void complete_notes(Finding *finding, const Source *source) {
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    Note *note = &finding->notes.items[i];
    if (note->path.len > 0) continue;
    note->span.end = end_in_cell(source, note->span);
    note->cell = source_cell(source, note->span.start);
    note->start = source_position(source, note->span.start);
    note->end = source_position(source, note->span.end);
  }
}

// The line that the last finding starts on: a line may be long and hold many.
typedef struct {
  uint32_t number; // from 1; 0: none yet
  uint64_t hash;   // of its text
} Line;

static void line_move(Line *line, const Source *source, uint32_t offset) {
  uint32_t number = source_line_of(source, offset);
  if (number == line->number) return;
  Str text = str_trim(source_line(source, number));
  line->hash = XXH3_64bits(text.data, text.len);
  line->number = number;
}

static Str fingerprint(Arena *arena, Str path, Str key, uint32_t ordinal) {
  Str number = ordinal == 0 ? STR("0") : str_format(arena, "%" PRIu32, ordinal);
  Str content = STR_CONCAT(arena, path, STR("\n"), key, STR("\n"), number);
  return str_hex(arena, XXH3_64bits(content.data, content.len));
}

void findings_complete(Arena *arena, Findings *findings, const Source *source, Str path) {
  Map seen = { 0 }; // rule and text of the line -> how often so far
  Line line = { 0 };
  for (uint32_t i = 0; i < findings->count; i++) {
    Finding *finding = &findings->items[i];
    if (source->cell_count > 0) finding->span.end = end_in_cell(source, finding->span);
    finding->cell = source_cell(source, finding->span.start);
    line_move(&line, source, finding->span.start);
    finding->start = source_position(source, finding->span.start);
    finding->end = source_position(source, finding->span.end);
    complete_notes(finding, source);
    if (finding->fix.edits.count == 0) finding->fix = (Fix){ 0 };

    Str rule = str_from(finding->rule->name);
    Str key = STR_CONCAT(arena, rule, STR("\n"), str_hex(arena, line.hash));
    uint32_t ordinal = 0;
    map_get(&seen, key, &ordinal);
    map_put(arena, &seen, key, ordinal + 1);
    finding->fingerprint = fingerprint(arena, path, key, ordinal);
  }
}

void findings_hash_lines(Arena *arena, Findings *findings, const Source *source) {
  if (findings->count == 0) return;
  const LineHash *hashes = line_hashes(arena, source);
  for (uint32_t i = 0; i < findings->count; i++) {
    Finding *finding = &findings->items[i];
    uint32_t line = source_line_of(source, finding->span.start);
    finding->line_hash = line_hash_text(arena, hashes[line - 1]);
  }
}

static void digest_span(Digest *digest, Span span) {
  digest_number(digest, (uint64_t)span.start << 32 | span.end);
}

static void digest_position(Digest *digest, Position position) {
  digest_number(digest, (uint64_t)position.line << 32 | position.column);
}

static void digest_notes(Digest *digest, const Finding *finding) {
  digest_number(digest, finding->notes.count);
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    digest_str(digest, note->path);
    digest_number(digest, note->cell);
    digest_position(digest, note->start);
    digest_position(digest, note->end);
    digest_str(digest, note->message);
  }
}

static void digest_fix(Digest *digest, const Fix *fix) {
  digest_number(digest, fix->applicability);
  if (fix->applicability == FIX_NONE) return;
  digest_str(digest, fix->title);
  digest_number(digest, fix->edits.count);
  for (uint32_t i = 0; i < fix->edits.count; i++) {
    digest_span(digest, fix->edits.items[i].span);
    digest_str(digest, fix->edits.items[i].text);
  }
}

void findings_digest(Digest *digest, const Findings *findings) {
  digest_number(digest, findings->count);
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    digest_str(digest, str_from(finding->rule->code));
    digest_number(digest, finding->severity);
    digest_number(digest, finding->cell);
    digest_span(digest, finding->span);
    digest_position(digest, finding->start);
    digest_position(digest, finding->end);
    digest_str(digest, finding->message);
    digest_notes(digest, finding);
    digest_str(digest, finding->help);
    digest_fix(digest, &finding->fix);
    digest_str(digest, finding->fingerprint);
  }
}
