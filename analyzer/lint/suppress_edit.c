#include "lint/suppress_edit.h"

#include "base/text.h"
#include "lint/place.h"
#include "lint/rule.h"
#include "lint/suppress.h"

#include <string.h>

// What black and ruff leave to a line. A comment beyond it would be a finding of theirs.
enum { LINE_WIDTH = 88 };

typedef Vec(const Rule *) RuleRefs;

// One comment to be: the rules that it names, and where it goes.
typedef struct {
  Suppression *extended; // NULL: a new comment
  uint32_t line;         // of a new one: the line that it covers
  bool is_above;         // alone, above the line
  RuleRefs rules;
} Comment;

typedef Vec(Comment) Comments;

typedef struct {
  Arena *arena;
  const Tree *tree;
  Str reason;
  Suppressions suppressions; // those that are there
  Comments comments;
  // By line.
  bool *goes_on;        // its end lies in a string, or is a backslash
  uint32_t *covered_by; // 1 + the index of a suppression that can take more names; 0: none
  uint32_t *comment_of; // 1 + the index of the comment that covers it then; 0: none
} Writer;

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

static void mark_strings(Writer *writer) {
  const Tree *tree = writer->tree;
  uint32_t done = 0; // strings in a string are a part of it
  for (Node node = 0; node < tree->count; node++) {
    Span span = tree_span(tree, node);
    if (tree_kind(tree, node) != KIND_STRING || span.end <= done) continue;
    done = span.end;
    uint32_t last = source_line_of(tree->source, span.end);
    for (uint32_t line = source_line_of(tree->source, span.start); line < last; line++)
      writer->goes_on[line] = true;
  }
}

static bool has_comment(const Tree *tree, uint32_t line) {
  const Source *source = tree->source;
  uint32_t start = source->line_starts[line - 1];
  uint32_t end = start + source_line(source, line).len;
  return tree_comments_before(tree, end) > tree_comments_before(tree, start);
}

static bool can_take_names(const Suppression *suppression) {
  bool is_of_line = suppression->last_line != UINT32_MAX;
  return is_of_line && !suppression->is_noqa && suppression->selectors.count > 0;
}

// All that cover lines of one logical line do so from its first one on: a line that is marked has
// marked ones above it.
static void mark_covered(Writer *writer) {
  for (uint32_t i = 0; i < writer->suppressions.count; i++) {
    const Suppression *suppression = &writer->suppressions.items[i];
    if (!can_take_names(suppression)) continue;
    for (uint32_t line = suppression->last_line; line >= suppression->first_line; line--) {
      if (writer->covered_by[line] > 0) break;
      writer->covered_by[line] = i + 1;
    }
  }
}

static Writer writer_build(Arena *arena, const Tree *tree, Str reason) {
  const Source *source = tree->source;
  Writer writer = { .arena = arena, .tree = tree, .reason = reason };
  writer.suppressions = suppressions_read(arena, tree);
  writer.goes_on = arena_array(arena, bool, source->line_count + 1);
  writer.covered_by = arena_array(arena, uint32_t, source->line_count + 1);
  writer.comment_of = arena_array(arena, uint32_t, source->line_count + 1);
  mark_strings(&writer);
  mark_covered(&writer);
  for (uint32_t line = 1; line <= source->line_count; line++) {
    bool is_joined =
      str_ends_with(source_line(source, line), STR("\\")) && !has_comment(tree, line);
    if (is_joined) writer.goes_on[line] = true;
  }
  return writer;
}

// What a comment behind the line would be a part of is the line's code: of a command of IPython
// too.
static bool can_end_with_comment(const Writer *writer, uint32_t line) {
  const Source *source = writer->tree->source;
  if (writer->goes_on[line]) return false;
  uint32_t start = source->line_starts[line - 1], len = source_line(source, line).len;
  return memcmp(source->text.data + start, source->code.data + start, len) == 0;
}

static bool can_stand_below_comment(const Writer *writer, uint32_t line) {
  return source_starts_cell(writer->tree->source, line) || !writer->goes_on[line - 1];
}

static Str line_without_blanks(const Source *source, uint32_t line) {
  Str text = source_line(source, line);
  while (text.len > 0 && is_blank(text.data[text.len - 1])) text.len--;
  return text;
}

static void add_comment_text(const Writer *writer, Text *text, Str verb, const Comment *comment) {
  text_format(text, "# awry: %.*s ", STR_ARGS(verb));
  for (uint32_t i = 0; i < comment->rules.count; i++)
    text_format(text, "%s%s", i > 0 ? ", " : "", comment->rules.items[i]->name);
  if (writer->reason.len > 0) text_format(text, " -- %.*s", STR_ARGS(writer->reason));
}

static bool fits_behind(const Writer *writer, uint32_t line, const Rule *rule) {
  const Source *source = writer->tree->source;
  Str before = line_without_blanks(source, line);
  uint32_t end = source->line_starts[line - 1] + before.len;
  Comment comment = { 0 };
  vec_push(writer->arena, &comment.rules, rule);
  Text text = { .arena = writer->arena };
  add_comment_text(writer, &text, STR("ignore"), &comment);
  return source_position(source, end).column + 1 + text.len <= LINE_WIDTH;
}

// Where a new comment goes; a line of 0 if there is no place for one.
static Comment place_comment(const Writer *writer, uint32_t line, const Rule *rule) {
  bool can_end = can_end_with_comment(writer, line);
  if (can_end && fits_behind(writer, line, rule)) return (Comment){ .line = line };
  if (can_stand_below_comment(writer, line)) return (Comment){ .line = line, .is_above = true };
  uint32_t count = writer->tree->source->line_count;
  while (line <= count && !can_end_with_comment(writer, line)) line++;
  return (Comment){ .line = line <= count ? line : 0 };
}

