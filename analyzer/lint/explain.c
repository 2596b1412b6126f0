#include "lint/explain.h"

#include "lint/logical_line.h"
#include "lint/suppress.h"

#include <stdlib.h>
#include <string.h>

// What is asked about, and what the file's rules said.
typedef struct {
  const Linter *linter;
  const LintInput *input;
  const Tree *tree;
  Explanation *explanation;
  Suppressions suppressions;
  Findings shown, all;
  Quiets quiets;
  Arena *arena;
} Asked;

static int rule_order(const void *a, const void *b) {
  const RuleExplanation *left = a, *right = b;
  return strcmp(left->rule->code, right->rule->code);
}

static bool is_there(const Asked *asked, Span span) {
  uint32_t line = source_line_of(asked->input->source, span.start);
  return asked->explanation->first <= line && line <= asked->explanation->last;
}

static bool has_words(const Rule *rule, Str text) {
  for (uint32_t i = 0; i < RULE_MAX_WORDS && rule->words[i] != NULL; i++) {
    if (str_contains(text, str_from(rule->words[i]))) return true;
  }
  return rule->words[0] == NULL;
}

static bool is_same_place(const Finding *a, const Finding *b) {
  return a->rule == b->rule && a->span.start == b->span.start && a->span.end == b->span.end;
}

static bool is_shown(const Asked *asked, const Finding *finding) {
  for (uint32_t i = 0; i < asked->shown.count; i++) {
    if (is_same_place(&asked->shown.items[i], finding)) return true;
  }
  return false;
}

static Str why_hidden(Asked *asked, const Finding *finding, Str why_off) {
  const Suppression *suppression =
    suppression_of(asked->arena, asked->input->source, &asked->suppressions, finding);
  if (suppression == NULL) return why_off.len > 0 ? why_off : asked->explanation->why_unread;
  const Source *source = asked->input->source;
  return str_format(
    asked->arena,
    "suppressed by the comment in line %u%s%.*s",
    source_position(source, suppression->span.start).line,
    suppression->reason.len > 0 ? ": " : "",
    STR_ARGS(suppression->reason)
  );
}

static void add_findings(Asked *asked, RuleExplanation *rule) {
  for (uint32_t i = 0; i < asked->shown.count; i++) {
    const Finding *finding = &asked->shown.items[i];
    if (finding->rule == rule->rule && is_there(asked, finding->span))
      vec_push(asked->arena, &rule->findings, *finding);
  }
  for (uint32_t i = 0; i < asked->all.count; i++) {
    const Finding *finding = &asked->all.items[i];
    if (finding->rule != rule->rule || !is_there(asked, finding->span)) continue;
    if (is_shown(asked, finding)) continue;
    HiddenFinding hidden = { *finding, why_hidden(asked, finding, rule->why_off) };
    vec_push(asked->arena, &rule->hidden, hidden);
  }
}

// A place at which it also has something to say is no silence.
static bool is_reported(const RuleExplanation *rule, Span span) {
  for (uint32_t i = 0; i < rule->findings.count; i++) {
    if (rule->findings.items[i].span.start == span.start) return true;
  }
  for (uint32_t i = 0; i < rule->hidden.count; i++) {
    if (rule->hidden.items[i].finding.span.start == span.start) return true;
  }
  return false;
}

static bool is_known(const RuleExplanation *rule, const Quiet *quiet) {
  for (uint32_t i = 0; i < rule->quiet.count; i++) {
    const Quiet *other = &rule->quiet.items[i].quiet;
    if (other->span.start == quiet->span.start && strcmp(other->why, quiet->why) == 0) return true;
  }
  return false;
}

static int place_order(const void *a, const void *b) {
  uint32_t left = ((const QuietPlace *)a)->quiet.span.start;
  uint32_t right = ((const QuietPlace *)b)->quiet.span.start;
  return (left > right) - (left < right);
}

