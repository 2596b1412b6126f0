#include "project/import_scan.h"

#include "python/name.h"

/* In brackets that nobody closes each line would be looked at again and again. */
enum { MOST_BYTES = 4096 };

static void skip_blanks(Str *text) {
  uint32_t i = 0;
  while (i < text->len && (text->data[i] == ' ' || text->data[i] == '\t')) i++;
  *text = str_slice(*text, i, text->len);
}

/* The dotted name that the text begins with; empty if there is none. */
static Str take_name(Str *text) {
  skip_blanks(text);
  uint32_t i = 0;
  while (i < text->len && (is_name_byte(text->data[i]) || text->data[i] == '.')) i++;
  Str name = str_slice(*text, 0, i);
  *text = str_slice(*text, i, text->len);
  return name;
}

static bool take_word(Str *text, Str word) {
  Str rest = *text;
  skip_blanks(&rest);
  if (!str_starts_with(rest, word)) return false;
  if (rest.len > word.len && is_name_byte(rest.data[word.len])) return false;
  *text = str_slice(rest, word.len, rest.len);
  return true;
}

/* `a.b as c, d` */
static void scan_modules(Arena *arena, Str line, Strs *names) {
  while (line.len > 0) {
    Str part = str_next(&line, ',');
    Str name = take_name(&part);
    if (name.len > 0) vec_push(arena, names, name);
  }
}

/* What stands between the brackets behind `import`, and then the text goes on behind them; or the
   rest of the line. */
static Str imported_part(Str line, Str *text) {
  Str start = line;
  skip_blanks(&start);
  if (!str_starts_with(start, STR("("))) return line;
  Str all = { start.data + 1, (uint32_t)(text->data + text->len - start.data) - 1 };
  uint32_t len = str_find(str_slice(all, 0, MOST_BYTES < all.len ? MOST_BYTES : all.len), STR(")"));
  if (len == UINT32_MAX) return str_slice(start, 1, start.len);
  *text = str_slice(all, len, all.len);
  return str_slice(all, 0, len);
}

/* `C as D, E`, perhaps over several lines with comments. */
static void scan_members(Arena *arena, Str module, Str part, Strs *names) {
  while (part.len > 0) {
    Str line = str_next(&part, '\n');
    line = str_next(&line, '#');
    while (line.len > 0) {
      Str item = str_trim(str_next(&line, ','));
      bool is_star = str_starts_with(item, STR("*"));
      Str name = is_star ? STR("*") : take_name(&item);
      if (name.len > 0) vec_push(arena, names, str_join(arena, module, '.', name));
    }
  }
}

/* The module that stands between `from` and `import`; empty if it cannot be told. */
static Str absolute_name(Arena *arena, const ModuleIdentity *identity, Str name) {
  uint32_t dots = 0;
  while (dots < name.len && name.data[dots] == '.') dots++;
  if (dots == 0) return name;
  if (!identity) return STR_EMPTY;
  Str base = module_package(identity, dots), rest = str_slice(name, dots, name.len);
  return rest.len == 0 || base.len == 0 ? base : str_join(arena, base, '.', rest);
}

void import_scan(Arena *arena, const ModuleIdentity *identity, Str text, Strs *names) {
  while (text.len > 0) {
    Str line = str_next(&text, '\n');
    if (take_word(&line, STR("import"))) {
      scan_modules(arena, str_next(&line, '#'), names);
    } else if (take_word(&line, STR("from"))) {
      Str module = absolute_name(arena, identity, take_name(&line));
      if (module.len == 0 || !take_word(&line, STR("import"))) continue;
      scan_members(arena, module, imported_part(line, &text), names);
    }
  }
}
