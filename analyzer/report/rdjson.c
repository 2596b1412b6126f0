/*
 * rdjson: what reviewdog reads. Its columns are bytes of UTF-8. A suggestion is applied alone, so
 * there is one only for a fix of one edit.
 */
#include "lint/rule.h"
#include "report/json_value.h"
#include "report/place.h"
#include "report/report.h"
#include "report/rule_page.h"

static const char *const severities[] = {
  [SEVERITY_ERROR] = "ERROR",
  [SEVERITY_WARNING] = "WARNING",
  [SEVERITY_INFO] = "INFO",
};

static void rdjson_begin(Text *out, const ReportOptions *options) {
  (void)options;
  text_add(out, STR("{\"source\":{\"name\":\"awry\"},\n\"diagnostics\":[\n"));
}

static json_t *json_place(uint32_t line, uint32_t column) {
  json_t *place = json_pack("{s:I}", "line", (json_int_t)line);
  if (column > 0) json_object_set_new(place, "column", json_integer(column));
  return place;
}

static json_t *json_range(const Region *region) {
  return json_pack(
    "{s:o, s:o}",
    "start",
    json_place(region->start_line, region->start_column),
    "end",
    json_place(region->end_line, region->end_column)
  );
}

static json_t *json_location(Arena *arena, Str path, const Region *region) {
  return json_pack("{s:o, s:o}", "path", json_from(arena, path), "range", json_range(region));
}

static json_t *json_related(Arena *arena, const Source *source, const Finding *finding) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    Region region = region_of_note(source, note, COLUMN_BYTES);
    Str path = note->path.len > 0 ? note->path : finding->path;
    json_t *item = json_pack(
      "{s:o, s:o}",
      "message",
      json_from(arena, note->message),
      "location",
      json_location(arena, path, &region)
    );
    json_array_append_new(list, item);
  }
  return list;
}

static json_t *json_suggestions(Arena *arena, const Source *source, const Finding *finding) {
  const Edits *edits = &finding->fix.edits;
  if (edits->count != 1 || source->cell_count > 0) return json_array();
  Region region = region_of(source, edits->items[0].span, COLUMN_BYTES);
  return json_pack(
    "[{s:o, s:o}]", "range", json_range(&region), "text", json_from(arena, edits->items[0].text)
  );
}

static json_t *json_diagnostic(Arena *arena, const Source *source, const Finding *finding) {
  const Rule *rule = finding->rule;
  Region region = region_of(source, finding->span, COLUMN_BYTES);
  Str message = finding->help.len == 0
    ? finding->message
    : str_format(arena, "%.*s\nhelp: %.*s", STR_ARGS(finding->message), STR_ARGS(finding->help));
  return json_pack(
    "{s:o, s:o, s:s, s:{s:o, s:o}, s:o, s:o}",
    "message",
    json_from(arena, message),
    "location",
    json_location(arena, finding->path, &region),
    "severity",
    severities[finding->severity],
    "code",
    "value",
    json_from(arena, str_format(arena, "%s %s", rule->name, rule->code)),
    "url",
    json_from(arena, rule_page_url(arena, rule)),
    "suggestions",
    json_suggestions(arena, source, finding),
    "related_locations",
    json_related(arena, source, finding)
  );
}

static void rdjson_file(Text *out, const FileReport *file, const ReportOptions *options) {
  (void)options;
  for (uint32_t i = 0; i < file->findings->count; i++) {
    if (i > 0) text_add(out, STR(",\n"));
    text_add_json(out, json_diagnostic(out->arena, file->source, &file->findings->items[i]));
  }
}

static json_t *json_problem_diagnostic(Arena *arena, const Problem *problem) {
  json_t *location =
    json_pack("{s:o}", "path", json_from(arena, problem->path.len > 0 ? problem->path : STR(".")));
  if (problem->position.line > 0) {
    json_t *start = json_place(problem->position.line, 0);
    json_object_set_new(location, "range", json_pack("{s:o}", "start", start));
  }
  return json_pack(
    "{s:o, s:o, s:s}",
    "message",
    json_from(arena, problem->message),
    "location",
    location,
    "severity",
    "ERROR"
  );
}

static void rdjson_end(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  (void)options;
  bool has_item = totals_findings(totals) > 0;
  for (uint32_t i = 0; i < problems->count; i++) {
    if (has_item) text_add(out, STR(",\n"));
    text_add_json(out, json_problem_diagnostic(out->arena, &problems->items[i]));
    has_item = true;
  }
  text_add(out, STR("]}\n"));
}

const ReportFormat report_rdjson = {
  .name = "rdjson",
  .separator = ",\n",
  .begin = rdjson_begin,
  .file = rdjson_file,
  .end = rdjson_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .has_problems = true,
};
