#include "source/source.h"

#include "base/text.h"

#include <string.h>

typedef Vec(uint32_t) Offsets;

// A column is counted from the beginning of its line. For thousands of findings in a line of
// megabytes this would take minutes, so there the sizes of blocks are counted once.
enum { BLOCK = 1024 };

static uint32_t byte_order_mark_length(Str text) {
  return str_starts_with(text, STR("\xef\xbb\xbf")) ? 3 : 0;
}

static bool is_continuation(char byte) { return ((unsigned char)byte & 0xc0) == 0x80; }

// Bytes of the line ending that stands at the offset.
static uint32_t line_ending_length(Str text, uint32_t offset) {
  bool is_pair =
    text.data[offset] == '\r' && offset + 1 < text.len && text.data[offset + 1] == '\n';
  return is_pair ? 2 : 1;
}

// Where the byte next stands, or the end of the text.
static uint32_t find_byte(Str text, uint32_t from, char byte) {
  const char *found = from < text.len ? memchr(text.data + from, byte, text.len - from) : NULL;
  return found ? (uint32_t)(found - text.data) : text.len;
}

static void index_lines(Arena *arena, Source *source) {
  Str text = source->text;
  Offsets starts = { 0 };
  // The mark is not a character: columns of the first line count from behind it.
  vec_push(arena, &starts, byte_order_mark_length(text));
  uint32_t line_feed = find_byte(text, 0, '\n'), carriage_return = find_byte(text, 0, '\r');
  while (line_feed < text.len || carriage_return < text.len) {
    uint32_t ending = line_feed < carriage_return ? line_feed : carriage_return;
    uint32_t next = ending + line_ending_length(text, ending);
    vec_push(arena, &starts, next);
    if (line_feed < next) line_feed = find_byte(text, next, '\n');
    if (carriage_return < next) carriage_return = find_byte(text, next, '\r');
  }
  source->line_starts = starts.items;
  source->line_count = starts.count;
}

static void add_size(TextSize *size, Str text) {
  for (uint32_t i = 0; i < text.len; i++) {
    size->characters += !is_continuation(text.data[i]);
    size->wide += (unsigned char)text.data[i] >= 0xf0;
  }
}

static bool has_long_line(const Source *source) {
  for (uint32_t line = 0; line + 1 < source->line_count; line++)
    if (source->line_starts[line + 1] - source->line_starts[line] > BLOCK) return true;
  return source->text.len - source->line_starts[source->line_count - 1] > BLOCK;
}

static void measure_blocks(Arena *arena, Source *source) {
  if (!has_long_line(source)) return;
  uint32_t count = source->text.len / BLOCK + 1;
  source->sizes = arena_array(arena, TextSize, count);
  for (uint32_t i = 1; i < count; i++) {
    source->sizes[i] = source->sizes[i - 1];
    add_size(&source->sizes[i], str_slice(source->text, (i - 1) * BLOCK, i * BLOCK));
  }
}

// Requires: the source has a long line.
static TextSize size_before(const Source *source, uint32_t offset) {
  TextSize size = source->sizes[offset / BLOCK];
  add_size(&size, str_slice(source->text, offset / BLOCK * BLOCK, offset));
  return size;
}

static TextSize size_between(const Source *source, uint32_t start, uint32_t end) {
  TextSize size = { 0 };
  if (source->sizes == NULL || end - start <= BLOCK) {
    add_size(&size, str_slice(source->text, start, end));
    return size;
  }
  TextSize before = size_before(source, start), all = size_before(source, end);
  return (TextSize){ all.characters - before.characters, all.wide - before.wide };
}

Source source_build(Arena *arena, Str path, Str text) {
  Source source = { .path = path, .text = text, .code = text };
  index_lines(arena, &source);
  measure_blocks(arena, &source);
  return source;
}

static bool ends_line(Str text) {
  return text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r');
}

// Lines and parts of cells, both in order, side by side. A cell without parts is all on line 1.
static void place_lines(Arena *arena, Source *source, const Cells *cells, const Offsets *starts) {
  source->written_lines = arena_array(arena, uint32_t, source->line_count);
  uint32_t cell = 0, part = 0;
  for (uint32_t line = 0; line < source->line_count; line++) {
    uint32_t offset = source->line_starts[line];
    while (cell + 1 < cells->count && starts->items[cell + 1] <= offset) {
      cell++;
      part = 0;
    }
    const CellParts *parts = cells->count > 0 ? &cells->items[cell].parts : &(CellParts){ 0 };
    while (part + 1 < parts->count && starts->items[cell] + parts->items[part + 1].start <= offset)
      part++;
    source->written_lines[line] = parts->count > 0 ? parts->items[part].line : 1;
  }
}

