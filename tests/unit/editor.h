#pragma once
/*
 * A file with findings as an editor sees it, for tests of what editors are told.
 */
#include "lint/linter.h"
#include "lsp/view.h"
#include "unit.h"

typedef struct {
  Arena *arena;
  Parser *parser;
  Workspace *workspace; /* of the other files */
  Client client;
  Source source;
  Findings findings;
  ViewText text;
  View view;
} Editor;

static inline void editor_begin(Editor *editor) {
  *editor = (Editor
  ){ .arena = arena_new(), .parser = parser_new(), .workspace = workspace_new(1, STR_EMPTY) };
}

static inline void editor_end(Editor *editor) {
  workspace_free(editor->workspace);
  parser_free(editor->parser);
  arena_free(editor->arena);
}

/* What every rule finds in the source. */
static inline void editor_lint(Editor *editor) {
  Settings settings = { 0 };
  vec_push(editor->arena, &settings.select, STR("ALL"));
  SelectorProblems problems = { 0 };
  LintInput input = { .source = &editor->source };
  const Linter *linter = linter_build(editor->arena, &settings, &problems);
  editor->findings = lint_source(linter, &input, editor->parser, editor->arena);
}

/* Opens the text as version 3 of file:///p/a.py and lints it. */
static inline void editor_open(Editor *editor, const char *text) {
  editor->source = source_build(editor->arena, STR("a.py"), str_from(text));
  editor->text = (ViewText){ .uri = STR("file:///p/a.py"), .version = 3 };
  editor->view = (View){
    .client = &editor->client,
    .ruler = { .source = &editor->source,
               .encoding = editor->client.encoding,
               .counts_mark = true },
    .folder = STR("/p"),
    .elsewhere = elsewhere_new(editor->arena, editor->workspace, editor->client.encoding),
    .texts = &editor->text,
    .text_count = 1,
    .version = 3,
  };
  editor_lint(editor);
}

/* Where the words stand first. */
static inline Span editor_span(const Editor *editor, const char *words) {
  uint32_t start = str_find(editor->source.text, str_from(words));
  assert_int_not_equal(start, UINT32_MAX);
  return (Span){ start, start + str_from(words).len };
}

/* Asserts that the JSON is as written, whatever the order of its members; frees it. */
static inline void assert_json(json_t *value, const char *expected) {
  json_error_t error;
  json_t *wanted = json_loads(expected, JSON_DECODE_ANY, &error);
  if (!wanted) fail_msg("%s in %s", error.text, expected);
  if (!json_equal(value, wanted)) {
    char *shown = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_INDENT(1));
    fail_msg("%s\nis not\n%s", shown, expected);
  }
  json_decref(wanted);
  json_decref(value);
}
