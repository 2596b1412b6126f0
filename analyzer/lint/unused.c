#include "lint/unused.h"

#include "base/text.h"
#include "lint/foreign.h"
#include "lint/place.h"
#include "lint/selector.h"

typedef enum {
  SELECTOR_USED, /* or it cannot be known */
  SELECTOR_UNUSED,
  SELECTOR_UNKNOWN,
} SelectorState;

// True if everything ran that a bare directive is there for: what is on by default.
static bool defaults_ran(RulesRun run) {
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    if (rule_entries[i].rule->is_default && !run.ran[i]) return false;
  }
  return true;
}

static SelectorState selector_state(const Rule *own, Str selector, bool is_used, RulesRun run) {
  const Foreign *foreign = foreign_find(selector);
  if (is_used || (foreign && foreign->is_exact)) return SELECTOR_USED; /* others may need theirs */
  bool is_known = false;
  for (uint32_t i = 0; i < rule_entry_count; i++) {
    if (selector_selects(selector, rule_entries[i].rule) == SELECTED_NOT) continue;
    if (!run.ran[i] || rule_entries[i].rule == own) return SELECTOR_USED;
    is_known = true;
  }
  return is_known ? SELECTOR_UNUSED : SELECTOR_UNKNOWN;
}

// The bytes to delete so that nothing of the directive is left: the line, if it stands alone there.
static Span deleted_span(const Tree *tree, Span directive) {
  const Source *source = tree->source;
  Str text = source->text;
  uint32_t line = source_line_of(source, directive.start);
  uint32_t line_start = source->line_starts[line - 1];
  uint32_t line_end = line_start + source_line(source, line).len;
  Span span = directive;
  while (span.end < line_end && (text.data[span.end] == ' ' || text.data[span.end] == '\t'))
    span.end++;
  bool is_last = span.end == line_end;
  uint32_t start = span.start;
  while (start > line_start && (text.data[start - 1] == ' ' || text.data[start - 1] == '\t'))
    start--;
  if (is_last) span.start = start;
  bool is_alone = is_last && start == line_start && !continues_line(tree, line);
  bool has_next = line < source->line_count && !source_starts_cell(source, line + 1);
  if (is_alone && has_next) span.end = source->line_starts[line];
  return span;
}

// What one directive came to.
typedef struct {
  Text unused;  // names, quoted: "a", "b"
  Text used;    // names as written: a, b
  Text unknown; // what is wrong with the names that do not exist
  uint32_t used_count;
  uint32_t unused_count;
} Verdict;

static void add_listed(Text *list, const char *quote, Str name) {
  text_format(list, "%s%s%.*s%s", list->len > 0 ? ", " : "", quote, STR_ARGS(name), quote);
}

static Verdict judge(const Rule *own, Arena *arena, const Suppression *suppression, RulesRun run) {
  Verdict verdict = { .unused = { .arena = arena },
                      .used = { .arena = arena },
                      .unknown = { .arena = arena } };
  for (uint32_t i = 0; i < suppression->selectors.count; i++) {
    Str selector = suppression->selectors.items[i];
    switch (selector_state(own, selector, suppression->selector_is_used[i], run)) {
    case SELECTOR_USED:
      add_listed(&verdict.used, "", selector);
      verdict.used_count++;
      break;
    case SELECTOR_UNUSED:
      add_listed(&verdict.unused, "\"", selector);
      verdict.unused_count++;
      break;
    case SELECTOR_UNKNOWN:
      add_listed(&verdict.unknown, "", selector_problem(arena, selector));
      break;
    }
  }
  return verdict;
}

static void add_deletion(
  Context *cx, Finding *finding, const Suppression *suppression, const Verdict *verdict
) {
  const Tree *tree = &cx->module->tree;
  Edit edit = { .span = deleted_span(tree, suppression->span), .text = STR_EMPTY };
  if (verdict->used_count > 0) {
    const Span *spans = suppression->selector_spans.items;
    edit.span = (Span){ spans[0].start, spans[suppression->selectors.count - 1].end };
    edit.text = text_str(&verdict->used);
  }
  add_fix(
    cx,
    finding,
    FIX_SAFE,
    "%s",
    verdict->used_count > 0 ? "Delete the unused names" : "Delete the suppression"
  );
  vec_push(cx->arena, &finding->fix.edits, edit);
}

static void report_unused(Context *cx, const Suppression *suppression, RulesRun run) {
  Verdict verdict = judge(cx->rule, cx->arena, suppression, run);
  if (verdict.unknown.len > 0) {
    report_span(cx, suppression->span, "%.*s", STR_ARGS(text_str(&verdict.unknown)));
  } else if (suppression->selectors.count == 0) {
    Finding *finding = report_span(cx, suppression->span, "no finding is suppressed here");
    add_deletion(cx, finding, suppression, &verdict);
  } else if (verdict.unused_count > 0) {
    Finding *finding = report_span(
      cx,
      suppression->span,
      "no finding of %.*s is suppressed here",
      STR_ARGS(text_str(&verdict.unused))
    );
    add_deletion(cx, finding, suppression, &verdict);
  }
}

static void report_unknown(Context *cx) {
  UnknownDirectives unknown = suppressions_unknown(cx->arena, &cx->module->tree);
  for (uint32_t i = 0; i < unknown.count; i++) {
    const UnknownDirective *one = &unknown.items[i];
    Finding *finding = report_span(
      cx,
      one->span,
      "\"%.*s\" means nothing to awry: nothing is suppressed here",
      STR_ARGS(one->word)
    );
    add_help(
      cx, finding, "write `# awry: ignore NAME -- reason`, or `ignore-file` for the whole file"
    );
  }
}

void unused_report(
  const Rule *rule,
  Module *module,
  const Suppressions *suppressions,
  RulesRun run,
  Findings *findings
) {
  Context cx = { .rule = rule, .module = module, .findings = findings, .arena = module->arena };
  bool all_ran = defaults_ran(run);
  for (uint32_t i = 0; i < suppressions->count; i++) {
    const Suppression *suppression = &suppressions->items[i];
    if (!suppression_is_ours(suppression)) continue;
    bool is_bare = suppression->selectors.count == 0;
    if (is_bare && (suppression->is_used || !all_ran)) continue;
    report_unused(&cx, suppression, run);
  }
  report_unknown(&cx);
}