Source source_build_notebook(Arena *arena, Str path, const Cells *cells) {
  Text text = { .arena = arena }, code = { .arena = arena };
  Offsets starts = { 0 };
  for (uint32_t i = 0; i < cells->count; i++) {
    const Cell *cell = &cells->items[i];
    vec_push(arena, &starts, text.len);
    text_add(&text, cell->text);
    text_add(&code, cell->code);
    if (ends_line(cell->text)) continue;
    text_add_char(&text, '\n');
    text_add_char(&code, '\n');
  }
  Source source = { .path = path, .text = text_str(&text), .code = text_str(&code) };
  index_lines(arena, &source);
  measure_blocks(arena, &source);
  source.cells = arena_array(arena, CellPlace, cells->count);
  source.cell_count = cells->count;
  for (uint32_t i = 0; i < cells->count; i++) {
    uint32_t line = source_line_of(&source, starts.items[i]);
    source.cells[i] = (CellPlace){ cells->items[i].number, line };
  }
  place_lines(arena, &source, cells, &starts);
  return source;
}

Source source_copy(Arena *arena, const Source *source) {
  Source copy = *source;
  bool is_plain = source->code.data == source->text.data;
  copy.text = str_copy(arena, source->text);
  copy.code = is_plain ? copy.text : str_copy(arena, source->code);
  copy.line_starts = arena_array(arena, uint32_t, source->line_count);
  memcpy(copy.line_starts, source->line_starts, sizeof(uint32_t) * source->line_count);
  if (source->sizes) {
    uint32_t blocks = source->text.len / BLOCK + 1;
    copy.sizes = arena_array(arena, TextSize, blocks);
    memcpy(copy.sizes, source->sizes, sizeof(TextSize) * blocks);
  }
  if (source->cell_count == 0) return copy;
  copy.cells = arena_array(arena, CellPlace, source->cell_count);
  memcpy(copy.cells, source->cells, sizeof(CellPlace) * source->cell_count);
  copy.written_lines = arena_array(arena, uint32_t, source->line_count);
  memcpy(copy.written_lines, source->written_lines, sizeof(uint32_t) * source->line_count);
  return copy;
}

// How the second byte of a sequence is bounded and how long the sequence is, by its first byte
// (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
typedef struct {
  unsigned char first, last, second_low, second_high, length;
} Sequence;

