#include "project/baseline.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"

/* MOST_FINDINGS is the largest number that str_count takes. */
enum { LARGEST_BASELINE = 256 << 20, MOST_FINDINGS = 999999999 };

static const char HEAD[] = "# awry baseline ";
static const char VERSION[] = "1";

static int entry_order(const void *left, const void *right) {
  const BaselineEntry *a = left, *b = right;
  int order = str_compare(a->path, b->path);
  if (order == 0) order = str_compare(a->rule, b->rule);
  return order != 0 ? order : str_compare(a->hash, b->hash);
}

void baseline_sort(BaselineEntries *entries) {
  if (entries->count < 2) return;
  qsort(entries->items, entries->count, sizeof *entries->items, entry_order);
  uint32_t kept = 0;
  for (uint32_t i = 1; i < entries->count; i++) {
    BaselineEntry *last = &entries->items[kept];
    if (entry_order(last, &entries->items[i]) != 0) {
      entries->items[++kept] = entries->items[i];
      continue;
    }
    uint32_t more = entries->items[i].count, room = MOST_FINDINGS - last->count;
    last->count += more < room ? more : room;
  }
  entries->count = kept + 1;
}

/* --- reading ----------------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  Str rest;    /* of the line */
  Str problem; /* empty: none */
} Line;

static uint32_t hex_value(char c) {
  if (c >= '0' && c <= '9') return (uint32_t)(c - '0');
  if (c >= 'a' && c <= 'f') return (uint32_t)(c - 'a') + 10;
  return UINT32_MAX;
}

/* What stands behind a backslash; false if that means nothing. */
static bool take_escape(Line *line, Text *path) {
  if (line->rest.len == 0) return false;
  char c = line->rest.data[0];
  uint32_t used = 1;
  if (c == 'x') {
    if (line->rest.len < 3) return false;
    uint32_t high = hex_value(line->rest.data[1]), low = hex_value(line->rest.data[2]);
    if (high == UINT32_MAX || low == UINT32_MAX) return false;
    c = (char)(unsigned char)(high * 16 + low);
    used = 3;
  } else if (c != '"' && c != '\\') {
    return false;
  }
  text_add_char(path, c);
  line->rest = str_slice(line->rest, used, line->rest.len);
  return true;
}

static Str take_quoted(Line *line) {
  Text path = { .arena = line->arena };
  line->rest = str_slice(line->rest, 1, line->rest.len);
  while (line->rest.len > 0) {
    char c = line->rest.data[0];
    line->rest = str_slice(line->rest, 1, line->rest.len);
    if (c == '"') {
      if (line->rest.len > 0 && line->rest.data[0] == ' ') {
        line->rest = str_slice(line->rest, 1, line->rest.len);
        return text_str(&path);
      }
      break;
    }
    if (c != '\\') text_add_char(&path, c);
    else if (!take_escape(line, &path)) break;
  }
  line->problem = STR("the quoted path is not closed, or has an escape that means nothing");
  return STR_EMPTY;
}

static Str take_path(Line *line) {
  bool is_quoted = str_starts_with(line->rest, STR("\""));
  return is_quoted ? take_quoted(line) : str_next(&line->rest, ' ');
}

static bool is_hash(Str text) {
  for (uint32_t i = 0; i < text.len; i++) {
    if (hex_value(text.data[i]) == UINT32_MAX) return false;
  }
  return text.len > 0 && text.len <= 16;
}

static bool is_conflict_mark(Str text) {
  return str_starts_with(text, STR("<<<<<<<")) || str_starts_with(text, STR("=======")) ||
    str_starts_with(text, STR(">>>>>>>")) || str_starts_with(text, STR("|||||||"));
}

/* The entry that a line says; line->problem says why there is none. */
static BaselineEntry read_entry(Line *line) {
  if (is_conflict_mark(line->rest)) {
    line->problem = STR("a merge left a conflict here; keep both sides");
    return (BaselineEntry){ 0 };
  }
  BaselineEntry entry = { .path = take_path(line) };
  if (line->problem.len > 0) return entry;
  entry.rule = str_next(&line->rest, ' ');
  entry.hash = str_next(&line->rest, ' ');
  Str count = str_next(&line->rest, ' ');
  entry.excerpt = line->rest;
  bool is_count = str_count(count, &entry.count) && entry.count > 0;
  if (entry.path.len == 0 || entry.rule.len == 0 || !is_hash(entry.hash) || !is_count)
    line->problem = STR("not an entry: a file, a rule, a hash, how many, and the line");
  return entry;
}

