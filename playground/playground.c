/*
 * The linter for a page in a browser: one text at a time, without files, threads and a project around it. The page puts the
 * text where session_text says and reads what session_lint leaves behind as it lies in memory (source/linter.js): every
 * member is a number of four bytes.
 */
#include "lint/linter.h"
#include "lint/selector.h"
#include "report/rule_page.h"

#define EXPORT(name) __attribute__((export_name(#name)))

/* Of a text: where its bytes are, and how many. */
typedef struct {
  uint32_t data, len;
} ShownText;

typedef struct {
  Span span;
  ShownText text;
} ShownEdit;

typedef struct {
  Span span;
  ShownText message;
} ShownNote;

typedef struct {
  Span span;
  uint32_t severity;
  ShownText code, name, message, help, fix;
  uint32_t is_safe; /* the fix; without one its title is empty */
  uint32_t edits, edit_count;
  uint32_t notes, note_count;
} ShownFinding;

_Static_assert(sizeof(void *) == 4 && sizeof(ShownFinding) == 72, "as source/linter.js reads it");

typedef struct {
  Arena *arena;
  const Linter *linter;
  Parser *parser;
  Arena *run; /* of the text, and of what is found in it */
  char *text;
  ShownFinding *findings;
} Session;

static ShownText laid_out(Str text) {
  return (ShownText){ .data = (uint32_t)(uintptr_t)text.data, .len = text.len };
}

EXPORT(session_new) Session *session_new(uint32_t is_all) {
  Arena *arena = arena_new();
  Session *session = arena_make(arena, Session);
  Settings settings = { 0 };
  SelectorProblems problems = { 0 };
  if (is_all != 0) vec_push(arena, &settings.extend_select, STR("ALL"));
  *session = (Session){ .arena = arena, .parser = parser_new(), .run = arena_new() };
  session->linter = linter_build(arena, &settings, &problems);
  return session;
}

EXPORT(session_free) void session_free(Session *session) {
  parser_free(session->parser);
  arena_free(session->run);
  arena_free(session->arena);
}

/* Where a text of that many bytes belongs; the last one is gone. */
EXPORT(session_text) char *session_text(Session *session, uint32_t len) {
  arena_reset(session->run);
  session->text = arena_alloc(session->run, (size_t)len + 1);
  return session->text;
}

static void show_fix(Session *session, const Fix *fix, ShownFinding *out) {
  if (fix->applicability == FIX_NONE) return;
  ShownEdit *edits = arena_array(session->run, ShownEdit, fix->edits.count + 1);
  for (uint32_t i = 0; i < fix->edits.count; i++)
    edits[i] = (ShownEdit){ fix->edits.items[i].span, laid_out(fix->edits.items[i].text) };
  out->fix = laid_out(fix->title);
  out->is_safe = fix->applicability == FIX_SAFE;
  out->edits = (uint32_t)(uintptr_t)edits;
  out->edit_count = fix->edits.count;
}

static ShownFinding show(Session *session, const Finding *finding) {
  ShownFinding out = {
    .span = finding->span,
    .severity = finding->severity,
    .code = laid_out(str_from(finding->rule->code)),
    .name = laid_out(str_from(finding->rule->name)),
    .message = laid_out(finding->message),
    .help = laid_out(finding->help),
  };
  ShownNote *notes = arena_array(session->run, ShownNote, finding->notes.count + 1);
  for (uint32_t i = 0; i < finding->notes.count; i++)
    notes[i] =
      (ShownNote){ finding->notes.items[i].span, laid_out(finding->notes.items[i].message) };
  out.notes = (uint32_t)(uintptr_t)notes;
  out.note_count = finding->notes.count;
  show_fix(session, &finding->fix, &out);
  return out;
}

/* How many findings there are in the text. */
EXPORT(session_lint) uint32_t session_lint(Session *session, uint32_t len) {
  Str path = STR("main.py");
  Source *source = arena_make(session->run, Source);
  *source = source_build(session->run, path, (Str){ session->text, len });
  LintInput input = { .source = source,
                      .identity = { .name = STR("main") },
                      .relative_path = path };
  Findings found = lint_source(session->linter, &input, session->parser, session->run);
  session->findings = arena_array(session->run, ShownFinding, found.count + 1);
  for (uint32_t i = 0; i < found.count; i++) session->findings[i] = show(session, &found.items[i]);
  return found.count;
}

EXPORT(session_findings) const ShownFinding *session_findings(const Session *session) {
  return session->findings;
}

/* The page of the rule whose name is the text, in Markdown; NULL if there is none. Until the next text. */
EXPORT(session_page) const ShownText *session_page(Session *session, uint32_t len) {
  const RuleEntry *entry = linter_find_rule((Str){ session->text, len });
  if (entry == NULL) return NULL;
  Text page = { .arena = session->run };
  rule_page_brief(&page, entry);
  ShownText *out = arena_make(session->run, ShownText);
  *out = laid_out(text_str(&page));
  return out;
}
