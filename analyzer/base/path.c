#include "base/path.h"

#include "base/text.h"

bool path_is_absolute(Str path) { return path.len > 0 && path.data[0] == '/'; }

Str path_join(Arena *arena, Str folder, Str path) {
  if (path_is_absolute(path) || folder.len == 0 || str_is(folder, ".")) return path;
  if (path.len == 0 || str_is(path, ".")) return folder;
  Str parent = str_ends_with(folder, STR("/")) ? str_slice(folder, 0, folder.len - 1) : folder;
  return parent.len > 0 ? str_join(arena, parent, '/', path)
                        : str_format(arena, "/%.*s", STR_ARGS(path));
}

// Takes the last part off what has been written, if it is a name that ".." can undo.
static bool drop_last_part(Text *written, uint32_t root) {
  Str parts = str_slice(text_str(written), root, written->len);
  if (parts.len == 0 || str_is(str_after_last(parts, '/'), "..")) return false;
  written->len = root + str_before_last(parts, '/').len;
  return true;
}

Str path_normalise(Arena *arena, Str path) {
  Text written = { .arena = arena };
  uint32_t root = path_is_absolute(path) ? 1 : 0; // bytes of the root
  if (root > 0) text_add_char(&written, '/');
  while (path.len > 0) {
    Str part = str_next(&path, '/');
    if (part.len == 0 || str_is(part, ".")) continue;
    bool is_up = str_is(part, "..");
    if (is_up && (drop_last_part(&written, root) || root > 0)) continue;
    if (written.len > root) text_add_char(&written, '/');
    text_add(&written, part);
  }
  return written.len == 0 ? STR(".") : text_str(&written);
}

Str path_parent(Str path) {
  Str parent = str_before_last(path, '/');
  if (parent.len > 0) return parent;
  return path_is_absolute(path) ? STR("/") : STR(".");
}

Str path_name(Str path) { return str_after_last(path, '/'); }

Str path_extension(Str path) {
  Str name = path_name(path);
  Str stem = str_before_last(name, '.');
  return stem.len == 0 ? STR_EMPTY : str_slice(name, stem.len + 1, name.len);
}

Str path_stem(Str path) {
  Str name = path_name(path);
  Str stem = str_before_last(name, '.');
  return stem.len == 0 ? name : stem;
}

static bool is_up(Str path) { return str_is(path, "..") || str_starts_with(path, STR("../")); }

bool path_is_inside(Str path, Str folder) {
  if (path_is_absolute(path) != path_is_absolute(folder)) return false;
  if (str_is(folder, ".")) return !is_up(path);
  if (str_is(folder, "/") || str_equal(path, folder)) return true;
  if (!str_starts_with(path, folder) || path.data[folder.len] != '/') return false;
  return !is_up(str_slice(path, folder.len + 1, path.len)); // "../.." is not inside ".."
}

Str path_relative(Arena *arena, Str path, Str folder) {
  if (path_is_absolute(path) != path_is_absolute(folder)) return path;
  Text relative = { .arena = arena };
  Str above = folder;
  while (!path_is_inside(path, above) && !str_is(above, ".")) {
    if (str_is(path_name(above), "..")) return path;
    text_add(&relative, STR("../"));
    above = path_parent(above);
  }
  uint32_t skipped = str_is(above, ".") ? 0 : str_is(above, "/") ? 1 : above.len + 1;
  text_add(&relative, str_slice(path, skipped, path.len));
  return path_normalise(arena, text_str(&relative));
}

static bool stays_in_uri(char c) {
  bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  bool is_digit = c >= '0' && c <= '9';
  return is_letter || is_digit || c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
}

Str path_percent_encoded(Arena *arena, Str path) {
  Text text = { .arena = arena };
  for (uint32_t i = 0; i < path.len; i++) {
    char c = path.data[i];
    if (stays_in_uri(c)) text_add_char(&text, c);
    else text_format(&text, "%%%02X", (unsigned)(unsigned char)c);
  }
  return text_str(&text);
}
