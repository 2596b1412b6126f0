#include "report/xml.h"

#include "source/source.h"

static const Str REPLACEMENT = { .data = "\xef\xbf\xbd", .len = 3 };

static const char *entity_of(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&apos;";
  case '\t':
    return "&#9;";
  case '\n':
    return "&#10;";
  case '\r':
    return "&#13;";
  default:
    return NULL;
  }
}

// U+FFFE and U+FFFF.
static bool is_no_character(Str text, uint32_t offset) {
  Str rest = str_slice(text, offset, text.len);
  return str_starts_with(rest, STR("\xef\xbf\xbe")) || str_starts_with(rest, STR("\xef\xbf\xbf"));
}

static void add_well_formed(Text *out, Str added) {
  for (uint32_t i = 0; i < added.len; i++) {
    const char *entity = entity_of(added.data[i]);
    bool is_control = (unsigned char)added.data[i] < 0x20;
    if (entity != NULL) {
      text_add(out, str_from(entity));
    } else if (is_control) {
      text_add(out, REPLACEMENT);
    } else if (is_no_character(added, i)) {
      text_add(out, REPLACEMENT);
      i += 2;
    } else {
      text_add_char(out, added.data[i]);
    }
  }
}

void text_add_xml(Text *out, Str added) {
  uint32_t bad;
  while (added.len > 0 && source_fault(added, &bad) != SOURCE_OK) {
    add_well_formed(out, str_slice(added, 0, bad));
    text_add(out, REPLACEMENT);
    added = str_slice(added, bad + 1, added.len);
  }
  add_well_formed(out, added);
}
