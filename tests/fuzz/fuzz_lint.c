// Any bytes that pass as a source: every rule runs on them, and every fix can be applied.
#include "base/fatal.h"
#include "lint/linter.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_finding(Arena *arena, const Source *source, Finding *finding) {
  Str fixed;
  if (finding->span.start > finding->span.end || finding->span.end > source->text.len)
    fatal("%s: a finding outside the text", finding->rule->name);
  if (finding->fix.applicability == FIX_NONE) return;
  edits_sort(arena, &finding->fix.edits);
  if (!edits_apply(arena, source->text, &finding->fix.edits, &fixed))
    fatal("%s: the edits of a fix overlap", finding->rule->name);
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
  LintInput input = { .source = &source, .relative_path = source.path, .target_minor = 10 };
  Findings findings = lint_source(linter, &input, parser, arena);
  for (uint32_t i = 0; i < findings.count; i++) check_finding(arena, &source, &findings.items[i]);
  parser_free(parser);
  arena_free(arena);
  return 0;
}
