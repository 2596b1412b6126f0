#include "base/text.h"
#include "lint/fix.h"
#include "lint/gap.h"
#include "lint/place.h"

#include <stdarg.h>

enum { LEVEL = 4 }; // spaces for each level in the texts that rules give

// How new lines of the file look.
typedef struct {
  Str ending, unit;
} Style;

static Style style_of(const Tree *tree) {
  return (Style){ .ending = line_ending(tree->source), .unit = indentation_unit(tree) };
}

static void add_line(Text *out, Str line, const Style *style) {
  while (str_starts_with(line, STR("    "))) {
    text_add(out, style->unit);
    line = str_slice(line, LEVEL, line.len);
  }
  text_add(out, line);
}

// The statement with each of its lines but the first brought to the indentation.
static void add_lines(Text *out, Str statement, Str indentation, const Style *style) {
  add_line(out, str_next(&statement, '\n'), style);
  while (statement.len > 0) {
    text_add(out, style->ending);
    text_add(out, indentation);
    add_line(out, str_next(&statement, '\n'), style);
  }
}

// True if no line of it begins a block, so that its lines can be joined by semicolons.
static bool is_simple(Str statement) { return !str_contains(statement, STR("\n    ")); }

static void add_joined(Text *out, Str statement) {
  text_add(out, str_next(&statement, '\n'));
  while (statement.len > 0) {
    text_add(out, STR("; "));
    text_add(out, str_next(&statement, '\n'));
  }
}

static Span at(uint32_t offset) { return (Span){ offset, offset }; }

static void
insert_below(Context *cx, Finding *finding, uint32_t place, Str statement, Str indentation) {
  Style style = style_of(&cx->module->tree);
  Text text = { .arena = cx->arena };
  text_add(&text, style.ending);
  text_add(&text, indentation);
  add_lines(&text, statement, indentation, &style);
  fix_edit(cx, finding, at(place), text_str(&text));
}

static void insert_beside(Context *cx, Finding *finding, Node statement, Str added) {
  Text text = { .arena = cx->arena };
  text_add(&text, STR("; "));
  add_joined(&text, added);
  fix_edit(cx, finding, at(tree_span(&cx->module->tree, statement).end), text_str(&text));
}

void fix_add_statement_after(
  Context *cx, Finding *finding, Node statement, const char *format, ...
) {
  Str added;
  FORMATTED(cx, added, format);
  Place place = place_of(&cx->module->tree, statement);
  if (place.begins_line && place.ends_line) {
    insert_below(cx, finding, place.line_end, added, place.indentation);
  } else if (is_simple(added)) {
    insert_beside(cx, finding, statement, added);
  } else {
    fix_withdraw(finding);
  }
}

// The indentation that the block gets when it leaves the line of its header; empty if the header
// does not begin a line.
static Str indentation_inside(Context *cx, Node block, const Style *style) {
  const Tree *tree = &cx->module->tree;
  Place header = place_of(tree, tree_parent(tree, block));
  if (!header.begins_line) return STR_EMPTY;
  return str_format(cx->arena, "%.*s%.*s", STR_ARGS(header.indentation), STR_ARGS(style->unit));
}

// Gives a block that stands in the line of its header a line of its own, with `above` over it.
static void break_line(Context *cx, Finding *finding, Node block, Str above, Str *indentation) {
  const Tree *tree = &cx->module->tree;
  Style style = style_of(tree);
  uint32_t start = tree_span(tree, tree_first(tree, block)).start;
  *indentation = indentation_inside(cx, block, &style);
  if (indentation->len == 0) {
    fix_withdraw(finding);
    return;
  }
  Text text = { .arena = cx->arena };
  text_add(&text, style.ending);
  text_add(&text, *indentation);
  if (above.len > 0) {
    add_lines(&text, above, *indentation, &style);
    text_add(&text, style.ending);
    text_add(&text, *indentation);
  }
  fix_edit(cx, finding, (Span){ gap_start(tree, start), start }, text_str(&text));
}

