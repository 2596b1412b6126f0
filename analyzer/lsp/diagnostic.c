#include "lsp/diagnostic.h"

#include "base/path.h"
#include "lint/rule.h"
#include "lsp/uri.h"
#include "report/json_value.h"
#include "report/rule_page.h"

static json_int_t severity_number(Severity severity) {
  static const json_int_t numbers[] = {
    [SEVERITY_ERROR] = 1,
    [SEVERITY_WARNING] = 2,
    [SEVERITY_INFO] = 3,
  };
  return numbers[severity];
}

// Their findings are about handlers and checks that never run, or comments that have no effect.
static const char *const UNNECESSARY[] = {
  "dead-exception-check",   "dead-gather-handler",  "unused-suppression",
  "unmatched-group-except", "wait-never-times-out",
};

enum { TAG_UNNECESSARY = 1 };

static void add_note_text(Text *text, const Finding *finding, const Note *note) {
  bool is_elsewhere = note->path.len > 0;
  text_add(text, STR("\n"));
  if (is_elsewhere) text_format(text, "%.*s:", STR_ARGS(note->path));
  else if (note->cell != finding->cell) text_format(text, "cell %u, line ", note->cell);
  else text_add(text, STR("line "));
  text_format(text, "%u: %.*s", note->start.line, STR_ARGS(note->message));
}

static json_t *message_of(Arena *arena, const View *view, const Finding *finding) {
  Text text = { .arena = arena };
  text_add(&text, finding->message);
  if (finding->help.len > 0) text_format(&text, "\nhelp: %.*s", STR_ARGS(finding->help));
  for (uint32_t i = 0; i < finding->notes.count && !view->client->shows_related; i++)
    add_note_text(&text, finding, &finding->notes.items[i]);
  return json_from(arena, text_str(&text));
}

// A place in a file that is not at hand: what stands before it in its line is a keyword or two,
// which all encodings count alike.
static json_t *location_elsewhere(Arena *arena, const View *view, const Note *note) {
  Position start = note->start;
  json_t *position = line_position_json((LinePosition){ start.line - 1, start.column - 1 });
  return json_pack(
    "{s:o, s:{s:o, s:O}}",
    "uri",
    json_from(arena, uri_of(arena, path_join(arena, view->folder, note->path))),
    "range",
    "start",
    position,
    "end",
    position
  );
}

static json_t *related_json(Arena *arena, const View *view, const Finding *finding) {
  json_t *related = json_array();
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    bool is_elsewhere = note->path.len > 0;
    json_t *location =
      is_elsewhere ? location_elsewhere(arena, view, note) : view_location(arena, view, note->span);
    json_array_append_new(
      related,
      json_pack("{s:o, s:o}", "location", location, "message", json_from(arena, note->message))
    );
  }
  return related;
}

// What cannot be told from the diagnostic alone when the client sends it back.
static json_t *data_json(Arena *arena, const View *view, const Finding *finding) {
  return json_pack(
    "{s:s, s:o, s:I}",
    "rule",
    finding->rule->name,
    "finding",
    json_from(arena, finding->fingerprint),
    "version",
    (json_int_t)view->version
  );
}

json_t *diagnostic_json(Arena *arena, const View *view, const Finding *finding) {
  const Client *client = view->client;
  const Rule *rule = finding->rule;
  json_t *diagnostic = json_pack(
    "{s:o, s:I, s:s, s:s, s:o}",
    "range",
    view_range(view, finding->span),
    "severity",
    severity_number(finding->severity),
    "code",
    rule->code,
    "source",
    "awry",
    "message",
    message_of(arena, view, finding)
  );
  if (client->shows_description_links)
    json_object_set_new(
      diagnostic,
      "codeDescription",
      json_pack("{s:o}", "href", json_from(arena, rule_page_url(arena, rule)))
    );
  if (client->shows_unnecessary && STR_IN(str_from(rule->name), UNNECESSARY))
    json_object_set_new(diagnostic, "tags", json_pack("[i]", TAG_UNNECESSARY));
  if (client->shows_related && finding->notes.count > 0)
    json_object_set_new(diagnostic, "relatedInformation", related_json(arena, view, finding));
  if (client->keeps_data) json_object_set_new(diagnostic, "data", data_json(arena, view, finding));
  return diagnostic;
}

json_t *diagnostics_json(Arena *arena, const View *view, const Findings *findings, uint32_t text) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    if (view_text(view, finding->span.start) != &view->texts[text]) continue;
    json_array_append_new(list, diagnostic_json(arena, view, finding));
  }
  return list;
}

const Finding *
diagnostic_finding(const View *view, const Findings *findings, const json_t *diagnostic) {
  const json_t *code = json_object_get(diagnostic, "code");
  const json_t *range = json_object_get(diagnostic, "range");
  for (uint32_t i = 0; json_is_string(code) && i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    if (!str_is(str_from(finding->rule->code), json_string_value(code))) continue;
    json_t *own = view_range(view, finding->span);
    bool is_same = json_equal(own, range);
    json_decref(own);
    if (is_same) return finding;
  }
  return NULL;
}
