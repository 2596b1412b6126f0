// Any bytes as a notebook: what is wrong has a place inside the text; else every rule runs on its cells.
#include "base/fatal.h"
#include "lint/apply.h"
#include "lint/linter.h"
#include "project/notebook.h"
#include "project/notebook_edit.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cells(const Cells *cells) {
  uint32_t number = 0, offset;
  for (uint32_t i = 0; i < cells->count; i++) {
    const Cell *cell = &cells->items[i];
    if (cell->number <= number) fatal("cells out of order");
    if (cell->text.len != cell->code.len) fatal("the code is not as long as the text");
    if (source_fault(cell->text, &offset) != SOURCE_OK) fatal("a cell's text is no source");
    if (source_fault(cell->code, &offset) != SOURCE_OK) fatal("a cell's code is no source");
    number = cell->number;
  }
}

static void check_finding(Arena *arena, const Source *source, Finding *finding) {
  Str fixed;
  if (finding->span.start > finding->span.end || finding->span.end > source->text.len)
    fatal("%s: a finding outside the text", finding->rule->name);
  if (source_line_in(source, finding->cell, finding->start.line) == 0)
    fatal("%s: a finding outside of its cell", finding->rule->name);
  if (finding->end.line < finding->start.line)
    fatal("%s: a finding that leaves its cell", finding->rule->name);
  edits_sort(arena, &finding->fix.edits);
  if (finding->fix.applicability != FIX_NONE && !edits_apply(arena, source->text, &finding->fix.edits, &fixed))
    fatal("%s: the edits of a fix overlap", finding->rule->name);
}

// What the fixes make of the cells is what the notebook that they are brought into holds.
static void check_fixed(Arena *arena, Str text, const Source *source, const Findings *findings) {
  Fixed fixed = fixes_apply(arena, findings, FIX_UNSAFE, source->text);
  if (fixed.count == 0) return;
  Str edited;
  if (!notebook_edit(arena, text, source, &fixed.edits, &edited)) return;
  Cells cells = { 0 };
  NotebookFault fault;
  if (!notebook_read(arena, edited, &cells, &fault)) fatal("%s after fixes", fault.message);
  Source after = source_build_notebook(arena, source->path, &cells);
  if (cells.count == source->cell_count && !str_equal(after.text, fixed.text))
    fatal(
      "other fixes in the notebook:\n%.*s\nthan in its cells:\n%.*s",
      STR_ARGS(after.text),
      STR_ARGS(fixed.text)
    );
}

static void lint_cells(Arena *arena, Str text, const Cells *cells) {
  Parser *parser = parser_new();
  Settings settings = { 0 };
  SelectorProblems problems = { 0 };
  vec_push(arena, &settings.select, STR("ALL"));
  Linter *linter = linter_build(arena, &settings, &problems);
  Source source = source_build_notebook(arena, STR("fuzz.ipynb"), cells);
  LintInput input = {
    .source = &source,
    .identity = { .name = STR("fuzz"), .is_notebook = true },
    .relative_path = source.path,
    .target_minor = 10,
  };
  Findings findings = lint_source(linter, &input, parser, arena);
  for (uint32_t i = 0; i < findings.count; i++) check_finding(arena, &source, &findings.items[i]);
  check_fixed(arena, text, &source, &findings);
  parser_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = { .data = (const char *)data, .len = (uint32_t)size };
  uint32_t offset;
  if (source_fault(text, &offset) != SOURCE_OK) return 0;
  Arena *arena = arena_new();
  Cells cells = { 0 };
  NotebookFault fault;
  if (notebook_read(arena, text, &cells, &fault)) {
    check_cells(&cells);
    if (cells.count > 0) lint_cells(arena, text, &cells);
  } else if (fault.offset > text.len || fault.message == NULL) {
    fatal("a fault without a place or a message");
  }
  arena_free(arena);
  return 0;
}