static void replace_pass(Context *cx, Finding *finding, Node block, Str statement) {
  const Tree *tree = &cx->module->tree;
  Node pass = tree_first(tree, block);
  Place place = place_of(tree, pass);
  Style style = style_of(tree);
  Str indentation = place.indentation;
  Text text = { .arena = cx->arena };
  bool is_alone = place.begins_line && place.ends_line;
  if (!is_alone && !is_simple(statement)) break_line(cx, finding, block, STR_EMPTY, &indentation);
  if (is_alone || !is_simple(statement)) add_lines(&text, statement, indentation, &style);
  else add_joined(&text, statement);
  fix_edit(cx, finding, tree_span(tree, pass), text_str(&text));
}

void fix_append_statement(Context *cx, Finding *finding, Node block, const char *format, ...) {
  Str statement;
  FORMATTED(cx, statement, format);
  const Tree *tree = &cx->module->tree;
  Node first = tree_first(tree, block), last = tree_last_child(tree, block);
  if (first == NODE_NONE) {
    fix_withdraw(finding);
    return;
  }
  if (first == last && tree_is(tree, first, KIND_PASS_STATEMENT)) {
    replace_pass(cx, finding, block, statement);
    return;
  }
  Place place = place_of(tree, first), end = place_of(tree, last);
  Str indentation = place.indentation;
  if (!end.ends_line) {
    fix_withdraw(finding);
  } else if (place.begins_line) {
    insert_below(cx, finding, end.line_end, statement, indentation);
  } else if (is_simple(statement)) {
    insert_beside(cx, finding, last, statement);
  } else {
    break_line(cx, finding, block, STR_EMPTY, &indentation);
    insert_below(cx, finding, end.line_end, statement, indentation);
  }
}

// The first of the lines with nothing but a comment that stand directly above the line, below the
// other.
static uint32_t first_comment_line(const Tree *tree, uint32_t line, uint32_t header) {
  while (line > header + 1 && holds_only_comment(tree, line - 1)) line--;
  return line;
}

void fix_add_statement_before(
  Context *cx, Finding *finding, Node statement, const char *format, ...
) {
  Str added, indentation;
  FORMATTED(cx, added, format);
  const Tree *tree = &cx->module->tree;
  const Source *source = cx->module->source;
  Place place = place_of(tree, statement);
  Node block = tree_parent(tree, statement);
  if (!place.begins_line) {
    if (tree_first(tree, block) == statement) break_line(cx, finding, block, added, &indentation);
    else fix_withdraw(finding);
    return;
  }
  Style style = style_of(tree);
  Text text = { .arena = cx->arena };
  text_add(&text, place.indentation);
  add_lines(&text, added, place.indentation, &style);
  text_add(&text, style.ending);
  uint32_t start = tree_span(tree, statement).start;
  uint32_t header = source_line_of(source, gap_start(tree, start));
  uint32_t line = first_comment_line(tree, source_line_of(source, start), header);
  fix_edit(cx, finding, at(source->line_starts[line - 1]), text_str(&text));
}

// The end of what stands before the statement in its block, or of the line above it.
static uint32_t end_before(const Tree *tree, Node statement, const Place *place) {
  const Source *source = tree->source;
  uint32_t start = tree_span(tree, statement).start;
  if (!place->begins_line) {
    uint32_t end = gap_start(tree, start);
    return end > 0 && source->text.data[end - 1] == ';' ? gap_start(tree, end - 1) : end;
  }
  uint32_t line = source_line_of(source, start);
  return source->line_starts[line - 2] + source_line(source, line - 1).len;
}

