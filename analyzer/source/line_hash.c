#include "source/line_hash.h"

#include "base/map.h"

#include <inttypes.h>

enum { BASE = 37, WINDOW = 100, END_MARK = 0xffff };

// The sum over all units so far is enough to get at each window: the part before a line is taken
// off again, times BASE to the power of WINDOW. All of it modulo 2 to the 64.
typedef struct {
  uint64_t sum;
  uint64_t shift;       // BASE to the power of WINDOW
  uint32_t units;       // so far
  uint32_t due;         // units at which the window of the first line that is not done ends
  uint32_t *starts;     // per line begun: units before it
  LineHash *lines;      // per line begun: the sum before it; once it is done, its hash
  uint32_t begun, done; // lines
} Roll;

static void begin_line(Roll *roll) {
  if (roll->done == roll->begun) roll->due = roll->units + WINDOW;
  roll->starts[roll->begun] = roll->units;
  roll->lines[roll->begun++].value = roll->sum;
}

static void end_line(Roll *roll) {
  LineHash *line = &roll->lines[roll->done++];
  line->value = roll->sum - roll->shift * line->value;
  roll->due = roll->done < roll->begun ? roll->starts[roll->done] + WINDOW : UINT32_MAX;
}

static inline void add_unit(Roll *roll, uint32_t unit) {
  roll->sum = roll->sum * BASE + unit;
  if (++roll->units == roll->due) end_line(roll);
  if (unit == '\n') begin_line(roll);
}

// The character at the offset, which moves past it. Requires: well-formed UTF-8.
static uint32_t next_character(Str text, uint32_t *offset) {
  const unsigned char *bytes = (const unsigned char *)text.data + *offset;
  uint32_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
  uint32_t character = length == 1 ? bytes[0] : bytes[0] & (0xffu >> (length + 1));
  for (uint32_t i = 1; i < length; i++) character = character << 6 | (bytes[i] & 0x3fu);
  *offset += length;
  return character;
}

static void add_text(Roll *roll, Str text) {
  bool was_return = false;
  for (uint32_t i = 0; i < text.len;) {
    unsigned char byte = (unsigned char)text.data[i];
    if (byte > ' ' && byte < 0x80) { // most are
      add_unit(roll, byte);
      was_return = false;
      i++;
      continue;
    }
    uint32_t character = next_character(text, &i);
    bool is_rest_of_ending = was_return && character == '\n';
    was_return = character == '\r';
    if (character == ' ' || character == '\t' || is_rest_of_ending) continue;
    if (character >= 0x10000) {
      add_unit(roll, 0xd800 + ((character - 0x10000) >> 10));
      add_unit(roll, 0xdc00 + (character & 0x3ff));
    } else {
      add_unit(roll, was_return ? '\n' : character);
    }
  }
}

static void number_equal(Arena *arena, LineHash *lines, uint32_t count) {
  Map seen = { 0 };
  for (uint32_t i = 0; i < count; i++) {
    Str key = { .data = (const char *)&lines[i].value, .len = sizeof lines[i].value };
    uint32_t ordinal = 0;
    map_get(&seen, key, &ordinal);
    lines[i].ordinal = ordinal + 1;
    map_put(arena, &seen, key, ordinal + 1);
  }
}

LineHash *line_hashes(Arena *arena, const Source *source) {
  Roll roll = { .shift = 1 };
  for (int i = 0; i < WINDOW; i++) roll.shift *= BASE;
  roll.starts = arena_array(arena, uint32_t, source->line_count);
  roll.lines = arena_array(arena, LineHash, source->line_count);
  begin_line(&roll);
  add_text(&roll, source->text);
  add_unit(&roll, END_MARK);
  while (roll.done < roll.begun) add_unit(&roll, 0);
  number_equal(arena, roll.lines, roll.done);
  return roll.lines;
}

Str line_hash_text(Arena *arena, LineHash hash) {
  return str_format(arena, "%" PRIx64 ":%" PRIu32, hash.value, hash.ordinal);
}
