#include "lsp/hover.h"

#include "lint/foreign.h"
#include "lint/linter.h"
#include "lint/selector.h"
#include "lint/suppress.h"
#include "lsp/checked.h"
#include "lsp/place.h"
#include "lsp/plain.h"
#include "report/json_value.h"
#include "report/rule_page.h"

static const RuleEntry *entry_of(const Rule *rule) {
  return linter_find_rule(str_from(rule->code));
}

static const Finding *smallest_at(const Findings *findings, uint32_t offset) {
  const Finding *smallest = NULL;
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    Span span = finding->span;
    if (offset < span.start || offset > span.end) continue;
    bool is_smaller =
      !smallest || span.end - span.start < smallest->span.end - smallest->span.start;
    if (is_smaller) smallest = finding;
  }
  return smallest;
}

static void add_page(Text *page, const RuleEntry *entry) {
  Text brief = { .arena = page->arena };
  rule_page_brief(&brief, entry);
  text_format(
    page,
    "%s%.*s\n\n[More of this rule](%.*s)\n",
    page->len > 0 ? "\n---\n\n" : "",
    STR_ARGS(str_trim(text_str(&brief))),
    STR_ARGS(rule_page_url(page->arena, entry->rule))
  );
}

// The pages of all rules that have a finding in that very span.
static void add_pages_of_span(Text *page, const Findings *findings, Span span) {
  const Rule *last = NULL;
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    bool is_same = finding->span.start == span.start && finding->span.end == span.end;
    if (!is_same || finding->rule == last) continue;
    add_page(page, entry_of(finding->rule));
    last = finding->rule;
  }
}

// What another linter calls the like of our rules, and their pages.
static void add_pages_of_foreign(Text *page, const Foreign *foreign) {
  const char *meaning = foreign->is_exact ? "In a comment it silences the same here"
                                          : "In a comment it silences nothing of awry; nearest is";
  text_format(page, "`%s` is a rule of %s. %s:\n", foreign->code, foreign->tool, meaning);
  for (uint32_t i = 0; i < FOREIGN_MAX_RULES && foreign->rules[i] != NULL; i++)
    add_page(page, linter_find_rule(str_from(foreign->rules[i])));
}

// A name or a code stands for one rule, the beginning of a code for several.
static void add_pages_of_selector(Text *page, Str selector) {
  const Foreign *foreign = foreign_find(selector);
  if (foreign) {
    add_pages_of_foreign(page, foreign);
    return;
  }
  const RuleEntry *entry = linter_find_rule(selector);
  if (entry) {
    add_page(page, entry);
    return;
  }
  const RuleEntry **sorted = rules_sorted(page->arena);
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    const Rule *rule = sorted[i]->rule;
    if (selector_selects(selector, rule) == SELECTED_NOT) continue;
    text_format(page, "- `%s` `%s`: %s\n", rule->code, rule->name, rule->summary);
  }
}

// The name or code at the place in a comment that suppresses; an empty span if there is none.
static Span selector_at(Arena *arena, const Source *source, uint32_t offset, Parser *parser) {
  Str line = source_line(source, source_line_of(source, offset));
  if (!str_contains(line, STR("#"))) return (Span){ 0 };
  Tree tree = parse_source(parser, source, arena);
  Suppressions suppressions = suppressions_read(arena, &tree);
  for (uint32_t i = 0; i < suppressions.count; i++) {
    const Suppression *suppression = &suppressions.items[i];
    for (uint32_t k = 0; k < suppression->selector_spans.count; k++) {
      Span span = suppression->selector_spans.items[k];
      if (span.start <= offset && offset <= span.end) return span;
    }
  }
  return (Span){ 0 };
}

json_t *hover_json(
  Arena *arena, const View *view, const Findings *findings, uint32_t offset, Parser *parser
) {
  const Source *source = view->ruler.source;
  Text page = { .arena = arena };
  Span span = selector_at(arena, source, offset, parser);
  const Finding *finding = smallest_at(findings, offset);
  if (span.end > span.start) {
    add_pages_of_selector(&page, source_text(source, span));
  } else if (finding) {
    span = finding->span;
    add_pages_of_span(&page, findings, span);
  }
  if (page.len == 0) return NULL;
  bool is_markdown = view->client->reads_markdown;
  Str shown = is_markdown ? text_str(&page) : plain_from_markdown(arena, text_str(&page));
  return json_pack(
    "{s:{s:s, s:o}, s:o}",
    "contents",
    "kind",
    is_markdown ? "markdown" : "plaintext",
    "value",
    json_from(arena, shown),
    "range",
    view_range(view, span)
  );
}

json_t *handle_hover(Call *call) {
  Checked checked;
  uint32_t offset;
  bool is_there = check_file(call->server, call->arena, call->buffer->path, &checked) &&
    read_checked_offset(call, &checked, param(call->params, "position"), &offset);
  if (!is_there) return NULL;
  Parser *parser = parser_new();
  json_t *hover = hover_json(call->arena, &checked.view, &checked.result.findings, offset, parser);
  parser_free(parser);
  return hover;
}