void fix_move_behind(Context *cx, Finding *finding, Node statement, Node target) {
  const Tree *tree = &cx->module->tree;
  Place own = place_of(tree, statement), place = place_of(tree, target);
  Span span = tree_span(tree, statement);
  if (!own.ends_line || !place.begins_line || !place.ends_line) {
    fix_withdraw(finding);
    return;
  }
  // A comment behind it goes along.
  if (own.begins_line) span.end = own.line_end;
  // Its own lines stay as they are: they may be those of a string.
  Str text = source_text(tree->source, span);
  Str moved = str_format(
    cx->arena,
    "%.*s%.*s%.*s",
    STR_ARGS(line_ending(tree->source)),
    STR_ARGS(place.indentation),
    STR_ARGS(text)
  );
  bool is_only = tree_child_count(tree, tree_parent(tree, statement)) == 1;
  if (!is_only) span.start = end_before(tree, statement, &own);
  vec_push(cx->arena, &finding->fix.edits, (Edit){ span, is_only ? STR("pass") : STR_EMPTY });
  fix_edit(cx, finding, at(place.line_end), moved);
}

// By line from the first on: true for those that begin inside a string, whose text they are.
static bool *lines_in_strings(Context *cx, uint32_t first, Node from, Node after, uint32_t count) {
  const Tree *tree = &cx->module->tree;
  bool *is_inside = arena_array(cx->arena, bool, count + 1);
  for (Node row = from; row < after; row++) {
    if (!tree_is(tree, row, KIND_STRING)) continue;
    uint32_t line = source_line_of(tree->source, tree_span(tree, row).start);
    uint32_t last = source_line_of(tree->source, tree_span(tree, row).end);
    while (line++ < last) is_inside[line - first] = true;
  }
  return is_inside;
}

// Where the white space that counts begins: behind the last form feed before the code.
static uint32_t indentation_start(const Source *source, uint32_t line) {
  Str text = source_line(source, line);
  uint32_t start = 0;
  for (uint32_t i = 0; i < text.len; i++) {
    char c = text.data[i];
    if (c != ' ' && c != '\t' && c != '\f') break;
    if (c == '\f') start = i + 1;
  }
  return source->line_starts[line - 1] + start;
}

// The last of the statements behind that one in its block; NODE_NONE if there is none, or if there
// are more than `most`.
static Node last_behind(const Tree *tree, Node statement, uint32_t most) {
  Node last = NODE_NONE;
  for (Node next = tree_next(tree, statement); next != NODE_NONE; next = tree_next(tree, next)) {
    if (most-- == 0) return NODE_NONE;
    last = next;
  }
  return last;
}

enum { LONGEST_BLOCK = 200 }; // lines that a fix indents at most

void fix_open_block(Context *cx, Finding *finding, Node statement, const char *format, ...) {
  Str header;
  FORMATTED(cx, header, format);
  const Tree *tree = &cx->module->tree;
  const Source *source = tree->source;
  Place place = place_of(tree, statement);
  uint32_t behind = gap_end(tree, tree_span(tree, statement).end);
  bool has_semicolon = behind < source->text.len && source->text.data[behind] == ';';
  bool is_alone = place.begins_line && place.ends_line && !has_semicolon;
  Node end = is_alone ? last_behind(tree, statement, LONGEST_BLOCK) : NODE_NONE;
  uint32_t first = source_line_of(source, place.line_end) + 1;
  uint32_t last = end == NODE_NONE ? 0 : source_line_of(source, place_of(tree, end).line_end);
  if (last < first || last >= first + LONGEST_BLOCK) {
    fix_withdraw(finding);
    return;
  }
  Node next = tree_next(tree, statement);
  bool *is_inside = lines_in_strings(cx, first, next, tree_after(tree, end), last - first + 1);
  Str unit = indentation_unit(tree);
  fix_edit(cx, finding, tree_span(tree, statement), header);
  for (uint32_t line = first; line <= last; line++) {
    bool is_empty = str_trim(source_line(source, line)).len == 0;
    if (!is_empty && !is_inside[line - first])
      fix_edit(cx, finding, at(indentation_start(source, line)), unit);
  }
}

void fix_assign(Context *cx, Finding *finding, Node statement, const char *name) {
  uint32_t start = tree_span(&cx->module->tree, statement).start;
  fix_edit(cx, finding, at(start), str_format(cx->arena, "%s = ", name));
}
