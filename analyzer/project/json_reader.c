#include "project/json_reader.h"

#include "base/text.h"
#include "base/vec.h"

#include <string.h>

static void blame_at(JsonReader *reader, uint32_t at, const char *fault) {
  if (reader->fault) return;
  reader->fault = fault;
  reader->fault_at = at;
  reader->at = reader->text.len;
}

/* The next character that is no blank; 0 at the end. */
static char peek(JsonReader *reader) {
  const Str text = reader->text;
  while (reader->at < text.len && text.data[reader->at] != '\0' &&
         strchr(" \t\r\n", text.data[reader->at]) != NULL) {
    reader->at++;
  }
  return reader->at < text.len ? text.data[reader->at] : '\0';
}

void json_blame(JsonReader *reader, const char *fault) {
  peek(reader);
  blame_at(reader, reader->at, fault);
}

static bool is_scalar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
    c == '+' || c == '.';
}

JsonKind json_kind(JsonReader *reader) {
  char c = peek(reader);
  if (c == '{') return JSON_OBJECT;
  if (c == '[') return JSON_ARRAY;
  if (c == '"') return JSON_STRING;
  bool is_word = strchr("-tfnNI", c) != NULL || (c >= '0' && c <= '9');
  if (c != '\0' && is_word) return JSON_SCALAR;
  json_blame(
    reader, c == '\0' ? "is not JSON: it ends too early" : "is not JSON: a value is expected here"
  );
  return JSON_NOTHING;
}

/* --- objects and arrays ---------------------------------------------------------------------- */

JsonList json_enter(JsonReader *reader) {
  char closer = peek(reader) == '{' ? '}' : ']';
  reader->at += reader->at < reader->text.len;
  return (JsonList){ closer, false };
}

bool json_next(JsonReader *reader, JsonList *list) {
  char c = peek(reader);
  if (reader->fault == NULL && c == list->closer) {
    reader->at++;
    return false;
  }
  if (list->has_item && c == ',') {
    reader->at++;
    c = peek(reader);
  } else if (list->has_item) {
    json_blame(
      reader, c == '\0' ? "is not JSON: it ends too early" : "is not JSON: a comma is missing here"
    );
  }
  list->has_item = true;
  if (c == '\0') json_blame(reader, "is not JSON: it ends too early");
  return reader->fault == NULL;
}

Str json_key(JsonReader *reader) {
  if (peek(reader) != '"') json_blame(reader, "is not JSON: a key in quotes is expected here");
  Str key = json_text(reader);
  if (peek(reader) != ':') json_blame(reader, "is not JSON: a colon is missing here");
  if (reader->fault == NULL) reader->at++;
  return key;
}

/* --- strings --------------------------------------------------------------------------------- */

/* The offset of the closing quote, or of the end. Requires: at is behind the opening one. */
static uint32_t string_end(Str text, uint32_t at, bool *has_escapes) {
  while (at < text.len && text.data[at] != '"') {
    bool is_escape = text.data[at] == '\\';
    *has_escapes |= is_escape;
    at += is_escape && at + 1 < text.len ? 2 : 1;
  }
  return at;
}

/* Four hexadecimal digits; UINT32_MAX if there are none. */
static uint32_t hex_at(Str text, uint32_t at) {
  static const char digits[] = "0123456789abcdef";
  uint32_t value = 0;
  for (uint32_t i = 0; i < 4; i++) {
    char c = at + i < text.len ? text.data[at + i] : '\0';
    if (c >= 'A' && c <= 'F') c = (char)(c | 0x20);
    const char *digit = c == '\0' ? NULL : strchr(digits, c);
    if (digit == NULL) return UINT32_MAX;
    value = value * 16 + (uint32_t)(digit - digits);
  }
  return value;
}

static void add_character(Text *out, uint32_t character) {
  if (character < 0x80) {
    text_add_char(out, (char)character);
    return;
  }
  uint32_t shift = character < 0x800 ? 6 : character < 0x10000 ? 12 : 18;
  static const unsigned char leads[] = { [6] = 0xc0, [12] = 0xe0, [18] = 0xf0 };
  text_add_char(out, (char)(leads[shift] | (character >> shift)));
  while (shift > 0) {
    shift -= 6;
    text_add_char(out, (char)(0x80 | ((character >> shift) & 0x3f)));
  }
}