// A block is shown by its header.
static Str shown_here(const Asked *asked, Span span) {
  const Source *source = asked->input->source;
  Str line = source_line(source, asked->explanation->last);
  uint32_t end = (uint32_t)(line.data - source->text.data) + line.len;
  return shown_span(
    asked->arena, asked->tree, (Span){ span.start, end < span.end ? end : span.end }
  );
}

static void add_quiets(Asked *asked, RuleExplanation *rule) {
  const Source *source = asked->input->source;
  for (uint32_t i = 0; i < asked->quiets.count; i++) {
    const Quiet *quiet = &asked->quiets.items[i];
    if (quiet->rule != rule->rule) continue;
    if (!is_there(asked, quiet->span) || is_reported(rule, quiet->span)) continue;
    if (is_known(rule, quiet)) continue;
    QuietPlace place = {
      .quiet = *quiet,
      .start = source_position(source, quiet->span.start),
      .end = source_position(source, quiet->span.end),
      .shown = shown_here(asked, quiet->span),
    };
    vec_push(asked->arena, &rule->quiet, place);
  }
  if (rule->quiet.count > 1)
    qsort(rule->quiet.items, rule->quiet.count, sizeof *rule->quiet.items, place_order);
}

static bool is_around(const Explanation *explanation, uint32_t line) {
  for (uint32_t i = 0; i < explanation->around.count; i++) {
    if (explanation->around.items[i] == line) return true;
  }
  return false;
}

// What begins before the line and goes on behind it is a block, or a function.
static void add_around(Asked *asked) {
  enum { MOST = 4 };
  const Source *source = asked->input->source;
  Explanation *explanation = asked->explanation;
  for (uint32_t i = asked->quiets.count; i > 0 && explanation->around.count < MOST; i--) {
    Span span = asked->quiets.items[i - 1].span;
    uint32_t first = source_line_of(source, span.start), last = source_line_of(source, span.end);
    if (first >= explanation->first || last < explanation->line) continue;
    if (!is_around(explanation, first)) vec_push(asked->arena, &explanation->around, first);
  }
}

static bool holds_code(const Source *source, uint32_t line) {
  Str text = str_trim(source_line(source, line));
  return text.len > 0 && text.data[0] != '#';
}

Explanation explain_line(
  const Linter *linter, const LintInput *input, uint32_t line, Parser *parser, Arena *arena
) {
  Tree tree = input->tree ? *input->tree : parse_source(parser, input->source, arena);
  LintInput parsed = *input;
  parsed.tree = &tree;
  LogicalLines lines = logical_lines_build(arena, &tree);
  Explanation explanation = {
    .path = input->source->path,
    .line = line,
    .first = lines.first[line],
    .last = lines.last[line],
    .has_code = holds_code(input->source, line),
    .why_unread =
      input->uses_coroutines ? STR_EMPTY : linter_why_unwanted(linter, input->source->text),
  };
  Asked asked = {
    .linter = linter,
    .input = input,
    .tree = &tree,
    .explanation = &explanation,
    .suppressions = suppressions_read(arena, &tree),
    .arena = arena,
  };
  if (explanation.why_unread.len == 0) asked.shown = lint_source(linter, &parsed, parser, arena);
  asked.all = lint_all_rules(linter, &parsed, parser, arena, &asked.quiets);
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    RuleExplanation rule = { .rule = rule_entries[i].rule };
    rule.why_off = linter_why_off(linter, rule.rule, input, arena);
    rule.has_words = has_words(rule.rule, input->source->text);
    add_findings(&asked, &rule);
    add_quiets(&asked, &rule);
    vec_push(arena, &explanation.rules, rule);
  }
  if (explanation.has_code) add_around(&asked);
  qsort(
    explanation.rules.items, explanation.rules.count, sizeof *explanation.rules.items, rule_order
  );
  return explanation;
}

bool explanation_says(const RuleExplanation *rule) {
  return rule->findings.count > 0 || rule->hidden.count > 0 || rule->quiet.count > 0;
}
