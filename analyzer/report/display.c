#include "report/display.h"

enum {
  TAB_WIDTH = 4,
  UNKNOWN_ROOM = 140,
  LEAST_ROOM = 20,
  LEAST_LEAD = 4,
  /* Of bytes for a column: combining marks take none, and there may be any number of them. */
  MOST_BYTES = 8,
};

static const Str SIGN = { .data = "…", .len = sizeof "…" - 1 };

typedef struct {
  uint32_t first, last, width;
} Block;

/* The main blocks of UAX #11, in order. */
static const Block blocks[] = {
  { 0x0300, 0x036f, 0 },   { 0x0483, 0x0489, 0 },   { 0x0591, 0x05bd, 0 },
  { 0x064b, 0x065f, 0 },   { 0x0e34, 0x0e3a, 0 },   { 0x0e47, 0x0e4e, 0 },
  { 0x1100, 0x115f, 2 },   { 0x1ab0, 0x1aff, 0 },   { 0x1dc0, 0x1dff, 0 },
  { 0x200b, 0x200d, 0 },   { 0x20d0, 0x20f0, 0 },   { 0x231a, 0x231b, 2 },
  { 0x23e9, 0x23ec, 2 },   { 0x23f0, 0x23f0, 2 },   { 0x23f3, 0x23f3, 2 },
  { 0x25fd, 0x25fe, 2 },   { 0x2614, 0x2615, 2 },   { 0x2648, 0x2653, 2 },
  { 0x267f, 0x267f, 2 },   { 0x2693, 0x2693, 2 },   { 0x26a1, 0x26a1, 2 },
  { 0x26aa, 0x26ab, 2 },   { 0x26bd, 0x26be, 2 },   { 0x26c4, 0x26c5, 2 },
  { 0x26ce, 0x26ce, 2 },   { 0x26d4, 0x26d4, 2 },   { 0x26ea, 0x26ea, 2 },
  { 0x26f2, 0x26f3, 2 },   { 0x26f5, 0x26f5, 2 },   { 0x26fa, 0x26fa, 2 },
  { 0x26fd, 0x26fd, 2 },   { 0x2705, 0x2705, 2 },   { 0x270a, 0x270b, 2 },
  { 0x2728, 0x2728, 2 },   { 0x274c, 0x274c, 2 },   { 0x274e, 0x274e, 2 },
  { 0x2753, 0x2755, 2 },   { 0x2757, 0x2757, 2 },   { 0x2795, 0x2797, 2 },
  { 0x27b0, 0x27b0, 2 },   { 0x27bf, 0x27bf, 2 },   { 0x2b1b, 0x2b1c, 2 },
  { 0x2b50, 0x2b50, 2 },   { 0x2b55, 0x2b55, 2 },   { 0x2e80, 0x303e, 2 },
  { 0x3041, 0xa4cf, 2 },   { 0xa960, 0xa97f, 2 },   { 0xac00, 0xd7a3, 2 },
  { 0xf900, 0xfaff, 2 },   { 0xfe00, 0xfe0f, 0 },   { 0xfe10, 0xfe19, 2 },
  { 0xfe20, 0xfe2f, 0 },   { 0xfe30, 0xfe6f, 2 },   { 0xfeff, 0xfeff, 0 },
  { 0xff00, 0xff60, 2 },   { 0xffe0, 0xffe6, 2 },   { 0x17000, 0x18cff, 2 },
  { 0x1b000, 0x1b2ff, 2 }, { 0x1f004, 0x1f004, 2 }, { 0x1f0cf, 0x1f0cf, 2 },
  { 0x1f18e, 0x1f18e, 2 }, { 0x1f191, 0x1f19a, 2 }, { 0x1f200, 0x1f320, 2 },
  { 0x1f32d, 0x1f335, 2 }, { 0x1f337, 0x1f37c, 2 }, { 0x1f37e, 0x1f393, 2 },
  { 0x1f3a0, 0x1f3ca, 2 }, { 0x1f3cf, 0x1f3d3, 2 }, { 0x1f3e0, 0x1f3f0, 2 },
  { 0x1f3f4, 0x1f3f4, 2 }, { 0x1f3f8, 0x1f43e, 2 }, { 0x1f440, 0x1f440, 2 },
  { 0x1f442, 0x1f4fc, 2 }, { 0x1f4ff, 0x1f53d, 2 }, { 0x1f54b, 0x1f54e, 2 },
  { 0x1f550, 0x1f567, 2 }, { 0x1f57a, 0x1f57a, 2 }, { 0x1f595, 0x1f596, 2 },
  { 0x1f5a4, 0x1f5a4, 2 }, { 0x1f5fb, 0x1f64f, 2 }, { 0x1f680, 0x1f6c5, 2 },
  { 0x1f6cc, 0x1f6cc, 2 }, { 0x1f6d0, 0x1f6d2, 2 }, { 0x1f6d5, 0x1f6df, 2 },
  { 0x1f6eb, 0x1f6ec, 2 }, { 0x1f6f4, 0x1f6fc, 2 }, { 0x1f7e0, 0x1f7f0, 2 },
  { 0x1f90c, 0x1f93a, 2 }, { 0x1f93c, 0x1f945, 2 }, { 0x1f947, 0x1f9ff, 2 },
  { 0x1fa70, 0x1faff, 2 }, { 0x20000, 0x3fffd, 2 }, { 0xe0100, 0xe01ef, 0 },
};

/* Control characters, and those that turn the direction of the text around: what is shown would not
   be what is there. */
static bool is_control(uint32_t character) {
  return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x61c ||
    character == 0x200e || character == 0x200f || (character >= 0x2028 && character <= 0x202e) ||
    (character >= 0x2066 && character <= 0x2069);
}

