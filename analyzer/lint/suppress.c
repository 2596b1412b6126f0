#include "lint/suppress.h"

#include "lint/foreign.h"
#include "lint/linter.h"
#include "lint/logical_line.h"
#include "lint/selector.h"

// What is left to read of one directive, from `at` on.
typedef struct {
  Str text; // of the file, up to the directive's end
  uint32_t at;
} Reader;

static Str rest(const Reader *reader) {
  return str_slice(reader->text, reader->at, reader->text.len);
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void skip_blanks(Reader *reader) {
  while (reader->at < reader->text.len && is_blank(reader->text.data[reader->at])) reader->at++;
}

static bool takes(Reader *reader, Str word) {
  if (!str_starts_with(rest(reader), word)) return false;
  reader->at += word.len;
  return true;
}

// A name or code: letters, digits and single dashes. `--` opens the reason.
static Span take_word(Reader *reader) {
  Span word = { reader->at, reader->at };
  Str text = reader->text;
  for (; word.end < text.len; word.end++) {
    char c = text.data[word.end];
    bool is_dash = c == '-' && word.end > word.start && text.data[word.end - 1] != '-' &&
      word.end + 1 < text.len && text.data[word.end + 1] != '-';
    if (!is_letter(c) && !is_digit(c) && !is_dash && c != '_') break;
  }
  reader->at = word.end;
  return word;
}

static Str span_text(const Reader *reader, Span span) {
  return str_slice(reader->text, span.start, span.end);
}

static void add_selector(Arena *arena, Suppression *suppression, const Reader *reader, Span word) {
  vec_push(arena, &suppression->selectors, span_text(reader, word));
  vec_push(arena, &suppression->selector_spans, word);
}

// `[name, code] reason`
static void read_bracketed(Arena *arena, Suppression *suppression, Reader *reader) {
  while (reader->at < reader->text.len && !takes(reader, STR("]"))) {
    Span word = take_word(reader);
    if (word.start < word.end) add_selector(arena, suppression, reader, word);
    else reader->at++;
  }
}

// `name, code -- reason`. Without a comma a word goes on the list only if it names a rule: else it
// is the first word of the reason.
static void read_listed(Arena *arena, Suppression *suppression, Reader *reader) {
  for (bool is_open = true;;) {
    skip_blanks(reader);
    Reader before = *reader;
    Span word = take_word(reader);
    bool is_selector = is_open || linter_find_rule(span_text(reader, word)) != NULL;
    if (word.start == word.end || !is_selector) {
      *reader = before;
      return;
    }
    add_selector(arena, suppression, reader, word);
    skip_blanks(reader);
    is_open = takes(reader, STR(","));
  }
}

static Str take_verb(Reader *reader) {
  skip_blanks(reader);
  return span_text(reader, take_word(reader));
}

static bool is_verb(Str word) { return str_is(word, "ignore") || str_is(word, "ignore-file"); }

// The words behind `awry:`. False if they are no directive.
static bool read_ignore(Arena *arena, Suppression *suppression, Reader *reader) {
  Str verb = take_verb(reader);
  if (!is_verb(verb)) return false;
  bool is_file = str_is(verb, "ignore-file");
  if (is_file) suppression->last_line = UINT32_MAX;
  skip_blanks(reader);
  if (takes(reader, STR(":")) || takes(reader, STR("="))) skip_blanks(reader);
  if (takes(reader, STR("["))) read_bracketed(arena, suppression, reader);
  else read_listed(arena, suppression, reader);
  skip_blanks(reader);
  takes(reader, STR("--"));
  suppression->reason = str_trim(rest(reader));
  return true;
}

// Letters and digits, as in the codes of other linters.
static Span take_code(Reader *reader) {
  Str text = reader->text;
  Span code = { reader->at, reader->at };
  while (code.end < text.len && is_letter(text.data[code.end])) code.end++;
  uint32_t letters_end = code.end;
  while (code.end < text.len && is_digit(text.data[code.end])) code.end++;
  bool is_code = letters_end > code.start && code.end > letters_end;
  if (!is_code) return (Span){ reader->at, reader->at };
  reader->at = code.end;
  return code;
}

// What stands behind `noqa`. False if it is a colon without codes, which means nothing to anybody.
static bool read_noqa(Arena *arena, Suppression *suppression, Reader *reader) {
  if (reader->at < reader->text.len && is_letter(reader->text.data[reader->at])) return false;
  suppression->is_noqa = true;
  skip_blanks(reader);
  if (!takes(reader, STR(":"))) return true;
  for (;;) {
    skip_blanks(reader);
    Span code = take_code(reader);
    if (code.start == code.end) break;
    add_selector(arena, suppression, reader, code);
    skip_blanks(reader);
    takes(reader, STR(","));
  }
  suppression->reason = str_trim(rest(reader));
  return suppression->selectors.count > 0;
}

static bool takes_noqa(Reader *reader) {
  static const char noqa[] = "noqa";
  Str text = rest(reader);
  if (text.len < 4) return false;
  for (uint32_t i = 0; i < 4; i++) {
    if ((text.data[i] | 0x20) != noqa[i]) return false;
  }
  reader->at += 4;
  return true;
}

// The part of a comment that starts at the offset, without white space at its end. The next part
// starts at white space and another `#`, except that `#12` is a number.
static Span part_at(Str text, Span comment, uint32_t start, uint32_t *next) {
  uint32_t end = start + 1;
  for (; end < comment.end; end++) {
    bool is_start = text.data[end] == '#' && is_blank(text.data[end - 1]) &&
      end + 1 < comment.end && !is_digit(text.data[end + 1]);
    if (is_start) break;
  }
  *next = end < comment.end ? end : comment.end;
  return (Span){ start, start + str_trim(str_slice(text, start, *next)).len };
}

// Behind the `#` of that part of a comment.
static Reader reader_of(Str text, Span part) {
  Reader reader = { .text = str_slice(text, 0, part.end), .at = part.start };
  while (takes(&reader, STR("#"))) skip_blanks(&reader);
  return reader;
}

static bool read_directive(Arena *arena, Suppression *suppression, Str text, Span part) {
  *suppression = (Suppression){ .span = part };
  Reader reader = reader_of(text, part);
  bool is_read = takes(&reader, STR("awry:"))
    ? read_ignore(arena, suppression, &reader)
    : takes_noqa(&reader) && read_noqa(arena, suppression, &reader);
  if (!is_read) return false;
  suppression->selector_is_used = arena_array(arena, bool, suppression->selectors.count);
  return true;
}

// True if a comment stands alone in its line.
static bool is_alone(const Source *source, uint32_t comment_start, uint32_t line) {
  Span before = { source->line_starts[line - 1], comment_start };
  return str_trim(source_text(source, before)).len == 0;
}

// What the reading of one file has found out so far.
typedef struct {
  const Source *source;
  LogicalLines lines; // empty until there is a directive
  uint32_t next_code; // the last answer of next_line_of_code
} Place;

// The next line that holds more than a comment, or the one past the end. Requires: line does not
// decrease from call to call, so that all calls together look at each line once.
static uint32_t next_line_of_code(Place *place, uint32_t line) {
  if (place->next_code > line) return place->next_code;
  uint32_t next = line + 1;
  for (; next <= place->source->line_count; next++) {
    Str text = str_trim(source_line(place->source, next));
    if (text.len > 0 && text.data[0] != '#') break;
  }
  place->next_code = next;
  return next;
}

// Sets the lines that a directive of one line covers: all of the next logical line, or of its own
// that part which ends with it.
static void set_lines(Place *place, Suppression *suppression, Span comment) {
  if (suppression->last_line == UINT32_MAX) return;
  const LogicalLines *lines = &place->lines;
  uint32_t line = source_line_of(place->source, comment.start);
  suppression->first_line = lines->first[line];
  suppression->last_line = line;
  if (!is_alone(place->source, comment.start, line)) return;
  uint32_t next = next_line_of_code(place, line);
  if (next > place->source->line_count) return;
  bool is_within = lines->first[line] != line || lines->last[line] != line;
  suppression->first_line = lines->first[next];
  suppression->last_line = is_within ? next : lines->last[next];
}

static bool may_hold_directive(Str comment) {
  if (str_contains(comment, STR("awry:"))) return true;
  for (uint32_t i = 0; i + 4 <= comment.len; i++) {
    Reader reader = { .text = comment, .at = i };
    if ((comment.data[i] | 0x20) == 'n' && takes_noqa(&reader)) return true;
  }
  return false;
}

static void read_comment(Arena *arena, Place *place, Suppressions *suppressions, Span comment) {
  Str text = place->source->text;
  for (uint32_t start = comment.start; start < comment.end;) {
    Suppression suppression;
    Span part = part_at(text, comment, start, &start);
    if (!read_directive(arena, &suppression, text, part)) continue;
    set_lines(place, &suppression, comment);
    vec_push(arena, suppressions, suppression);
  }
}

Suppressions suppressions_read(Arena *arena, const Tree *tree) {
  Suppressions suppressions = { 0 };
  Place place = { .source = tree->source };
  for (uint32_t i = 0; i < tree->comments.count; i++) {
    Span comment = tree->comments.items[i];
    if (!may_hold_directive(source_text(tree->source, comment))) continue;
    if (place.lines.first == NULL) place.lines = logical_lines_build(arena, tree);
    read_comment(arena, &place, &suppressions, comment);
  }
  return suppressions;
}

static void
read_unknown(Arena *arena, const Source *source, Span comment, UnknownDirectives *unknown) {
  for (uint32_t start = comment.start; start < comment.end;) {
    Span part = part_at(source->text, comment, start, &start);
    Reader reader = reader_of(source->text, part);
    if (!takes(&reader, STR("awry:"))) continue;
    Str word = take_verb(&reader);
    if (word.len == 0 || is_verb(word)) continue;
    vec_push(arena, unknown, (UnknownDirective){ part, word });
  }
}

UnknownDirectives suppressions_unknown(Arena *arena, const Tree *tree) {
  UnknownDirectives unknown = { 0 };
  for (uint32_t i = 0; i < tree->comments.count; i++) {
    Span comment = tree->comments.items[i];
    if (str_contains(source_text(tree->source, comment), STR("awry:")))
      read_unknown(arena, tree->source, comment, &unknown);
  }
  return unknown;
}

bool suppression_names(const Suppression *suppression, const Rule *rule) {
  if (suppression->selectors.count == 0) return true;
  for (uint32_t i = 0; i < suppression->selectors.count; i++) {
    Str selector = suppression->selectors.items[i];
    if (selector_selects(selector, rule) != SELECTED_NOT) return true;
  }
  return false;
}

bool suppression_is_ours(const Suppression *suppression) {
  if (!suppression->is_noqa) return true;
  for (uint32_t i = 0; i < suppression->selectors.count; i++) {
    Str selector = suppression->selectors.items[i];
    if (foreign_find(selector) || !selector_is_known(selector)) return false;
  }
  return suppression->selectors.count > 0;
}

bool rule_is_about_suppressions(const Rule *rule) {
  static const char *const codes[] = { "AWR001", "AWR004" };
  return STR_IN(str_from(rule->code), codes);
}
