#include "source/source.h"

#include "base/vec.h"

#include <string.h>

typedef Vec(uint32_t) Offsets;

static uint32_t byte_order_mark_length(Str text) {
  return str_starts_with(text, STR("\xef\xbb\xbf")) ? 3 : 0;
}

static bool is_continuation(char byte) { return ((unsigned char)byte & 0xc0) == 0x80; }

// Bytes of the line ending at the offset: 0 if there is none.
static uint32_t line_ending_length(Str text, uint32_t offset) {
  char c = text.data[offset];
  if (c == '\n') return 1;
  if (c != '\r') return 0;
  return offset + 1 < text.len && text.data[offset + 1] == '\n' ? 2 : 1;
}

Source source_build(Arena *arena, Str path, Str text) {
  Offsets starts = { 0 };
  // The mark is not a character: columns of the first line count from behind it.
  vec_push(arena, &starts, byte_order_mark_length(text));
  for (uint32_t i = 0; i < text.len;) {
    uint32_t ending = line_ending_length(text, i);
    i += ending == 0 ? 1 : ending;
    if (ending != 0) vec_push(arena, &starts, i);
  }
  return (Source){
    .path = path,
    .text = text,
    .line_starts = starts.items,
    .line_count = starts.count,
  };
}

Source source_copy(Arena *arena, const Source *source) {
  Source copy = *source;
  copy.text = str_copy(arena, source->text);
  copy.line_starts = arena_array(arena, uint32_t, source->line_count);
  memcpy(copy.line_starts, source->line_starts, sizeof(uint32_t) * source->line_count);
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

// True if the eight bytes are ASCII and none is NUL: almost all of almost every file.
static bool is_plain(const char *bytes) {
  uint64_t word, high = 0x8080808080808080, ones = 0x0101010101010101;
  memcpy(&word, bytes, sizeof word);
  return (((word - ones) | word) & high) == 0;
}

SourceFault source_fault(Str text, uint32_t *offset) {
  *offset = 0;
  if (str_starts_with(text, STR("\xff\xfe")) || str_starts_with(text, STR("\xfe\xff")))
    return SOURCE_UTF16;
  for (uint32_t i = 0; i < text.len;) {
    *offset = i;
    if (text.len - i >= 8 && is_plain(text.data + i)) {
      i += 8;
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

Position source_position(const Source *source, uint32_t offset) {
  if (offset > source->text.len) offset = source->text.len;
  uint32_t line = source_line_of(source, offset), column = 1;
  for (uint32_t i = source->line_starts[line - 1]; i < offset; i++)
    if (!is_continuation(source->text.data[i])) column++;
  return (Position){ .line = line, .column = column };
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
