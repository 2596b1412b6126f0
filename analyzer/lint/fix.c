#include "lint/fix.h"

#include <stdarg.h>

#include "base/text.h"
#include "lint/gap.h"
#include "lint/place.h"

void fix_withdraw(Finding *finding) { finding->fix = (Fix){ 0 }; }

// Comments are the author's: a fix that would delete one is none.
static bool loses_comment(const Tree *tree, Span span, Str text) {
  uint32_t last = tree_comments_before(tree, span.end);
  for (uint32_t i = tree_comments_before(tree, span.start); i < last; i++) {
    Str comment = source_text(tree->source, tree->comments.items[i]);
    if (!str_contains(text, comment)) return true;
  }
  return false;
}

void fix_edit(Context *cx, Finding *finding, Span span, Str text) {
  if (finding->fix.applicability == FIX_NONE) return;
  if (loses_comment(&cx->module->tree, span, text)) {
    fix_withdraw(finding);
    return;
  }
  vec_push(cx->arena, &finding->fix.edits, (Edit){ .span = span, .text = text });
}

// True if the byte before the offset, or the one at it, would become a part of a name beside it.
static bool is_glued_left(Str text, uint32_t offset) {
  return offset > 0 && is_name_byte(text.data[offset - 1]);
}
static bool is_glued_right(Str text, uint32_t offset) {
  return offset < text.len && is_name_byte(text.data[offset]);
}

// An edit of whole words: `except(A)` does not become `exceptB`.
static void edit_words(Context *cx, Finding *finding, Span span, Str words) {
  Str text = cx->module->source->text;
  bool needs_left = words.len > 0 && is_name_byte(words.data[0]) && is_glued_left(text, span.start);
  bool needs_right =
    words.len > 0 && is_name_byte(words.data[words.len - 1]) && is_glued_right(text, span.end);
  if (needs_left || needs_right) {
    const char *left = needs_left ? " " : "", *right = needs_right ? " " : "";
    words = str_format(cx->arena, "%s%.*s%s", left, STR_ARGS(words), right);
  }
  fix_edit(cx, finding, span, words);
}

void fix_replace(Context *cx, Finding *finding, Node node, const char *format, ...) {
  Str text;
  FORMATTED(cx, text, format);
  edit_words(cx, finding, tree_span(&cx->module->tree, node), text);
}

void fix_insert_at(Context *cx, Finding *finding, uint32_t offset, const char *format, ...) {
  Str text;
  FORMATTED(cx, text, format);
  fix_edit(cx, finding, (Span){ offset, offset }, text);
}

void fix_insert_before(Context *cx, Finding *finding, Node node, const char *format, ...) {
  Str text;
  FORMATTED(cx, text, format);
  uint32_t start = span_in_parentheses(&cx->module->tree, node).start;
  bool is_glued =
    text.len > 0 && is_name_byte(text.data[0]) && is_glued_left(cx->module->source->text, start);
  if (is_glued) text = str_format(cx->arena, " %.*s", STR_ARGS(text));
  fix_edit(cx, finding, (Span){ start, start }, text);
}