/* `\uXXXX`, or two of them for one character. Returns the offset behind it. */
static uint32_t add_unicode(JsonReader *reader, Text *out, uint32_t at) {
  Str text = reader->text;
  uint32_t character = hex_at(text, at + 2), end = at + 6;
  if (character >= 0xd800 && character < 0xdc00 && end + 1 < text.len && text.data[end] == '\\' &&
      text.data[end + 1] == 'u') {
    uint32_t low = hex_at(text, end + 2);
    if (low >= 0xdc00 && low < 0xe000) {
      character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
      end += 6;
    }
  }
  if (character == UINT32_MAX) blame_at(reader, at, "is not JSON: \\u needs four digits");
  else if (character >= 0xd800 && character < 0xe000)
    blame_at(reader, at, "holds half of a character: a surrogate without its pair");
  else if (character == 0)
    blame_at(reader, at, "holds a NUL byte, which Python does not accept in a source");
  else add_character(out, character);
  return end;
}

static uint32_t add_escape(JsonReader *reader, Text *out, uint32_t at) {
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  char letter = at + 1 < reader->text.len ? reader->text.data[at + 1] : '\0';
  if (letter == 'u') return add_unicode(reader, out, at);
  const char *found = letter == '\0' ? NULL : strchr(letters, letter);
  if (found == NULL) blame_at(reader, at, "is not JSON: there is no such escape");
  else text_add_char(out, meanings[found - letters]);
  return at + 2;
}

static void
add_places(JsonReader *reader, JsonPlaces *places, uint32_t at, uint32_t count, bool is_escape) {
  if (places == NULL) return;
  for (uint32_t i = 0; i < count; i++) vec_push(reader->arena, places, is_escape ? at : at + i);
}

Str json_text_places(JsonReader *reader, JsonPlaces *places) {
  if (peek(reader) != '"' || reader->fault) return STR_EMPTY;
  Str text = reader->text;
  uint32_t start = reader->at + 1;
  bool has_escapes = false;
  uint32_t end = string_end(text, start, &has_escapes);
  if (end >= text.len) {
    blame_at(reader, reader->at, "is not JSON: a string without an end");
    return STR_EMPTY;
  }
  Text out = { .arena = reader->arena };
  if (!has_escapes) add_places(reader, places, start, end - start, false);
  for (uint32_t at = start; has_escapes && at < end && reader->fault == NULL;) {
    const char *escape = memchr(text.data + at, '\\', end - at);
    uint32_t plain_end = escape ? (uint32_t)(escape - text.data) : end;
    text_add(&out, str_slice(text, at, plain_end));
    add_places(reader, places, at, plain_end - at, false);
    uint32_t len = out.len;
    at = escape ? add_escape(reader, &out, plain_end) : end;
    add_places(reader, places, plain_end, out.len - len, true);
  }
  if (reader->fault) return STR_EMPTY;
  reader->at = end + 1;
  return has_escapes ? text_str(&out) : str_slice(text, start, end);
}

Str json_text(JsonReader *reader) { return json_text_places(reader, NULL); }

/* --- the rest -------------------------------------------------------------------------------- */

Str json_scalar(JsonReader *reader) {
  peek(reader);
  uint32_t start = reader->at;
  while (reader->at < reader->text.len && is_scalar(reader->text.data[reader->at])) reader->at++;
  return str_slice(reader->text, start, reader->at);
}

static void skip_string(JsonReader *reader) {
  bool has_escapes = false;
  uint32_t end = string_end(reader->text, reader->at + 1, &has_escapes);
  if (end >= reader->text.len) blame_at(reader, reader->at, "is not JSON: a string without an end");
  else reader->at = end + 1;
}

typedef Vec(char) Closers;

static void skip_closer(JsonReader *reader, Closers *closers, char c) {
  if (closers->count > 0 && vec_last(closers) == c) {
    closers->count--;
    reader->at++;
  } else {
    json_blame(reader, "is not JSON: this bracket closes nothing");
  }
}

/* Brackets and strings have to fit together; the signs between them are not looked at. */
void json_skip(JsonReader *reader) {
  Closers closers = { 0 };
  json_kind(reader);
  do {
    char c = peek(reader);
    if (c == '{' || c == '[') {
      vec_push(reader->arena, &closers, c == '{' ? '}' : ']');
      reader->at++;
    } else if (c == '}' || c == ']') {
      skip_closer(reader, &closers, c);
    } else if (c == '"') {
      skip_string(reader);
    } else if (is_scalar(c)) {
      json_scalar(reader);
    } else if (closers.count > 0 && (c == ',' || c == ':')) {
      reader->at++;
    } else {
      json_blame(
        reader,
        c == '\0' ? "is not JSON: it ends too early" : "is not JSON: a value is expected here"
      );
    }
  } while (reader->fault == NULL && closers.count > 0);
}

void json_end(JsonReader *reader) {
  if (peek(reader) != '\0' || reader->at < reader->text.len)
    json_blame(reader, "is not JSON: something follows behind its end");
}
