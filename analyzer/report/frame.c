#include "report/frame.h"

#include <stdlib.h>

#include "lint/rule.h"
#include "report/display.h"
#include "report/terminal.h"

enum {
  MAX_GAP = 1 /* a gap of so many lines between two labelled lines is shown, a longer one is cut */
};

/* One label below a line. */
typedef struct {
  uint32_t line; /* of the text */
  uint32_t cell; /* that it lies in; 0: none */
  Span span;     /* in bytes of the line */
  Str message;
  bool is_primary;
} Label;

typedef Vec(Label) Labels;

static void push_label(
  Labels *labels, Text *out, const Source *source, Span span, Str message, bool is_primary
) {
  uint32_t line = source_line_of(source, span.start), start = source->line_starts[line - 1];
  uint32_t len = source_line(source, line).len;
  /* The byte-order mark stands before the first line. */
  Span inside = { span.start > start ? span.start - start : 0,
                  span.end > start ? span.end - start : 0 };
  if (inside.end > len) inside.end = len;
  uint32_t cell = source_cell(source, span.start);
  vec_push(out->arena, labels, (Label){ line, cell, inside, message, is_primary });
}

static int by_place(const void *left, const void *right) {
  const Label *a = left, *b = right;
  if (a->line != b->line) return a->line < b->line ? -1 : 1;
  if (a->span.start != b->span.start) return a->span.start < b->span.start ? -1 : 1;
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

/* What is the same for all lines of a frame. */
typedef struct {
  Text *out;
  const Source *source;
  const Finding *finding;
  const Palette *palette;
  int gutter;
  uint32_t room;  /* columns for code */
  bool has_width; /* of the terminal */
} Frame;

static void add_margin(const Frame *frame) {
  const Palette *palette = frame->palette;
  text_format(frame->out, "%*s%s|%s", frame->gutter, "", palette->frame, palette->plain);
}

/* Adds the message behind the marks of its label, which begin and end at these columns; below them
   where a terminal has no room there. */
static void add_message(const Frame *frame, Str message, uint32_t start, uint32_t end) {
  if (message.len == 0) return;
  Text *out = frame->out;
  uint32_t width = display_width(message);
  bool is_below = frame->has_width && end + 1 + width > frame->room;
  if (is_below) {
    uint32_t most = width < frame->room ? frame->room - width : 0;
    text_format(out, "%s\n", frame->palette->plain);
    add_margin(frame);
    text_add_repeated(out, ' ', start < most ? start : most);
    text_add(out, str_from(frame->palette->note));
  }
  text_add_char(out, ' ');
  add_harmless(out, message);
}

static void add_label(const Frame *frame, const Label *label, const Excerpt *excerpt) {
  const Palette *palette = frame->palette;
  Text *out = frame->out;
  const char *color =
    label->is_primary ? palette->severity[frame->finding->severity] : palette->note;
  uint32_t start = excerpt_column(excerpt, label->span.start);
  uint32_t end = excerpt_column(excerpt, label->span.end);
  if (end <= start) end = start + 1;
  add_margin(frame);
  text_add_repeated(out, ' ', start + 1);
  text_add(out, str_from(color));
  text_add_repeated(out, label->is_primary ? '^' : '-', end - start);
  add_message(frame, label->message, start, end);
  text_format(out, "%s\n", palette->plain);
}

static Excerpt add_numbered_line(const Frame *frame, uint32_t line, Span wanted) {
  const Source *source = frame->source;
  const Palette *palette = frame->palette;
  uint32_t number = source_position(source, source->line_starts[line - 1]).line;
  text_format(frame->out, "%s%*u |%s ", palette->frame, frame->gutter - 1, number, palette->plain);
  Excerpt excerpt = excerpt_of(source_line(source, line), wanted, frame->room);
  add_excerpt(frame->out, &excerpt);
  text_add(frame->out, STR("\n"));
  return excerpt;
}

/* What stands between two lines with labels: a line, or a sign that some are left out. */
static void add_gap(const Frame *frame, uint32_t shown, uint32_t line) {
  const Palette *palette = frame->palette;
  if (line > shown + 1 + MAX_GAP) {
    text_format(frame->out, "%s%*s%s\n", palette->frame, frame->gutter - 1, "...", palette->plain);
    return;
  }
  for (uint32_t between = shown + 1; between < line; between++)
    add_numbered_line(frame, between, (Span){ 0, 0 });
}

/* What is to be seen of the line of that label: all labels of the line if there is room for them,
   else the finding itself, else the first of them. */
static Span wanted_from(const Frame *frame, const Labels *labels, uint32_t first) {
  Span all = labels->items[first].span, main = all;
  for (uint32_t i = first; i < labels->count; i++) {
    const Label *label = &labels->items[i];
    if (label->line != labels->items[first].line) break;
    if (label->span.end > all.end) all.end = label->span.end;
    if (label->is_primary) main = label->span;
  }
  return all.end - all.start <= frame->room / 2 ? all : main;
}

void add_frame(
  Text *out, const Source *source, const Finding *finding, const ReportOptions *options
) {
  const Palette *palette = palette_for(options->has_color);
  Labels labels = labels_of(out, source, finding);
  int gutter = frame_gutter(finding);
  uint32_t room = display_room(options->width, (uint32_t)gutter + 2);
  Frame frame = { out, source, finding, palette, gutter, room, options->width > 0 };
  uint32_t shown = 0, cell = finding->cell;
  Excerpt excerpt = { 0 };
  add_margin(&frame);
  text_add_char(out, '\n');
  for (uint32_t i = 0; i < labels.count; i++) {
    const Label *label = &labels.items[i];
    if (label->cell != cell) {
      text_format(
        out, "%*s%s::: cell %u%s\n", gutter, "", palette->frame, label->cell, palette->plain
      );
    } else if (shown > 0) {
      add_gap(&frame, shown, label->line);
    }
    if (label->line != shown)
      excerpt = add_numbered_line(&frame, label->line, wanted_from(&frame, &labels, i));
    shown = label->line;
    cell = label->cell;
    add_label(&frame, label, &excerpt);
  }
}
