#include "report/frame.h"

#include <stdlib.h>

#include "lint/rule.h"

enum {
  TAB_WIDTH = 4,
  MAX_GAP = 1, /* a gap of so many lines between two labelled lines is shown, a longer one is cut */
  MAX_COLUMNS = 140 /* what stands further right in a line is cut */
};

/* One label below a line. Columns are display columns from 0; width is at least 1. */
typedef struct {
  uint32_t line; /* of the text */
  uint32_t cell; /* that it lies in; 0: none */
  uint32_t start, end;
  Str message;
  bool is_primary;
} Label;

typedef Vec(Label) Labels;

static const Palette colored = {
  .severity = { [SEVERITY_ERROR] = "\x1b[1;31m",
                [SEVERITY_WARNING] = "\x1b[1;33m",
                [SEVERITY_INFO] = "\x1b[1;36m" },
  .frame = "\x1b[1;34m",
  .note = "\x1b[34m",
  .removed = "\x1b[31m",
  .added = "\x1b[32m",
  .bold = "\x1b[1m",
  .dim = "\x1b[2m",
  .plain = "\x1b[0m",
};

static const Palette uncolored = {
  .severity = { "", "", "" },
  .frame = "",
  .note = "",
  .removed = "",
  .added = "",
  .bold = "",
  .dim = "",
  .plain = "",
};

const Palette *palette_for(bool has_color) { return has_color ? &colored : &uncolored; }

/* East Asian wide and fullwidth characters take two columns, combining marks none (UAX #11, the
   main blocks). */
static uint32_t display_width(uint32_t character) {
  static const struct {
    uint32_t first, last, width;
  } blocks[] = {
    { 0x0300, 0x036F, 0 },   { 0x200B, 0x200F, 0 },   { 0xFE00, 0xFE0F, 0 },
    { 0x1100, 0x115F, 2 },   { 0x2E80, 0x303E, 2 },   { 0x3041, 0xA4CF, 2 },
    { 0xAC00, 0xD7A3, 2 },   { 0xF900, 0xFAFF, 2 },   { 0xFE30, 0xFE6F, 2 },
    { 0xFF00, 0xFF60, 2 },   { 0xFFE0, 0xFFE6, 2 },   { 0x1F300, 0x1F64F, 2 },
    { 0x1F900, 0x1F9FF, 2 }, { 0x20000, 0x3FFFD, 2 },
  };
  for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++) {
    if (character >= blocks[i].first && character <= blocks[i].last) return blocks[i].width;
  }
  return 1;
}

/* Reads one UTF-8 character of the line and moves `at` past it. */
static uint32_t next_character(Str line, uint32_t *at) {
  unsigned char lead = (unsigned char)line.data[(*at)++];
  if (lead < 0x80) return lead;
  uint32_t character = lead >= 0xF0 ? lead & 0x07u : lead >= 0xE0 ? lead & 0x0Fu : lead & 0x1Fu;
  while (*at < line.len && ((unsigned char)line.data[*at] & 0xC0) == 0x80) {
    character = character << 6 | ((unsigned char)line.data[(*at)++] & 0x3Fu);
  }
  return character;
}

/* The display column of a byte offset in the line. */
static uint32_t column_of(Str line, uint32_t offset) {
  uint32_t column = 0, at = 0;
  while (at < line.len && at < offset) {
    uint32_t character = next_character(line, &at);
    column += character == '\t' ? TAB_WIDTH : display_width(character);
  }
  return column;
}

static bool is_control(uint32_t character) {
  return character < 0x20 || character == 0x7F || (character >= 0x80 && character < 0xA0);
}

/* Tabs become spaces; control characters, which could steer a terminal, a dot. */
void add_source_line(Text *out, Str line) {
  uint32_t column = 0, at = 0;
  while (at < line.len && column < MAX_COLUMNS) {
    uint32_t first = at, character = next_character(line, &at);
    if (character == '\t') {
      text_add(out, STR("    "));
    } else if (is_control(character)) {
      text_add(out, STR("."));
    } else {
      text_add(out, str_slice(line, first, at));
    }
    column += character == '\t' ? TAB_WIDTH : display_width(character);
  }
  if (at < line.len) text_add(out, STR("…"));
}

