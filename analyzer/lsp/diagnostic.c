#include "lsp/diagnostic.h"

#include "base/map.h"
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
  if (finding->help.len > 0) text_add(&text, STR("\nhelp: "));
  text_add(&text, finding->help);
  for (uint32_t i = 0; i < finding->notes.count && !view->client->shows_related; i++)
    add_note_text(&text, finding, &finding->notes.items[i]);
  return json_from(arena, text_str(&text));
}

static json_t *location_elsewhere(Arena *arena, const View *view, const Note *note) {
  Str path = path_normalise(arena, path_join(arena, view->folder, note->path));
  json_t *position = line_position_json(elsewhere_position(view->elsewhere, path, note->start));
  return json_pack(
    "{s:o, s:{s:o, s:O}}",
    "uri",
    json_from(arena, uri_of(arena, path)),
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

// An editor asks for all diagnostics at every key. So what each has is set without json_pack, which reads its
// format again, and without a check of the members' names.

// What cannot be told from the diagnostic alone when the client sends it back.
static json_t *data_json(Arena *arena, const View *view, const Finding *finding) {
  json_t *data = json_object();
  json_object_set_new_nocheck(data, "rule", json_string(finding->rule->name));
  json_object_set_new_nocheck(data, "finding", json_from(arena, finding->fingerprint));
  json_object_set_new_nocheck(data, "version", json_integer(view->version));
  return data;
}

json_t *diagnostic_json(Arena *arena, const View *view, const Finding *finding) {
  const Client *client = view->client;
  const Rule *rule = finding->rule;
  json_t *diagnostic = json_object();
  json_object_set_new_nocheck(diagnostic, "range", view_range(view, finding->span));
  json_object_set_new_nocheck(
    diagnostic, "severity", json_integer(severity_number(finding->severity))
  );
  json_object_set_new_nocheck(diagnostic, "code", json_string(rule->code));
  json_object_set_new_nocheck(diagnostic, "source", json_string("awry"));
  json_object_set_new_nocheck(diagnostic, "message", message_of(arena, view, finding));
  if (client->shows_description_links)
    json_object_set_new_nocheck(
      diagnostic,
      "codeDescription",
      json_pack("{s:o}", "href", json_from(arena, rule_page_url(arena, rule)))
    );
  if (client->shows_unnecessary && STR_IN(str_from(rule->name), UNNECESSARY))
    json_object_set_new_nocheck(diagnostic, "tags", json_pack("[i]", TAG_UNNECESSARY));
  if (client->shows_related && finding->notes.count > 0)
    json_object_set_new_nocheck(
      diagnostic, "relatedInformation", related_json(arena, view, finding)
    );
  if (client->keeps_data)
    json_object_set_new_nocheck(diagnostic, "data", data_json(arena, view, finding));
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

// What a diagnostic is known by.
static Str key_of(Arena *arena, const char *code, TextRange range) {
  LinePosition start = range.start, end = range.end;
  return str_format(
    arena, "%s %u:%u-%u:%u", code, start.line, start.character, end.line, end.character
  );
}

static uint32_t number_in(const json_t *object, const char *name) {
  json_int_t number = json_integer_value(json_object_get(object, name));
  return number >= 0 && number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static LinePosition position_in(const json_t *range, const char *name) {
  const json_t *position = json_object_get(range, name);
  return (LinePosition){ number_in(position, "line"), number_in(position, "character") };
}

static Map shown_keys(Arena *arena, const json_t *diagnostics) {
  Map keys = { 0 };
  for (size_t i = 0; i < json_array_size(diagnostics); i++) {
    const json_t *diagnostic = json_array_get(diagnostics, i);
    const char *code = json_string_value(json_object_get(diagnostic, "code"));
    const json_t *range = json_object_get(diagnostic, "range");
    TextRange places = { position_in(range, "start"), position_in(range, "end") };
    if (code) map_put(arena, &keys, key_of(arena, code, places), 0);
  }
  return keys;
}

void diagnostics_find(
  Arena *arena,
  const View *view,
  const Findings *findings,
  const ViewText *text,
  const json_t *diagnostics,
  bool *is_shown
) {
  Map keys = shown_keys(arena, diagnostics);
  for (uint32_t i = 0; keys.count > 0 && i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    if (view_text(view, finding->span.start) != text) continue;
    Str key = key_of(arena, finding->rule->code, view_text_range(view, finding->span));
    if (map_has(&keys, key)) is_shown[i] = true;
  }
}