static void add_rule(const Writer *writer, Comment *comment, const Rule *rule) {
  for (uint32_t i = 0; i < comment->rules.count; i++) {
    if (comment->rules.items[i] == rule) return;
  }
  vec_push(writer->arena, &comment->rules, rule);
}

static Comment comment_for(Writer *writer, uint32_t line, const Rule *rule) {
  uint32_t covering = writer->covered_by[line];
  if (covering == 0) return place_comment(writer, line, rule);
  Suppression *extended = &writer->suppressions.items[covering - 1];
  return (Comment){ .extended = extended, .line = extended->last_line };
}

static void cover(Writer *writer, const Finding *finding) {
  if (rule_is_about_suppressions(finding->rule)) return;
  uint32_t line = source_line_of(writer->tree->source, finding->span.start);
  Comment comment = comment_for(writer, line, finding->rule);
  if (comment.line == 0) return;
  if (writer->comment_of[comment.line] == 0) {
    vec_push(writer->arena, &writer->comments, comment);
    writer->comment_of[comment.line] = writer->comments.count;
  }
  add_rule(writer, &writer->comments.items[writer->comment_of[comment.line] - 1], finding->rule);
}

static Edit extending_edit(const Writer *writer, const Comment *comment) {
  const Suppression *extended = comment->extended;
  uint32_t end = extended->selector_spans.items[extended->selectors.count - 1].end;
  Text text = { .arena = writer->arena };
  for (uint32_t i = 0; i < comment->rules.count; i++)
    text_format(&text, ", %s", comment->rules.items[i]->name);
  return (Edit){ .span = { end, end }, .text = text_str(&text) };
}

static Str indentation_of(const Source *source, uint32_t line) {
  Str text = source_line(source, line);
  uint32_t len = 0;
  while (len < text.len && is_blank(text.data[len])) len++;
  return str_slice(text, 0, len);
}

static Edit new_edit(const Writer *writer, const Comment *comment) {
  const Source *source = writer->tree->source;
  uint32_t start = source->line_starts[comment->line - 1];
  Text text = { .arena = writer->arena };
  if (comment->is_above) {
    text_add(&text, indentation_of(source, comment->line));
    add_comment_text(writer, &text, STR("ignore"), comment);
    text_add(&text, line_ending(source));
    return (Edit){ .span = { start, start }, .text = text_str(&text) };
  }
  text_add(&text, STR("  "));
  add_comment_text(writer, &text, STR("ignore"), comment);
  uint32_t blanks = start + line_without_blanks(source, comment->line).len;
  uint32_t end = start + source_line(source, comment->line).len;
  return (Edit){ .span = { blanks, end }, .text = text_str(&text) };
}

Edits suppressions_add(Arena *arena, const Tree *tree, const Findings *findings, Str reason) {
  Edits edits = { 0 };
  if (findings->count == 0) return edits;
  Writer writer = writer_build(arena, tree, reason);
  for (uint32_t i = 0; i < findings->count; i++) cover(&writer, &findings->items[i]);
  for (uint32_t i = 0; i < writer.comments.count; i++) {
    const Comment *comment = &writer.comments.items[i];
    vec_push(
      arena,
      &edits,
      comment->extended ? extending_edit(&writer, comment) : new_edit(&writer, comment)
    );
  }
  edits_sort(arena, &edits);
  return edits;
}

static bool is_header(const Tree *tree, uint32_t line) {
  const Source *source = tree->source;
  Str text = source_line(source, line);
  if (source->cell_count > 0 && str_starts_with(text, STR("%%"))) return true;
  // The encoding may be named below an empty line.
  return holds_only_comment(tree, line) || (line == 1 && str_trim(text).len == 0);
}

// Below what has to come first, or is expected to: how the file is run, its encoding, its licence,
// the magic of a cell.
static uint32_t first_line_for_comment(const Tree *tree) {
  const Source *source = tree->source;
  uint32_t line = 1;
  while (line < source->line_count && is_header(tree, line)) {
    if (source_starts_cell(source, line + 1)) break;
    line++;
  }
  return line;
}

static Suppression *suppression_of_file(const Writer *writer) {
  for (uint32_t i = 0; i < writer->suppressions.count; i++) {
    Suppression *suppression = &writer->suppressions.items[i];
    bool is_of_file = suppression->last_line == UINT32_MAX && !suppression->is_noqa;
    if (is_of_file && suppression->selectors.count > 0) return suppression;
  }
  return NULL;
}

Edits suppressions_add_to_file(Arena *arena, const Tree *tree, const Rule *rule, Str reason) {
  const Source *source = tree->source;
  Writer writer = { .arena = arena, .tree = tree, .reason = reason };
  writer.suppressions = suppressions_read(arena, tree);
  Edits edits = { 0 };
  Comment comment = { 0 };
  vec_push(arena, &comment.rules, rule);
  comment.extended = suppression_of_file(&writer);
  if (comment.extended) {
    vec_push(arena, &edits, extending_edit(&writer, &comment));
    return edits;
  }
  Text text = { .arena = arena };
  add_comment_text(&writer, &text, STR("ignore-file"), &comment);
  text_add(&text, line_ending(source));
  uint32_t start = source->line_starts[first_line_for_comment(tree) - 1];
  vec_push(arena, &edits, (Edit){ .span = { start, start }, .text = text_str(&text) });
  return edits;
}
