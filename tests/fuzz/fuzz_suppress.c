// Any bytes that pass as a source: its directives lie inside it, and cover lines that there are.
#include "base/fatal.h"
#include "lint/rule.h"
#include "lint/suppress.h"
#include "python/parse.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const Source *source, const Suppression *suppression) {
  Span span = suppression->span;
  if (span.start >= span.end || span.end > source->text.len) fatal("a directive outside the text");
  for (uint32_t i = 0; i < suppression->selectors.count; i++) {
    Span selector = suppression->selector_spans.items[i];
    bool is_inside = selector.start >= span.start && selector.end <= span.end;
    Str text = is_inside ? source_text(source, selector) : STR_EMPTY;
    if (!str_equal(text, suppression->selectors.items[i]))
      fatal("a selector outside its directive");
  }
  if (suppression->last_line == UINT32_MAX) return;
  bool is_range = suppression->first_line >= 1 && suppression->first_line <= suppression->last_line;
  if (!is_range || suppression->last_line > source->line_count) fatal("lines that are none");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = { .data = (const char *)data, .len = (uint32_t)size };
  uint32_t offset;
  if (source_fault(text, &offset) != SOURCE_OK) return 0;
  Arena *arena = arena_new();
  Parser *parser = parser_new();
  Source source = source_build(arena, STR("fuzz.py"), text);
  Tree tree = parse_source(parser, &source, arena);
  Suppressions suppressions = suppressions_read(arena, &tree);
  Findings findings = { 0 };
  for (uint32_t i = 0; i < suppressions.count; i++) check(&source, &suppressions.items[i]);
  for (uint32_t line = 1; line <= source.line_count; line++) {
    Finding finding = { .rule = rule_entries[0].rule,
                        .span = { source.line_starts[line - 1], source.text.len } };
    vec_push(arena, &findings, finding);
  }
  suppressions_apply(arena, &source, &suppressions, &findings, NULL);
  parser_free(parser);
  arena_free(arena);
  return 0;
}