static void add_problem(
  Arena *arena, const Baseline *baseline, uint32_t line, Str message, Problems *problems
) {
  Problem problem = {
    .path = baseline->shown,
    .position = { .line = line, .column = line > 0 },
    .message = message,
  };
  vec_push(arena, problems, problem);
}

/* True if the first line says that the text is a baseline, of a version that is known. */
static bool check_head(Arena *arena, const Baseline *baseline, Str head, Problems *problems) {
  if (!str_starts_with(head, str_from(HEAD))) {
    Str format =
      str_format(arena, "no baseline of awry: it would begin with \"%s%s\"", HEAD, VERSION);
    add_problem(arena, baseline, 1, format, problems);
    return false;
  }
  Str version = str_slice(head, (uint32_t)sizeof(HEAD) - 1, head.len);
  if (str_is(version, VERSION)) return true;
  Str message = str_format(
    arena, "a baseline of version \"%.*s\"; this awry knows %s", STR_ARGS(version), VERSION
  );
  add_problem(arena, baseline, 1, message, problems);
  return false;
}

bool baseline_parse(Arena *arena, Str text, Baseline *baseline, Problems *problems) {
  if (!check_head(arena, baseline, str_trim(str_next(&text, '\n')), problems)) return false;
  for (uint32_t number = 2; text.len > 0; number++) {
    Line line = { .arena = arena, .rest = str_trim(str_next(&text, '\n')) };
    if (line.rest.len == 0 || line.rest.data[0] == '#') continue;
    BaselineEntry entry = read_entry(&line);
    if (line.problem.len > 0) {
      add_problem(arena, baseline, number, line.problem, problems);
      return false;
    }
    entry.line = number;
    vec_push(arena, &baseline->entries, entry);
  }
  baseline_sort(&baseline->entries);
  for (uint32_t i = 0; i < baseline->entries.count; i++) {
    map_add(arena, &baseline->first, baseline->entries.items[i].path, i);
  }
  return true;
}

bool baseline_read(Arena *arena, Baseline *baseline, Problems *problems) {
  Str text;
  FileFault fault = file_read(arena, baseline->file, LARGEST_BASELINE, &text);
  if (fault == FILE_OK) return baseline_parse(arena, text, baseline, problems);
  const char *advice = fault == FILE_MISSING ? "; `awry baseline create` writes it" : "";
  Str why = str_format(arena, "the baseline %s%s", file_fault_text(fault), advice);
  add_problem(arena, baseline, 0, why, problems);
  return false;
}

/* --- writing ----------------------------------------------------------------------------------- */

static bool is_plain(Str path) {
  uint32_t offset;
  if (source_fault(path, &offset) != SOURCE_OK) return false;
  for (uint32_t i = 0; i < path.len; i++) {
    char c = path.data[i];
    if ((unsigned char)c <= ' ' || c == 0x7F || c == '"' || c == '\\') return false;
  }
  return path.data[0] != '#' && !is_conflict_mark(path);
}

static void add_quoted(Text *out, Str path) {
  uint32_t offset;
  bool is_utf8 = source_fault(path, &offset) == SOURCE_OK;
  text_add_char(out, '"');
  for (uint32_t i = 0; i < path.len; i++) {
    unsigned char c = (unsigned char)path.data[i];
    if (c < ' ' || c == 0x7F || (c >= 0x80 && !is_utf8)) {
      text_format(out, "\\x%02x", c);
      continue;
    }
    if (c == '"' || c == '\\') text_add_char(out, '\\');
    text_add_char(out, (char)c);
  }
  text_add_char(out, '"');
}

Str baseline_text(Arena *arena, const BaselineEntries *entries) {
  Text out = { .arena = arena };
  text_format(&out, "%s%s\n", HEAD, VERSION);
  text_add(
    &out,
    STR(
      "# Findings that `awry check` leaves out: file, rule, hash of the line, how many, the line.\n"
    )
  );
  text_add(
    &out,
    STR("# `awry baseline prune` takes out what is gone, `awry baseline update` takes in what is "
        "new, too.\n")
  );
  for (uint32_t i = 0; i < entries->count; i++) {
    const BaselineEntry *entry = &entries->items[i];
    if (is_plain(entry->path)) text_add(&out, entry->path);
    else add_quoted(&out, entry->path);
    text_add_char(&out, ' ');
    text_add(&out, entry->rule);
    text_format(&out, " %.*s %u", STR_ARGS(entry->hash), entry->count);
    if (entry->excerpt.len > 0) text_add_char(&out, ' ');
    text_add(&out, entry->excerpt);
    text_add_char(&out, '\n');
  }
  return text_str(&out);
}