static const Sequence SEQUENCES[] = {
  { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
  { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
  { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

// Bytes of the well-formed multi-byte character at the offset: 0 if there is none.
static uint32_t character_length(Str text, uint32_t offset) {
  const unsigned char *bytes = (const unsigned char *)text.data + offset;
  for (size_t i = 0; i < sizeof SEQUENCES / sizeof *SEQUENCES; i++) {
    const Sequence *sequence = &SEQUENCES[i];
    if (bytes[0] < sequence->first || bytes[0] > sequence->last) continue;
    if (text.len - offset < sequence->length) return 0;
    if (bytes[1] < sequence->second_low || bytes[1] > sequence->second_high) return 0;
    for (uint32_t at = 2; at < sequence->length; at++)
      if (!is_continuation((char)bytes[at])) return 0;
    return sequence->length;
  }
  return 0;
}

enum { PLAIN_WORDS = 4, PLAIN = PLAIN_WORDS * sizeof(uint64_t) };

// True if so many bytes are ASCII and none is NUL: almost all of almost every file.
static bool is_plain(const char *bytes) {
  uint64_t words[PLAIN_WORDS], found = 0, high = 0x8080808080808080, ones = 0x0101010101010101;
  memcpy(words, bytes, sizeof words);
  for (uint32_t i = 0; i < PLAIN_WORDS; i++) found |= (words[i] - ones) | words[i];
  return (found & high) == 0;
}

SourceFault source_fault(Str text, uint32_t *offset) {
  *offset = 0;
  if (str_starts_with(text, STR("\xff\xfe")) || str_starts_with(text, STR("\xfe\xff")))
    return SOURCE_UTF16;
  for (uint32_t i = 0; i < text.len;) {
    *offset = i;
    if (text.len - i >= PLAIN && is_plain(text.data + i)) {
      i += PLAIN;
    } else if (text.data[i] == '\0') {
      return SOURCE_NUL;
    } else if ((unsigned char)text.data[i] < 0x80) {
      i++;
    } else {
      uint32_t length = character_length(text, i);
      if (length == 0) return SOURCE_NOT_UTF8;
      i += length;
    }
  }
  *offset = 0;
  return SOURCE_OK;
}

uint32_t source_line_of(const Source *source, uint32_t offset) {
  uint32_t low = 0, high = source->line_count; // the line is in [low, high)
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (source->line_starts[middle] <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

// The cell that holds the line; NULL in a plain file.
static const CellPlace *cell_of(const Source *source, uint32_t line) {
  uint32_t low = 0, high = source->cell_count; // it is in [low, high)
  if (high == 0) return NULL;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (source->cells[middle].first_line <= line) low = middle;
    else high = middle;
  }
  return &source->cells[low];
}

uint32_t source_column(const Source *source, uint32_t offset, ColumnUnit unit) {
  if (offset > source->text.len) offset = source->text.len;
  uint32_t start = source->line_starts[source_line_of(source, offset) - 1];
  if (offset <= start) return 1; // also in the byte-order mark
  if (unit == COLUMN_BYTES) return offset - start + 1;
  TextSize size = size_between(source, start, offset);
  return size.characters + (unit == COLUMN_UTF16_UNITS ? size.wide : 0) + 1;
}

uint32_t source_written_line(const Source *source, uint32_t offset) {
  uint32_t line = source_line_of(source, offset);
  return source->written_lines ? source->written_lines[line - 1] : line;
}

Position source_position(const Source *source, uint32_t offset) {
  if (offset > source->text.len) offset = source->text.len;
  uint32_t line = source_line_of(source, offset);
  uint32_t column = source_column(source, offset, COLUMN_CHARACTERS);
  const CellPlace *cell = cell_of(source, line);
  return (Position){ .line = cell ? line - cell->first_line + 1 : line, .column = column };
}

uint32_t source_cell(const Source *source, uint32_t offset) {
  const CellPlace *cell = cell_of(source, source_line_of(source, offset));
  return cell ? cell->number : 0;
}

uint32_t source_line_in(const Source *source, uint32_t cell, uint32_t line) {
  if (cell == 0 && source->cell_count == 0) return line <= source->line_count ? line : 0;
  for (uint32_t i = 0; i < source->cell_count; i++) {
    if (source->cells[i].number != cell) continue;
    bool is_last = i + 1 == source->cell_count;
    uint32_t end = is_last ? source->line_count + 1 : source->cells[i + 1].first_line;
    uint32_t first = source->cells[i].first_line;
    return line > 0 && line <= end - first ? first + line - 1 : 0;
  }
  return 0;
}

bool source_starts_cell(const Source *source, uint32_t line) {
  const CellPlace *cell = cell_of(source, line);
  return line == (cell ? cell->first_line : 1);
}

uint32_t source_cell_end(const Source *source, uint32_t offset) {
  const CellPlace *cell = cell_of(source, source_line_of(source, offset));
  bool is_last = cell == NULL || cell + 1 == source->cells + source->cell_count;
  if (is_last) return source->text.len;
  uint32_t line = cell[1].first_line - 1;
  return source->line_starts[line - 1] + source_line(source, line).len;
}

Str source_line(const Source *source, uint32_t line) {
  if (line == 0 || line > source->line_count) return STR_EMPTY;
  uint32_t start = source->line_starts[line - 1];
  uint32_t end = line < source->line_count ? source->line_starts[line] : source->text.len;
  const char *text = source->text.data;
  if (end > start && text[end - 1] == '\n') end--;
  if (end > start && text[end - 1] == '\r') end--;
  return str_slice(source->text, start, end);
}

uint32_t source_offset(const Source *source, Position position) {
  if (position.line > source->line_count) return source->text.len;
  uint32_t line = position.line == 0 ? 1 : position.line;
  Str text = source_line(source, line);
  uint32_t i = 0;
  for (uint32_t column = 1; column < position.column && i < text.len; column++) {
    i++;
    while (i < text.len && is_continuation(text.data[i])) i++;
  }
  return source->line_starts[line - 1] + i;
}

Str source_text(const Source *source, Span span) {
  return str_slice(source->text, span.start, span.end);
}
