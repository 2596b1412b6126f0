#include "lsp/uri.h"

#include "base/path.h"
#include "base/text.h"

static const Str SCHEME = { .data = "file://", .len = 7 };

// The value of a hexadecimal digit, or 16.
static uint32_t digit_value(char c) {
  if (c >= '0' && c <= '9') return (uint32_t)(c - '0');
  if (c >= 'a' && c <= 'f') return (uint32_t)(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return (uint32_t)(c - 'A' + 10);
  return 16;
}

static Str decode(Arena *arena, Str encoded) {
  Text text = { .arena = arena };
  for (uint32_t i = 0; i < encoded.len; i++) {
    char c = encoded.data[i];
    uint32_t high = 16, low = 16;
    if (c == '%' && encoded.len - i > 2) {
      high = digit_value(encoded.data[i + 1]);
      low = digit_value(encoded.data[i + 2]);
    }
    bool is_escape = high < 16 && low < 16 && (high | low) != 0;
    text_add_char(&text, is_escape ? (char)(unsigned char)(high * 16 + low) : c);
    if (is_escape) i += 2;
  }
  return text_str(&text);
}

Str uri_path(Arena *arena, Str uri, Str folder) {
  if (str_starts_with(uri, SCHEME)) {
    Str rest = str_slice(uri, SCHEME.len, uri.len);
    uint32_t slash = str_find(rest, STR("/")); // behind a host, which is our own if there is one
    if (slash != UINT32_MAX) {
      return path_normalise(arena, decode(arena, str_slice(rest, slash, rest.len)));
    }
  }
  Text name = { .arena = arena };
  for (uint32_t i = 0; i < uri.len; i++) {
    bool is_plain = uri.data[i] != '/' && uri.data[i] != '\0';
    text_add_char(&name, is_plain ? uri.data[i] : '-');
  }
  return path_join(arena, folder, text_str(&name));
}

Str uri_of(Arena *arena, Str path) {
  Str encoded = path_percent_encoded(arena, path);
  return str_format(arena, "%.*s%.*s", STR_ARGS(SCHEME), STR_ARGS(encoded));
}