void fix_insert_after(Context *cx, Finding *finding, Node node, const char *format, ...) {
  Str text;
  FORMATTED(cx, text, format);
  uint32_t end = span_in_parentheses(&cx->module->tree, node).end;
  fix_edit(cx, finding, (Span){ end, end }, text);
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

static bool holds_line_end(Str text) {
  return str_contains(text, STR("\n")) || str_contains(text, STR("\r"));
}

// True if `await x` means the whole of x, wherever it stands: x is of one piece, and its brackets
// hold its lines together.
static bool is_operand(const Tree *tree, Node node) {
  Span span = tree_span(tree, node);
  if (tree_is(tree, node, KIND_CALL)) {
    span.end = tree_span(tree, tree_child(tree, node, FIELD_ARGUMENTS)).start;
  } else if (!tree_is(tree, node, KIND_IDENTIFIER) && !tree_is(tree, node, KIND_ATTRIBUTE)) {
    return false;
  }
  return !holds_line_end(source_text(tree->source, span));
}

// In a class the word means nothing, and it would make an asynchronous one of a generator.
static bool is_in_other_scope(const Scopes *scopes, Node expression) {
  uint32_t comprehensions = 0;
  for (ScopeId id = scopes->scope_of[expression]; id != SCOPE_NONE;) {
    const Scope *scope = &scopes->scopes.items[id];
    if (scope->kind != SCOPE_COMPREHENSION) return scope->kind == SCOPE_CLASS;
    bool is_generator = tree_is(scopes->tree, scope->node, KIND_GENERATOR_EXPRESSION);
    // Before Python 3.11 only the outermost comprehension may await.
    if (is_generator || ++comprehensions > 1) return true;
    id = scope->parent;
  }
  return false;
}

Str fix_code(Context *cx, Node expression) {
  const Tree *tree = &cx->module->tree;
  return source_text(tree->source, span_in_parentheses(tree, expression));
}

void fix_await(Context *cx, Finding *finding, Node expression, Node operand) {
  const Tree *tree = &cx->module->tree;
  if (is_in_other_scope(&cx->module->scopes, expression)) {
    fix_withdraw(finding);
    return;
  }
  Span outer = tree_span(tree, expression), inner = tree_span(tree, operand);
  bool is_outer_held = binds_tighter(tree, expression);
  bool is_inner_held = operand != expression && !is_operand(tree, operand);
  Str before =
    str_format(cx->arena, "%sawait %s", is_outer_held ? "(" : "", is_inner_held ? "(" : "");
  edit_words(cx, finding, (Span){ outer.start, inner.start }, before);
  Str after = str_format(cx->arena, "%s%s", is_inner_held ? ")" : "", is_outer_held ? ")" : "");
  bool is_glued = after.len == 0 && inner.end < outer.end &&
    is_glued_left(tree->source->text, inner.end) && is_glued_right(tree->source->text, outer.end);
  if (is_glued) after = STR(" ");
  if (after.len > 0 || inner.end < outer.end)
    fix_edit(cx, finding, (Span){ inner.end, outer.end }, after);
}

// The argument on a line of its own below the last one, which has one, too.
static void add_argument_line(
  Context *cx, Finding *finding, Span last, Str indentation, Str ending, Str added
) {
  const Tree *tree = &cx->module->tree;
  const Source *source = tree->source;
  uint32_t behind = gap_end(tree, last.end);
  bool has_comma = source->text.data[behind] == ',';
  uint32_t line = source_line_of(source, has_comma ? behind : last.end);
  uint32_t place = source->line_starts[line - 1] + source_line(source, line).len;
  const char *comma = has_comma ? "," : "";
  if (!has_comma) fix_edit(cx, finding, (Span){ last.end, last.end }, STR(","));
  Str text = str_format(
    cx->arena, "%.*s%.*s%.*s%s", STR_ARGS(ending), STR_ARGS(indentation), STR_ARGS(added), comma
  );
  fix_edit(cx, finding, (Span){ place, place }, text);
}

// True if the last argument begins a line and the bracket behind it another one.
static bool has_own_line(const Source *source, Span last, uint32_t bracket, Str *indentation) {
  uint32_t line = source_line_of(source, last.start);
  *indentation = source_text(source, (Span){ source->line_starts[line - 1], last.start });
  bool begins = str_trim(*indentation).len == 0;
  return begins && source_line_of(source, bracket) > source_line_of(source, last.end);
}

void fix_add_argument(Context *cx, Finding *finding, Node call, const char *format, ...) {
  Str added, indentation;
  FORMATTED(cx, added, format);
  const Tree *tree = &cx->module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  Span brackets = tree_span(tree, arguments);
  if (!tree_is(tree, arguments, KIND_ARGUMENT_LIST)) {
    // A generator that shares its parentheses with the call needs some of its own.
    fix_edit(cx, finding, (Span){ brackets.start, brackets.start }, STR("("));
    Str text = str_format(cx->arena, ", %.*s)", STR_ARGS(added));
    fix_edit(cx, finding, (Span){ brackets.end, brackets.end }, text);
    return;
  }
  uint32_t bracket = brackets.end - 1;
  Node last = tree_last_child(tree, arguments);
  if (last == NODE_NONE) {
    fix_edit(cx, finding, (Span){ bracket, bracket }, added);
    return;
  }
  Span span = span_in_parentheses(tree, last);
  if (has_own_line(tree->source, span, bracket, &indentation)) {
    add_argument_line(cx, finding, span, indentation, line_ending(tree->source), added);
    return;
  }
  Str text = str_format(cx->arena, ", %.*s", STR_ARGS(added));
  fix_edit(cx, finding, (Span){ span.end, span.end }, text);
}

static bool holds_comment(const Tree *tree, Span span) {
  return tree_comments_before(tree, span.start) < tree_comments_before(tree, span.end);
}

// The item before or behind it.
static Node neighbour_of(const Tree *tree, Node item) {
  Node neighbour = tree_next(tree, item);
  if (neighbour != NODE_NONE) return neighbour;
  TREE_EACH_CHILD (tree, tree_parent(tree, item), child) {
    if (child == item) break;
    neighbour = child;
  }
  return neighbour;
}

void fix_remove_item(Context *cx, Finding *finding, Node item) {
  const Tree *tree = &cx->module->tree;
  Node list = tree_parent(tree, item), neighbour = neighbour_of(tree, item);
  if (neighbour == NODE_NONE) {
    fix_withdraw(finding);
    return;
  }
  bool is_pair = tree_is(tree, list, KIND_TUPLE) && tree_child_count(tree, list) == 2;
  if (is_pair && !holds_comment(tree, tree_span(tree, list))) {
    fix_replace(cx, finding, list, "%.*s", STR_ARGS(tree_text(tree, neighbour)));
    return;
  }
  Span span = span_in_parentheses(tree, item);
  if (neighbour > item) span.end = span_in_parentheses(tree, neighbour).start;
  else span.start = span_in_parentheses(tree, neighbour).end;
  fix_edit(cx, finding, span, STR_EMPTY);
}
