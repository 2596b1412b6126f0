#include "lint/context.h"

#include <stdarg.h>

#include "base/text.h"

#define FORMATTED(cx, text, format) \
  do { \
    va_list args; \
    va_start(args, format); \
    (text) = str_format_list((cx)->arena, (format), args); \
    va_end(args); \
  } while (0)

static void add_edit(Context *cx, Finding *finding, Span span, Str text) {
  vec_push(cx->arena, &finding->fix.edits, (Edit){ .span = span, .text = text });
}

void fix_replace(Context *cx, Finding *finding, Node node, const char *format, ...) {
  Str text;
  FORMATTED(cx, text, format);
  add_edit(cx, finding, tree_span(&cx->module->tree, node), text);
}

void fix_insert_before(Context *cx, Finding *finding, Node node, const char *format, ...) {
  Str text;
  FORMATTED(cx, text, format);
  uint32_t start = tree_span(&cx->module->tree, node).start;
  add_edit(cx, finding, (Span){ start, start }, text);
}

void fix_insert_after(Context *cx, Finding *finding, Node node, const char *format, ...) {
  Str text;
  FORMATTED(cx, text, format);
  uint32_t end = tree_span(&cx->module->tree, node).end;
  add_edit(cx, finding, (Span){ end, end }, text);
}

// How the lines of the file end.
static Str line_ending(const Source *source) {
  if (source->line_count < 2) return STR("\n");
  Str text = str_slice(source->text, 0, source->line_starts[1]);
  if (str_ends_with(text, STR("\r\n"))) return STR("\r\n");
  return str_ends_with(text, STR("\r")) ? STR("\r") : STR("\n");
}

// The text with each of its lines but the first brought to the indentation.
static void add_indented(Text *out, Str text, Str ending, Str indentation) {
  text_add(out, str_next(&text, '\n'));
  while (text.len > 0) {
    text_add(out, ending);
    text_add(out, indentation);
    text_add(out, str_next(&text, '\n'));
  }
}

// What stands before the offset in its line.
static Str line_before(const Source *source, uint32_t offset) {
  uint32_t start = source->line_starts[source_line_of(source, offset) - 1];
  return source_text(source, (Span){ start, offset });
}

// The place behind everything in the line of the offset, a comment included.
static uint32_t line_end(const Source *source, uint32_t offset) {
  uint32_t line = source_line_of(source, offset);
  return source->line_starts[line - 1] + source_line(source, line).len;
}

void fix_append_statement(Context *cx, Finding *finding, Node block, const char *format, ...) {
  Str statement;
  FORMATTED(cx, statement, format);
  const Tree *tree = &cx->module->tree;
  const Source *source = cx->module->source;
  Node first = tree_first(tree, block), last = tree_last_child(tree, block);
  if (first == NODE_NONE) return;

  Str before = line_before(source, tree_span(tree, first).start);
  bool is_inline = str_trim(before).len > 0;
  Str indentation = is_inline ? STR_EMPTY : before;
  Str ending = line_ending(source);
  Text text = { .arena = cx->arena };
  if (first == last && tree_is(tree, first, KIND_PASS_STATEMENT)) {
    add_indented(&text, statement, ending, indentation);
    add_edit(cx, finding, tree_span(tree, first), text_str(&text));
    return;
  }
  uint32_t place = tree_span(tree, last).end;
  if (is_inline) {
    text_add(&text, STR("; "));
  } else {
    place = line_end(source, place);
    text_add(&text, ending);
    text_add(&text, indentation);
  }
  add_indented(&text, statement, ending, indentation);
  add_edit(cx, finding, (Span){ place, place }, text_str(&text));
}

void fix_insert_at(Context *cx, Finding *finding, uint32_t offset, const char *format, ...) {
  Str text;
  FORMATTED(cx, text, format);
  add_edit(cx, finding, (Span){ offset, offset }, text);
}

// True if what stands around the expression would take only a part of `await x` as its operand.
static bool binds_tighter(const Tree *tree, Node expression) {
  Node parent = tree_parent(tree, expression);
  Field field = tree_field(tree, expression);
  switch (tree_kind(tree, parent)) {
  case KIND_ATTRIBUTE:
    return field == FIELD_OBJECT;
  case KIND_SUBSCRIPT:
    return field == FIELD_VALUE;
  case KIND_CALL:
    return field == FIELD_FUNCTION;
  case KIND_AWAIT:
    return true;
  default:
    return false;
  }
}

