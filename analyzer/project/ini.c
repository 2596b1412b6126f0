#include "project/ini.h"

#include "base/text.h"

typedef struct {
  Arena *arena;
  IniEntries entries;
  Str section;
  bool is_open; /* an indented line goes on with the last value */
  Text value;   /* of the last entry */
} Reading;

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static bool is_mark(char c) { return c == '#' || c == ';'; }

static Str without_comment(Str line) {
  for (uint32_t i = 0; i < line.len; i++) {
    if (is_mark(line.data[i]) && (i == 0 || is_blank(line.data[i - 1])))
      return str_trim(str_slice(line, 0, i));
  }
  return line;
}

static void close_entry(Reading *reading) {
  if (reading->is_open) vec_last(&reading->entries).value = text_str(&reading->value);
  reading->is_open = false;
}

static Str key_of(Arena *arena, Str name) {
  Text key = { .arena = arena };
  Str lower = str_lower(arena, str_trim(name));
  for (uint32_t i = 0; i < lower.len; i++)
    text_add_char(&key, lower.data[i] == '_' ? '-' : lower.data[i]);
  return text_str(&key);
}

static void open_entry(Reading *reading, Str line, uint32_t number) {
  uint32_t end = 0;
  while (end < line.len && line.data[end] != '=' && line.data[end] != ':') end++;
  if (end == line.len) return;
  IniEntry entry = {
    .section = reading->section,
    .key = key_of(reading->arena, str_slice(line, 0, end)),
    .line = number,
  };
  vec_push(reading->arena, &reading->entries, entry);
  reading->value = (Text){ .arena = reading->arena };
  text_add(&reading->value, str_trim(str_slice(line, end + 1, line.len)));
  reading->is_open = true;
}

static void read_line(Reading *reading, Str raw, uint32_t number) {
  Str line = without_comment(str_trim(raw));
  if (line.len == 0) return;
  if (is_blank(raw.data[0]) && reading->is_open) {
    text_add_char(&reading->value, '\n');
    text_add(&reading->value, line);
    return;
  }
  close_entry(reading);
  if (line.data[0] == '[') {
    line = str_slice(line, 1, line.len);
    reading->section = str_next(&line, ']');
  } else {
    open_entry(reading, line, number);
  }
}

IniEntries ini_read(Arena *arena, Str text) {
  Reading reading = { .arena = arena, .section = STR_EMPTY };
  if (str_starts_with(text, STR("\xef\xbb\xbf"))) text = str_slice(text, 3, text.len);
  for (uint32_t number = 1; text.len > 0; number++)
    read_line(&reading, str_next(&text, '\n'), number);
  close_entry(&reading);
  return reading.entries;
}