static void push_label(
  Labels *labels, Text *out, const Source *source, Span span, Str message, bool is_primary
) {
  uint32_t line = source_line_of(source, span.start);
  uint32_t line_start = source->line_starts[line - 1];
  Str text = source_line(source, line);
  uint32_t start = column_of(text, span.start - line_start);
  uint32_t end = column_of(text, span.end - line_start);
  if (start >= MAX_COLUMNS) start = MAX_COLUMNS;
  if (end > MAX_COLUMNS) end = MAX_COLUMNS;
  if (end <= start) end = start + 1;
  uint32_t cell = source_cell(source, span.start);
  vec_push(out->arena, labels, (Label){ line, cell, start, end, message, is_primary });
}

static int by_place(const void *left, const void *right) {
  const Label *a = left, *b = right;
  if (a->line != b->line) return a->line < b->line ? -1 : 1;
  if (a->start != b->start) return a->start < b->start ? -1 : 1;
  return (int)b->is_primary - (int)a->is_primary;
}

static Labels labels_of(Text *out, const Source *source, const Finding *finding) {
  Labels labels = { 0 };
  push_label(&labels, out, source, finding->span, STR_EMPTY, true);
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    if (note->path.len == 0) push_label(&labels, out, source, note->span, note->message, false);
  }
  qsort(labels.items, labels.count, sizeof(Label), by_place);
  return labels;
}

int frame_gutter(const Finding *finding) {
  uint32_t last = finding->start.line;
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    if (note->path.len > 0) continue;
    if (note->start.line > last) last = note->start.line;
  }
  int digits = 1;
  while (last >= 10) {
    last /= 10;
    digits++;
  }
  return digits + 1;
}

static void add_repeated(Text *out, char character, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) text_add(out, (Str){ &character, 1 });
}

static void add_label(
  Text *out, const Label *label, const Finding *finding, const Palette *palette, int gutter
) {
  const char *color = label->is_primary ? palette->severity[finding->severity] : palette->note;
  text_format(out, "%*s%s|%s ", gutter, "", palette->frame, palette->plain);
  add_repeated(out, ' ', label->start);
  text_format(out, "%s", color);
  add_repeated(out, label->is_primary ? '^' : '-', label->end - label->start);
  if (label->message.len > 0) text_format(out, " %.*s", STR_ARGS(label->message));
  text_format(out, "%s\n", palette->plain);
}

static void add_numbered_line(
  Text *out, const Source *source, uint32_t line, const Palette *palette, int gutter
) {
  uint32_t number = source_position(source, source->line_starts[line - 1]).line;
  text_format(out, "%s%*u |%s ", palette->frame, gutter - 1, number, palette->plain);
  add_source_line(out, source_line(source, line));
  text_add(out, STR("\n"));
}

/* What stands between two lines with labels: a line, or a sign that some are left out. */
static void add_gap(
  Text *out, const Source *source, uint32_t shown, uint32_t line, const Palette *palette, int gutter
) {
  if (line > shown + 1 + MAX_GAP) {
    text_format(out, "%s%*s%s\n", palette->frame, gutter - 1, "...", palette->plain);
    return;
  }
  for (uint32_t between = shown + 1; between < line; between++) {
    add_numbered_line(out, source, between, palette, gutter);
  }
}

void add_frame(Text *out, const Source *source, const Finding *finding, const Palette *palette) {
  Labels labels = labels_of(out, source, finding);
  int gutter = frame_gutter(finding);
  uint32_t shown = 0, cell = finding->cell;
  text_format(out, "%*s%s|%s\n", gutter, "", palette->frame, palette->plain);
  for (uint32_t i = 0; i < labels.count; i++) {
    const Label *label = &labels.items[i];
    if (label->cell != cell) {
      text_format(
        out, "%*s%s::: cell %u%s\n", gutter, "", palette->frame, label->cell, palette->plain
      );
    } else if (shown > 0) {
      add_gap(out, source, shown, label->line, palette, gutter);
    }
    if (label->line != shown) add_numbered_line(out, source, label->line, palette, gutter);
    shown = label->line;
    cell = label->cell;
    add_label(out, label, finding, palette, gutter);
  }
}
