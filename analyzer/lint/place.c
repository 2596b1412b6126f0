#include "lint/place.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

// Where the last byte of the line would be, its ending left out.
static uint32_t end_of_line(const Source *source, uint32_t line) {
  return source->line_starts[line - 1] + source_line(source, line).len;
}

static bool has_comment(const Tree *tree, uint32_t line) {
  const Source *source = tree->source;
  uint32_t end = end_of_line(source, line), count = tree_comments_before(tree, end);
  return count > 0 && tree->comments.items[count - 1].start >= source->line_starts[line - 1];
}

// True if a backslash joins the next line to this one.
static bool is_continued(const Tree *tree, uint32_t line) {
  return str_ends_with(source_line(tree->source, line), STR("\\")) && !has_comment(tree, line);
}

bool continues_line(const Tree *tree, uint32_t line) {
  return !source_starts_cell(tree->source, line) && is_continued(tree, line - 1);
}

// The offset behind blanks and continued lines.
static uint32_t skip_blank(const Tree *tree, uint32_t offset) {
  const Source *source = tree->source;
  Str text = source->text;
  for (;;) {
    while (offset < text.len && is_blank(text.data[offset])) offset++;
    if (offset >= text.len || text.data[offset] != '\\') return offset;
    uint32_t line = source_line_of(source, offset);
    bool is_last = offset + 1 != end_of_line(source, line) || line == source->line_count;
    if (is_last) return offset;
    offset = source->line_starts[line];
  }
}

static bool ends_there(const Source *source, uint32_t offset) {
  if (offset >= source->text.len) return true;
  char c = source->text.data[offset];
  return c == '#' || c == '\n' || c == '\r';
}

static uint32_t end_behind(const Tree *tree, uint32_t offset) {
  const Source *source = tree->source;
  uint32_t line = source_line_of(source, offset);
  while (line < source->line_count && is_continued(tree, line)) line++;
  return end_of_line(source, line);
}

// Where the blanks before the offset begin. A line may be long, and statements be all over it.
static uint32_t blank_start(const Source *source, uint32_t line_start, uint32_t offset) {
  while (offset > line_start && is_blank(source->text.data[offset - 1])) offset--;
  return offset;
}

Place place_of(const Tree *tree, Node statement) {
  const Source *source = tree->source;
  Span span = tree_span(tree, statement);
  uint32_t line = source_line_of(source, span.start);
  uint32_t line_start = source->line_starts[line - 1];
  Span before = { blank_start(source, line_start, span.start), span.start };
  Place place = { .indentation = STR_EMPTY };
  place.begins_line = before.start == line_start && !continues_line(tree, line);
  // What stands before a form feed does not count.
  if (place.begins_line) place.indentation = str_after_last(source_text(source, before), '\f');
  uint32_t behind = skip_blank(tree, span.end);
  if (behind < source->text.len && source->text.data[behind] == ';')
    behind = skip_blank(tree, behind + 1);
  place.ends_line = ends_there(source, behind);
  place.line_end = end_behind(tree, behind);
  return place;
}

bool holds_only_comment(const Tree *tree, uint32_t line) {
  return !continues_line(tree, line) &&
    str_starts_with(str_trim(source_line(tree->source, line)), STR("#")) && has_comment(tree, line);
}

Str line_ending(const Source *source) {
  if (source->line_count < 2) return STR("\n");
  Str text = str_slice(source->text, 0, source->line_starts[1]);
  if (str_ends_with(text, STR("\r\n"))) return STR("\r\n");
  return str_ends_with(text, STR("\r")) ? STR("\r") : STR("\n");
}

Str indentation_unit(const Tree *tree) {
  for (Node block = 0; block < tree->count; block++) {
    Node first = tree_is(tree, block, KIND_BLOCK) ? tree_first(tree, block) : NODE_NONE;
    if (first == NODE_NONE) continue;
    Place outer = place_of(tree, tree_parent(tree, block)), inner = place_of(tree, first);
    bool is_deeper = inner.indentation.len > outer.indentation.len &&
      str_starts_with(inner.indentation, outer.indentation);
    if (!inner.begins_line || !outer.begins_line || !is_deeper) continue;
    return str_slice(inner.indentation, outer.indentation.len, inner.indentation.len);
  }
  return STR("    ");
}
