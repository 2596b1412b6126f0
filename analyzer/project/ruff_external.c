#include "project/ruff_external.h"

#include "base/file.h"
#include "base/path.h"
#include "project/toml.h"

enum { LARGEST_FILE = 1 << 20 };

static const Str own = { .data = "AWR", .len = 3 };

bool has_own_noqa(Str text) {
  for (uint32_t at; (at = str_find(text, own)) != UINT32_MAX;) {
    Str line = str_after_last(str_slice(text, 0, at), '\n');
    uint32_t comment = str_find(line, STR("#"));
    Str part = comment == UINT32_MAX ? STR_EMPTY : str_slice(line, comment, line.len);
    if (str_contains(part, STR("noqa:"))) return true;
    /* Each line is looked at once. */
    text = str_slice(text, at + own.len, text.len);
    str_next(&text, '\n');
  }
  return false;
}

/* ruff's own table of the file; NULL if it has none. */
static const TomlValue *read_settings(Arena *arena, Str path, bool is_pyproject, Source *source) {
  Str text;
  uint32_t offset = 0;
  Problems unseen = { 0 };
  if (file_read(arena, path, LARGEST_FILE, &text) != FILE_OK) return NULL;
  if (source_fault(text, &offset) != SOURCE_OK) return NULL;
  *source = source_build(arena, path, text);
  const TomlValue *root = toml_parse(arena, source, &unseen);
  return is_pyproject ? toml_get(toml_get(root, "tool"), "ruff") : root;
}

static bool names_own(const TomlEntry *external) {
  if (external == NULL || external->value->kind != TOML_ARRAY) return false;
  for (uint32_t i = 0; i < external->value->items.count; i++) {
    const TomlValue *item = external->value->items.items[i];
    bool is_word = item->kind == TOML_STRING && item->string.len > 0;
    if (is_word && (str_starts_with(own, item->string) || str_starts_with(item->string, own)))
      return true;
  }
  return false;
}

/* The place of the list, or of the table that it belongs to. */
static const TomlEntry *place_of(const TomlValue *ruff) {
  const TomlEntry *old = toml_entry(ruff, "external"), *lint = toml_entry(ruff, "lint");
  const TomlEntry *external = lint ? toml_entry(lint->value, "external") : NULL;
  if (external) return external;
  return old ? old : lint;
}

bool ruff_misses_codes(Arena *arena, Str folder, Str *path, Position *position) {
  static const char *const names[] = { ".ruff.toml", "ruff.toml", "pyproject.toml" };
  for (;; folder = path_parent(folder)) {
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
      Source source;
      *path = path_join(arena, folder, str_from(names[i]));
      const TomlValue *ruff = read_settings(arena, *path, i == 2, &source);
      if (ruff == NULL) continue;
      const TomlEntry *place = place_of(ruff);
      *position = (Position){ 0 };
      if (place) *position = source_position(&source, place->span.start);
      return !names_own(place);
    }
    if (str_equal(path_parent(folder), folder)) return false;
  }
}
