/* Why rules keep quiet at one line, for other programs. */
#include "lint/rule.h"
#include "report/json_value.h"
#include "report/report.h"

static json_t *json_or_null(Arena *arena, Str text) {
  return text.len > 0 ? json_from(arena, text) : json_null();
}

static json_t *json_findings(Arena *arena, const Source *source, const Findings *findings) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < findings->count; i++)
    json_array_append_new(list, json_finding(arena, source, &findings->items[i]));
  return list;
}

static json_t *json_hidden(Arena *arena, const Source *source, const RuleExplanation *rule) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < rule->hidden.count; i++) {
    const HiddenFinding *hidden = &rule->hidden.items[i];
    json_t *item = json_pack(
      "{s:o, s:o}",
      "why",
      json_from(arena, hidden->why),
      "finding",
      json_finding(arena, source, &hidden->finding)
    );
    json_array_append_new(list, item);
  }
  return list;
}

static json_t *json_quiet(Arena *arena, const RuleExplanation *rule) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < rule->quiet.count; i++) {
    const QuietPlace *place = &rule->quiet.items[i];
    json_t *item = json_pack(
      "{s:s, s:o, s:o, s:o}",
      "why",
      place->quiet.why,
      "text",
      json_from(arena, place->shown),
      "start",
      json_position(place->start),
      "end",
      json_position(place->end)
    );
    json_array_append_new(list, item);
  }
  return list;
}

static json_t *json_rule(Arena *arena, const Source *source, const RuleExplanation *rule) {
  return json_pack(
    "{s:s, s:s, s:o, s:b, s:o, s:o, s:o}",
    "code",
    rule->rule->code,
    "name",
    rule->rule->name,
    "off",
    json_or_null(arena, rule->why_off),
    "has_words",
    (int)rule->has_words,
    "findings",
    json_findings(arena, source, &rule->findings),
    "hidden",
    json_hidden(arena, source, rule),
    "quiet",
    json_quiet(arena, rule)
  );
}

/* The number that is shown for a line of the text. */
static json_int_t line_number(const Source *source, uint32_t line) {
  return source_position(source, source->line_starts[line - 1]).line;
}

static json_t *json_around(const Source *source, const Explanation *explanation) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < explanation->around.count; i++)
    json_array_append_new(list, json_integer(line_number(source, explanation->around.items[i])));
  return list;
}

void explanation_json(
  Text *out, const Source *source, const Explanation *explanation, const ReportOptions *options
) {
  (void)options;
  text_add(out, STR("{\"schema_version\": 1,\n \"explained\": "));
  json_t *place = json_pack(
    "{s:o, s:o, s:I, s:I, s:I, s:o, s:b, s:o}",
    "path",
    json_from(out->arena, explanation->path),
    "cell",
    json_cell(source_cell(source, source->line_starts[explanation->line - 1])),
    "line",
    line_number(source, explanation->line),
    "first_line",
    line_number(source, explanation->first),
    "last_line",
    line_number(source, explanation->last),
    "around",
    json_around(source, explanation),
    "has_code",
    (int)explanation->has_code,
    "excluded",
    json_or_null(out->arena, explanation->why_unread)
  );
  text_add_json(out, place);
  text_add(out, STR(",\n \"rules\": [\n"));
  for (uint32_t i = 0; i < explanation->rules.count; i++) {
    if (i > 0) text_add(out, STR(",\n"));
    text_add_json(out, json_rule(out->arena, source, &explanation->rules.items[i]));
  }
  text_add(out, STR("]}\n"));
}

void exclusion_json(Text *out, Str path, Str why, const ReportOptions *options) {
  (void)options;
  text_add(out, STR("{\"schema_version\": 1,\n \"explained\": "));
  json_t *place = json_pack(
    "{s:o, s:o}", "path", json_from(out->arena, path), "excluded", json_from(out->arena, why)
  );
  text_add_json(out, place);
  text_add(out, STR(",\n \"rules\": []}\n"));
}