static uint32_t width_of(uint32_t character) {
  if (character == '\t') return TAB_WIDTH;
  if (character < blocks[0].first) return 1;
  uint32_t low = 0, high = sizeof blocks / sizeof *blocks;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (blocks[middle].last < character) low = middle + 1;
    else high = middle;
  }
  bool is_in_block = low < sizeof blocks / sizeof *blocks && blocks[low].first <= character;
  return is_in_block ? blocks[low].width : 1;
}

static bool is_continuation(char byte) { return ((unsigned char)byte & 0xc0) == 0x80; }

/* Reads one UTF-8 character of the line and moves `at` past it. */
static uint32_t next_character(Str line, uint32_t *at) {
  unsigned char lead = (unsigned char)line.data[(*at)++];
  if (lead < 0x80) return lead;
  uint32_t character = lead >= 0xf0 ? lead & 0x07u : lead >= 0xe0 ? lead & 0x0fu : lead & 0x1fu;
  while (*at < line.len && is_continuation(line.data[*at]))
    character = character << 6 | ((unsigned char)line.data[(*at)++] & 0x3fu);
  return character;
}

/* Moves `at` on by whole characters while they fit into the columns, up to the end; returns the
   columns that are left. */
static uint32_t walk_on(Str line, uint32_t *at, uint32_t end, uint32_t columns) {
  uint32_t last = *at + (columns + 1) * MOST_BYTES;
  while (*at < end && *at < last) {
    uint32_t next = *at, width = width_of(next_character(line, &next));
    if (width > columns) break;
    columns -= width;
    *at = next;
  }
  return columns;
}

/* The same towards the beginning of the line. */
static uint32_t walk_back(Str line, uint32_t *at, uint32_t columns) {
  uint32_t most = (columns + 1) * MOST_BYTES, first = *at > most ? *at - most : 0;
  while (*at > first) {
    uint32_t before = *at - 1;
    while (before > 0 && is_continuation(line.data[before])) before--;
    uint32_t next = before, width = width_of(next_character(line, &next));
    if (width > columns) break;
    columns -= width;
    *at = before;
  }
  return columns;
}

uint32_t display_room(uint32_t width, uint32_t taken) {
  if (width == 0) return UNKNOWN_ROOM;
  return width > taken + LEAST_ROOM ? width - taken : LEAST_ROOM;
}

static bool fits(Str line, uint32_t start, uint32_t end, uint32_t room) {
  walk_on(line, &start, end, room);
  return start == end;
}

/* Columns to be seen before what is wanted: a third of them, unless it needs the room itself. */
static uint32_t lead_to(Str line, Span wanted, uint32_t room) {
  uint32_t at = wanted.start, left = walk_on(line, &at, wanted.end, room - LEAST_LEAD);
  if (at < wanted.end) return LEAST_LEAD;
  return left + LEAST_LEAD < room / 3 ? left + LEAST_LEAD : room / 3;
}

/* The part begins a bit before what is wanted, and earlier if there is room behind the line's end. */
static Excerpt excerpt_around(Str line, Span wanted, uint32_t room) {
  Excerpt excerpt = { .line = line, .start = wanted.start, .is_cut = true };
  uint32_t inner = room - 1; /* behind the first sign */
  walk_back(line, &excerpt.start, lead_to(line, wanted, inner - 1));
  excerpt.end = excerpt.start;
  uint32_t left = walk_on(line, &excerpt.end, line.len, inner);
  if (excerpt.end == line.len) {
    walk_back(line, &excerpt.start, left);
  } else {
    excerpt.is_cut_off = true;
    excerpt.end = excerpt.start;
    walk_on(line, &excerpt.end, line.len, inner - 1);
  }
  return excerpt;
}

Excerpt excerpt_of(Str line, Span wanted, uint32_t room) {
  if (wanted.end > line.len) wanted.end = line.len;
  if (wanted.start > wanted.end) wanted.start = wanted.end;
  if (fits(line, 0, line.len, room)) return (Excerpt){ .line = line, .end = line.len };
  /* What is too long itself is shown from its beginning on. */
  uint32_t end = wanted.start;
  walk_on(line, &end, wanted.end, room - 1 - LEAST_LEAD);
  if (!fits(line, 0, end, room - 1)) return excerpt_around(line, wanted, room);
  Excerpt excerpt = { .line = line, .is_cut_off = true };
  walk_on(line, &excerpt.end, line.len, room - 1);
  return excerpt;
}

uint32_t excerpt_column(const Excerpt *excerpt, uint32_t offset) {
  if (offset < excerpt->start) return 0;
  uint32_t at = excerpt->start, end = offset < excerpt->end ? offset : excerpt->end;
  uint32_t all = (excerpt->end - at) * TAB_WIDTH, before = excerpt->is_cut;
  return before + all - walk_on(excerpt->line, &at, end, all);
}

uint32_t display_width(Str text) {
  uint32_t at = 0, most = text.len * TAB_WIDTH;
  return most - walk_on(text, &at, text.len, most);
}

void add_excerpt(Text *out, const Excerpt *excerpt) {
  if (excerpt->is_cut) text_add(out, SIGN);
  for (uint32_t at = excerpt->start; at < excerpt->end;) {
    uint32_t first = at, character = next_character(excerpt->line, &at);
    if (character == '\t') text_add_repeated(out, ' ', TAB_WIDTH);
    else if (is_control(character)) text_add_char(out, '.');
    else text_add(out, str_slice(excerpt->line, first, at));
  }
  if (excerpt->is_cut_off) text_add(out, SIGN);
}