void fix_await(Context *cx, Finding *finding, Node expression, Node operand) {
  const Tree *tree = &cx->module->tree;
  Span outer = tree_span(tree, expression), inner = tree_span(tree, operand);
  bool needs_parentheses = binds_tighter(tree, expression);
  add_edit(
    cx,
    finding,
    (Span){ outer.start, inner.start },
    needs_parentheses ? STR("(await ") : STR("await ")
  );
  if (needs_parentheses || inner.end < outer.end) {
    add_edit(cx, finding, (Span){ inner.end, outer.end }, needs_parentheses ? STR(")") : STR_EMPTY);
  }
}

void fix_add_statement_after(
  Context *cx, Finding *finding, Node statement, const char *format, ...
) {
  Str added;
  FORMATTED(cx, added, format);
  const Tree *tree = &cx->module->tree;
  const Source *source = cx->module->source;
  Str before = line_before(source, tree_span(tree, statement).start);
  if (str_trim(before).len > 0) {
    finding->fix = (Fix){ 0 };
    return;
  }
  Str ending = line_ending(source);
  Text text = { .arena = cx->arena };
  text_add(&text, ending);
  text_add(&text, before);
  add_indented(&text, added, ending, before);
  uint32_t place = line_end(source, tree_span(tree, statement).end);
  add_edit(cx, finding, (Span){ place, place }, text_str(&text));
}

// A string that stands alone.
static bool is_docstring(const Tree *tree, Node statement) {
  return tree_is(tree, statement, KIND_EXPRESSION_STATEMENT) &&
    tree_is(tree, tree_first(tree, statement), KIND_STRING);
}

void fix_prepend_statement(Context *cx, Finding *finding, Node block, const char *format, ...) {
  Str added;
  FORMATTED(cx, added, format);
  const Tree *tree = &cx->module->tree;
  const Source *source = cx->module->source;
  Node first = tree_first(tree, block);
  if (is_docstring(tree, first)) {
    fix_add_statement_after(cx, finding, first, "%.*s", STR_ARGS(added));
    return;
  }
  Str before = line_before(source, tree_span(tree, first).start);
  if (str_trim(before).len > 0) {
    finding->fix = (Fix){ 0 };
    return;
  }
  Str ending = line_ending(source);
  Text text = { .arena = cx->arena };
  add_indented(&text, added, ending, before);
  text_add(&text, ending);
  text_add(&text, before);
  uint32_t place = tree_span(tree, first).start;
  add_edit(cx, finding, (Span){ place, place }, text_str(&text));
}

void fix_add_after_imports(Context *cx, Finding *finding, const char *format, ...) {
  Str added;
  FORMATTED(cx, added, format);
  const Tree *tree = &cx->module->tree;
  const Source *source = cx->module->source;
  Node last = NODE_NONE;
  TREE_EACH_CHILD (tree, 0, statement) {
    Kind kind = tree_kind(tree, statement);
    bool is_import = kind == KIND_IMPORT_STATEMENT || kind == KIND_IMPORT_FROM_STATEMENT ||
      kind == KIND_FUTURE_IMPORT_STATEMENT;
    if (!is_import && !is_docstring(tree, statement)) break;
    last = statement;
  }
  if (last == NODE_NONE) {
    finding->fix = (Fix){ 0 };
    return;
  }
  Str ending = line_ending(source);
  uint32_t place = line_end(source, tree_span(tree, last).end);
  Str text =
    str_format(cx->arena, "%.*s%.*s%.*s", STR_ARGS(ending), STR_ARGS(ending), STR_ARGS(added));
  add_edit(cx, finding, (Span){ place, place }, text);
}

void fix_remove_statement(Context *cx, Finding *finding, Node statement) {
  const Tree *tree = &cx->module->tree;
  const Source *source = cx->module->source;
  Span span = tree_span(tree, statement);
  uint32_t line = source_line_of(source, span.start);
  uint32_t start = source->line_starts[line - 1], end = line_end(source, span.end);
  // The line ending before it goes, not the one behind it: what another edit adds after it stays
  // apart.
  if (!source_starts_cell(source, line)) start = line_end(source, source->line_starts[line - 2]);
  add_edit(cx, finding, (Span){ start, end }, STR_EMPTY);
}

void fix_add_argument(Context *cx, Finding *finding, Node call, const char *format, ...) {
  Str added;
  FORMATTED(cx, added, format);
  const Tree *tree = &cx->module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  Node last = tree_last_child(tree, arguments);
  if (last == NODE_NONE) {
    uint32_t place = tree_span(tree, arguments).end - 1;
    add_edit(cx, finding, (Span){ place, place }, added);
    return;
  }
  uint32_t place = tree_span(tree, last).end;
  add_edit(cx, finding, (Span){ place, place }, str_format(cx->arena, ", %.*s", STR_ARGS(added)));
}
