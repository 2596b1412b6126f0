#include "lsp/position.h"

static const char *const encoding_names[] = {
  [ENCODING_UTF16] = "utf-16",
  [ENCODING_UTF8] = "utf-8",
  [ENCODING_UTF32] = "utf-32",
};

const char *encoding_name(Encoding encoding) { return encoding_names[encoding]; }

bool encoding_find(Str name, Encoding *encoding) {
  for (int i = 0; i <= ENCODING_UTF32; i++) {
    if (!str_is(name, encoding_names[i])) continue;
    *encoding = (Encoding)i;
    return true;
  }
  return false;
}

static bool is_continuation(char byte) { return ((unsigned char)byte & 0xC0) == 0x80; }

// What a byte adds to the count of units: a character counts where it begins.
static uint32_t units_of(Encoding encoding, char byte) {
  if (encoding == ENCODING_UTF8) return 1;
  if (is_continuation(byte)) return 0;
  bool is_pair = encoding == ENCODING_UTF16 && (unsigned char)byte >= 0xF0;
  return is_pair ? 2 : 1;
}

static uint32_t line_start(const Ruler *ruler, uint32_t line) {
  bool is_at_mark = line == 1 && ruler->counts_mark;
  return is_at_mark ? 0 : ruler->source->line_starts[line - 1];
}

LinePosition position_at(const Ruler *ruler, uint32_t offset) {
  static const ColumnUnit units[] = {
    [ENCODING_UTF16] = COLUMN_UTF16_UNITS,
    [ENCODING_UTF8] = COLUMN_BYTES,
    [ENCODING_UTF32] = COLUMN_CHARACTERS,
  };
  const Source *source = ruler->source;
  uint32_t line = source_line_of(source, offset);
  uint32_t character = source_column(source, offset, units[ruler->encoding]) - 1;
  uint32_t first = source->line_starts[line - 1]; // of the line's text, behind the mark
  for (uint32_t i = line_start(ruler, line); i < first && i < offset; i++)
    character += units_of(ruler->encoding, source->text.data[i]);
  return (LinePosition){ source_position(source, offset).line - 1, character };
}

// The start of the first character that lies at or behind that many units, or the line's end.
static uint32_t walk(const Ruler *ruler, uint32_t line, uint32_t units) {
  const Source *source = ruler->source;
  Str text = source_line(source, line);
  uint32_t start = line_start(ruler, line);
  uint32_t end = source->line_starts[line - 1] + text.len, at = start, walked = 0;
  while (at < end) {
    uint32_t next = at + 1, added = units_of(ruler->encoding, source->text.data[at]);
    while (next < end && is_continuation(source->text.data[next])) {
      added += units_of(ruler->encoding, source->text.data[next++]);
    }
    // A position within a character is its start.
    if (walked + added > units) break;
    walked += added;
    at = next;
  }
  return at;
}

bool position_find(const Ruler *ruler, uint32_t cell, LinePosition position, uint32_t *offset) {
  const Source *source = ruler->source;
  uint32_t line = source_line_in(source, cell, position.line + 1);
  if (line > 0) {
    *offset = walk(ruler, line, position.character);
    return true;
  }
  *offset = source->text.len;
  return cell == 0 && position.line == source->line_count;
}
