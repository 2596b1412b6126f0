#include "lsp/plain.h"

#include "base/text.h"

static Str without_marks(Str heading) {
  uint32_t i = 0;
  while (i < heading.len && heading.data[i] == '#') i++;
  return str_trim(str_slice(heading, i, heading.len));
}

// `[words](address)` becomes `words: address`.
static void add_words(Text *out, Str line) {
  uint32_t middle = str_find(line, STR("]("));
  uint32_t start = str_find(line, STR("["));
  bool is_link = middle != UINT32_MAX && start < middle && str_ends_with(line, STR(")"));
  if (!is_link) {
    text_add(out, line);
    return;
  }
  text_add(out, str_slice(line, 0, start));
  text_format(
    out,
    "%.*s: %.*s",
    STR_ARGS(str_slice(line, start + 1, middle)),
    STR_ARGS(str_slice(line, middle + 2, line.len - 1))
  );
}

Str plain_from_markdown(Arena *arena, Str markdown) {
  Text out = { .arena = arena };
  bool is_code = false;
  while (markdown.len > 0) {
    Str line = str_next(&markdown, '\n');
    if (str_starts_with(line, STR("```"))) {
      is_code = !is_code;
      continue;
    }
    if (is_code) {
      text_format(&out, "%s%.*s", line.len > 0 ? "    " : "", STR_ARGS(line));
    } else if (str_starts_with(line, STR("#"))) {
      text_add(&out, without_marks(line));
    } else {
      add_words(&out, line);
    }
    text_add_char(&out, '\n');
  }
  return text_str(&out);
}
