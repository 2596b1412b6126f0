// Any bytes as what a cache holds: facts and findings of a file. What is read is asked for, merged and rendered like any
// other; nothing of it may crash.
#include "base/fatal.h"
#include "lint/apply.h"
#include "project/findings_store.h"
#include "python/facts_layout.h"
#include "report/report.h"

#include <stddef.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char TEXT[] = "import asyncio\n\n\nasync def f():\n    asyncio.create_task(g())\n";

static void use_facts(Arena *arena, Str bytes) {
  Facts facts;
  if (!layout_unpack(arena, &facts_layout, bytes, STR("a.py"), &facts)) return;
  const Facts *all[] = { &facts };
  const Project *project = project_merge(arena, all, 1, NULL);
  Questions questions = { 0 };
  for (uint32_t i = 0; i < facts.functions.count && i < 100; i++) {
    for (int kind = 0; kind <= ASK_SUBPROCESS; kind++) {
      Question question = { .kind = (QuestionKind)kind };
      vec_push(arena, &question.names, facts.functions.items[i].name);
      vec_push(arena, &question.names, facts.functions.items[i].class_name);
      vec_push(arena, &questions, question);
    }
  }
  Hash answers;
  if (!project_answers(arena, project, &questions, &answers)) fatal("a question was refused");
}

static void use_verdict(Arena *arena, const Source *source, Str bytes) {
  Verdict verdict;
  Hash answers;
  const Project *project = project_merge(arena, NULL, 0, NULL);
  if (!verdict_unpack(arena, bytes, &verdict)) return;
  project_answers(arena, project, &verdict.questions, &answers);
  if (!verdict_fits(&verdict, source)) return;
  fixes_apply(arena, &verdict.findings, FIX_UNSAFE, source->text);
  Str names = report_format_names(arena);
  while (names.len > 0) {
    const ReportFormat *format = report_format(str_trim(str_next(&names, ',')));
    if (format == NULL) continue;
    Text out = { .arena = arena };
    ReportOptions options = { .has_color = true };
    FileReport file = { .source = source,
                        .findings = &verdict.findings,
                        .suppressed = &verdict.suppressed };
    format->file(&out, &file, &options);
  }
}

// What a cache would hold of the text, as facts or as findings.
static Str entry_of(Arena *arena, const Source *source, bool is_facts) {
  Parser *parser = parser_new();
  Str entry;
  if (is_facts) {
    ModuleOptions options = { .identity = { .name = STR("a") } };
    Module *module = module_build(arena, parse_source(parser, source, arena), &options);
    Facts facts = facts_collect(module, arena);
    entry = layout_pack(arena, &facts_layout, &facts);
  } else {
    Settings settings = { 0 };
    SelectorProblems problems = { 0 };
    Linter *linter = linter_build(arena, &settings, &problems);
    LintInput input = { .source = source, .identity = { .name = STR("a") } };
    Verdict verdict = { .findings = lint_source(linter, &input, parser, arena) };
    entry = verdict_pack(arena, &verdict);
  }
  parser_free(parser);
  return entry;
}

// A good entry with some bytes changed: two for the place, one for the value.
static Str changed(Arena *arena, Str entry, const uint8_t *data, size_t size) {
  char *copy = arena_alloc(arena, entry.len);
  memcpy(copy, entry.data, entry.len);
  for (size_t i = 0; i + 3 <= size; i += 3) {
    size_t place = (size_t)data[i] << 8 | data[i + 1];
    copy[place % entry.len] = (char)data[i + 2];
  }
  return (Str){ copy, entry.len };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  Arena *arena = arena_new();
  Source source = source_build(arena, STR("a.py"), str_from(TEXT));
  bool is_facts = data[0] % 2 == 0, is_raw = data[0] % 4 < 2;
  Str bytes = { (const char *)data + 1, (uint32_t)size - 1 };
  if (!is_raw) bytes = changed(arena, entry_of(arena, &source, is_facts), data + 1, size - 1);
  if (is_facts) use_facts(arena, bytes);
  else use_verdict(arena, &source, bytes);
  arena_free(arena);
  return 0;
}
