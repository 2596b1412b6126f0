#include "project/toml_string.h"

// Adds the character in UTF-8.
static void add_character(Text *out, uint32_t character) {
  bool is_surrogate = character >= 0xd800 && character < 0xe000;
  if (is_surrogate || character > 0x10ffff) character = 0xfffd;
  if (character < 0x80) {
    text_add_char(out, (char)character);
    return;
  }
  uint32_t trail = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
  text_add_char(out, (char)(lead[trail] | character >> (6 * trail)));
  while (trail-- > 0) text_add_char(out, (char)(0x80 | (character >> (6 * trail) & 0x3f)));
}

static uint32_t hex_digit(char c) {
  if (c >= '0' && c <= '9') return (uint32_t)(c - '0');
  return (uint32_t)((c | 0x20) - 'a') + 10;
}

static bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Adds what the escape at the offset means; returns the offset behind it.
static uint32_t add_escape(Text *out, Str text, uint32_t i) {
  static const char meanings[128] = {
    ['b'] = '\b', ['t'] = '\t', ['n'] = '\n',  ['f'] = '\f',
    ['r'] = '\r', ['"'] = '"',  ['\\'] = '\\',
  };
  if (i + 1 >= text.len) return text.len;
  char c = text.data[i + 1];
  if (is_white(c)) {
    uint32_t end = i + 1;
    while (end < text.len && is_white(text.data[end])) end++;
    return end;
  }
  if (c != 'u' && c != 'U') {
    text_add_char(
      out,
      (unsigned char)c < 128 && meanings[(unsigned char)c] != 0 ? meanings[(unsigned char)c] : c
    );
    return i + 2;
  }
  uint32_t end = i + (c == 'u' ? 6 : 10), character = 0;
  if (end > text.len) end = text.len;
  for (uint32_t digit = i + 2; digit < end; digit++) {
    character = character << 4 | (hex_digit(text.data[digit]) & 0xf);
  }
  add_character(out, character);
  return end;
}

Str toml_string(Arena *arena, Str literal) {
  bool is_literal = str_starts_with(literal, STR("'"));
  bool is_long = str_starts_with(literal, STR("\"\"\"")) || str_starts_with(literal, STR("'''"));
  uint32_t quotes = is_long && literal.len >= 6 ? 3 : 1;
  if (literal.len < 2 * quotes) return STR_EMPTY;
  Str text = str_slice(literal, quotes, literal.len - quotes);
  if (quotes == 3 && str_starts_with(text, STR("\r"))) text = str_slice(text, 1, text.len);
  if (quotes == 3 && str_starts_with(text, STR("\n"))) text = str_slice(text, 1, text.len);
  if (is_literal || !str_contains(text, STR("\\"))) return text;
  Text out = { .arena = arena };
  for (uint32_t i = 0; i < text.len;) {
    if (text.data[i] == '\\') i = add_escape(&out, text, i);
    else text_add_char(&out, text.data[i++]);
  }
  return text_str(&out);
}

void toml_quote(Text *text, Str string) {
  text_add_char(text, '"');
  for (uint32_t i = 0; i < string.len; i++) {
    unsigned char c = (unsigned char)string.data[i];
    if (c < 0x20 || c == 0x7f) {
      text_format(text, "\\u%04x", c);
      continue;
    }
    if (c == '"' || c == '\\') text_add_char(text, '\\');
    text_add_char(text, (char)c);
  }
  text_add_char(text, '"');
}
