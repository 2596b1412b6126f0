#include "project/notebook_edit.h"

#include "base/text.h"
#include "project/json_reader.h"
#include "project/notebook.h"

#include <string.h>

// How the source of one cell is written.
typedef struct {
  JsonPlaces places; // of each byte of the cell's text
  uint32_t end;      // of its last string: the closing quote
  Str separator;     // between its strings; empty if it is a single one
} Written;

static void read_string(JsonReader *reader, Written *written) {
  json_text_places(reader, &written->places);
  written->end = reader->at - 1;
}

// What stands between the strings of a list that begins there: a comma and the white space.
static Str separator_of(Arena *arena, Str text, uint32_t bracket, uint32_t first, Str found) {
  if (found.len > 0) return found;
  return str_format(arena, ",%.*s", STR_ARGS(str_slice(text, bracket + 1, first)));
}

// Requires: the reader stands before the value of `source`, which notebook_read took.
static Written read_source(JsonReader *reader) {
  Written written = { .separator = STR_EMPTY };
  if (json_kind(reader) == JSON_STRING) {
    read_string(reader, &written);
    return written;
  }
  uint32_t bracket = reader->at, first = 0, count = 0;
  JsonList lines = json_enter(reader);
  while (json_next(reader, &lines)) {
    json_kind(reader);
    if (count == 0) first = reader->at;
    if (count == 1) written.separator = str_slice(reader->text, written.end + 1, reader->at);
    read_string(reader, &written);
    count++;
  }
  written.separator = separator_of(reader->arena, reader->text, bracket, first, written.separator);
  return written;
}

// The character at the offset, which moves behind it. Requires: the text is valid UTF-8.
static uint32_t next_character(Str text, uint32_t *offset) {
  unsigned char lead = (unsigned char)text.data[(*offset)++];
  uint32_t more = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  uint32_t character = more == 0 ? lead : lead & (0x3fu >> more);
  for (; more > 0 && *offset < text.len; more--)
    character = character << 6 | ((unsigned char)text.data[(*offset)++] & 0x3f);
  return character;
}

static void add_number(Text *out, uint32_t character) {
  if (character >= 0x10000) {
    text_format(out, "\\u%04x", 0xd800 + ((character - 0x10000) >> 10));
    character = 0xdc00 + (character & 0x3ff);
  }
  text_format(out, "\\u%04x", character);
}

// The text as it stands inside the quotes; where the notebook is ASCII, so is what is added.
static void add_escaped(Text *out, Str text, bool is_ascii) {
  static const char meanings[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
  for (uint32_t i = 0; i < text.len;) {
    uint32_t start = i, character = next_character(text, &i);
    const char *meaning =
      character > 0 && character < 0x80 ? strchr(meanings, (char)character) : NULL;
    if (meaning != NULL) text_format(out, "\\%c", letters[meaning - meanings]);
    else if (character < ' ' || (is_ascii && character >= 0x80)) add_number(out, character);
    else text_add(out, str_slice(text, start, i));
  }
}

// Each line of a list of them is a string of its own.
static void add_lines(Text *out, Str added, const Written *written, bool is_ascii) {
  while (added.len > 0) {
    uint32_t end = str_find(added, STR("\n"));
    bool ends_line = end != UINT32_MAX;
    Str line = str_slice(added, 0, ends_line ? end + 1 : added.len);
    added = str_slice(added, line.len, added.len);
    add_escaped(out, line, is_ascii);
    if (ends_line && written->separator.len > 0)
      text_format(out, "\"%.*s\"", STR_ARGS(written->separator));
  }
}

static bool is_ascii(Str text) {
  for (uint32_t i = 0; i < text.len; i++) {
    if ((unsigned char)text.data[i] >= 0x80) return false;
  }
  return true;
}

static uint32_t place_of(const Written *written, uint32_t offset) {
  return offset < written->places.count ? written->places.items[offset] : written->end;
}

// Where the cell starts in the text of all cells.
static uint32_t cell_start(const Source *source, uint32_t cell) {
  return source->line_starts[source->cells[cell].first_line - 1];
}

bool notebook_edit(Arena *arena, Str text, const Source *source, const Edits *edits, Str *result) {
  Cells cells = { 0 };
  NotebookFault fault;
  if (!notebook_read(arena, text, &cells, &fault) || cells.count != source->cell_count)
    return false;
  bool stays_ascii = is_ascii(text);
  Text out = { .arena = arena };
  Written written = { .separator = STR_EMPTY };
  uint32_t done = 0, cell = 0, read = UINT32_MAX; // bytes that are copied; the cell, the one read
  for (uint32_t i = 0; i < edits->count; i++) {
    Span span = edits->items[i].span;
    while (cell + 1 < cells.count && cell_start(source, cell + 1) <= span.start) cell++;
    uint32_t start = cell_start(source, cell), len = cells.items[cell].text.len;
    if (span.start < start || span.end < span.start || span.end > start + len) return false;
    if (read != cell) {
      JsonReader reader = { .arena = arena, .text = text, .at = cells.items[cell].place };
      written = read_source(&reader);
      if (reader.fault != NULL || written.places.count != len) return false;
      read = cell;
    }
    uint32_t from = place_of(&written, span.start - start);
    uint32_t to = span.end > span.start ? place_of(&written, span.end - start) : from;
    if (from < done || to < from) return false;
    text_add(&out, str_slice(text, done, from));
    add_lines(&out, edits->items[i].text, &written, stays_ascii);
    done = to;
  }
  text_add(&out, str_slice(text, done, text.len));
  *result = text_str(&out);
  return true;
}
