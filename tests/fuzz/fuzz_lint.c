// Any bytes that pass as a source: every rule runs on them, every fix can be applied, any line explained, all of it shown.
#include "base/fatal.h"
#include "lint/apply.h"
#include "lint/explain.h"
#include "report/report.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES_OF_FIX = 4096 }; // for each finding, a copied operand included

static void check_finding(Arena *arena, const Source *source, Finding *finding) {
  Str fixed;
  if (finding->span.start > finding->span.end || finding->span.end > source->text.len)
    fatal("%s: a finding outside the text", finding->rule->name);
  if (finding->fix.applicability == FIX_NONE) return;
  edits_sort(arena, &finding->fix.edits);
  if (!edits_apply(arena, source->text, &finding->fix.edits, &fixed))
    fatal("%s: the edits of a fix overlap", finding->rule->name);
}

// The inputs of a fuzzer differ in all their bytes, so that this is any line.
static uint32_t line_of(Str text, uint32_t line_count) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < text.len; i++) sum = sum * 31 + (unsigned char)text.data[i];
  return sum % line_count + 1;
}

static void check_explanation(const Explanation *explanation, const Source *source) {
  bool is_inside =
    explanation->first <= explanation->line && explanation->line <= explanation->last;
  if (!is_inside || explanation->first == 0 || explanation->last > source->line_count)
    fatal("a statement that is not around its line");
}

static void
report_all(Arena *arena, const Source *source, Findings *findings, const Explanation *explanation) {
  const ReportFormat *formats[] = { &report_full,    &report_concise,    &report_pylint,
                                    &report_grouped, &report_json,       &report_json_lines,
                                    &report_sarif,   &report_github,     &report_gitlab,
                                    &report_junit,   &report_checkstyle, &report_rdjson,
                                    &report_azure,   &report_markdown };
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    Text out = { .arena = arena };
    FileReport file = { .source = source, .findings = findings };
    formats[i]->file(&out, &file, &(ReportOptions){ 0 });
    formats[i]->explanation(&out, source, explanation, &(ReportOptions){ 0 });
  }
}

static LintInput input_of(const Source *source) {
  return (LintInput){ .source = source, .relative_path = source->path, .target_minor = 10 };
}

// Lints what the fixes have made of the text, and makes its fixes, until there are none.
static void fix_all(
  Arena *arena, Parser *parser, const Linter *linter, const Findings *findings, const Source *source
) {
  Findings left = *findings;
  Str text = source->text;
  bool had_errors = parse_source(parser, source, arena).error_bytes > 0;
  for (int round = 0; round < MOST_FIX_ROUNDS; round++) {
    Fixed fixed = fixes_apply(arena, &left, FIX_UNSAFE, text);
    if (fixed.count == 0) return;
    uint64_t limit = text.len + (uint64_t)fixed.count * (MOST_BYTES_OF_FIX + text.len);
    if (fixed.text.len > limit) fatal("a fix that writes a book");
    text = fixed.text;
    Source next = source_build(arena, source->path, text);
    Tree tree = parse_source(parser, &next, arena);
    if (tree.error_bytes > 0 && !had_errors)
      fatal("what parsed does no longer:\n%.*s", STR_ARGS(text));
    LintInput input = input_of(&next);
    left = lint_source(linter, &input, parser, arena);
  }
  fatal("fixes without end:\n%.*s", STR_ARGS(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = { .data = (const char *)data, .len = (uint32_t)size };
  uint32_t offset;
  if (source_fault(text, &offset) != SOURCE_OK) return 0;
  Arena *arena = arena_new();
  Parser *parser = parser_new();
  Settings settings = { 0 };
  SelectorProblems problems = { 0 };
  vec_push(arena, &settings.select, STR("ALL"));
  Linter *linter = linter_build(arena, &settings, &problems);
  Source source = source_build(arena, STR("fuzz.py"), text);
  LintInput input = input_of(&source);
  Findings findings = lint_source(linter, &input, parser, arena);
  for (uint32_t i = 0; i < findings.count; i++) check_finding(arena, &source, &findings.items[i]);
  fix_all(arena, parser, linter, &findings, &source);
  uint32_t line = line_of(text, source.line_count);
  Explanation explanation = explain_line(linter, &input, line, parser, arena);
  check_explanation(&explanation, &source);
  report_all(arena, &source, &findings, &explanation);
  parser_free(parser);
  arena_free(arena);
  return 0;
}
