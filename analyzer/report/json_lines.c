/* json-lines: each finding is a document in a line of its own, as `json` has it, and so is each
   problem. */
#include "report/json_value.h"
#include "report/report.h"

static void add_line(Text *out, const char *kind, json_t *members) {
  json_t *line = json_pack("{s:i, s:s}", "schema_version", 1, "kind", kind);
  json_object_update(line, members);
  json_decref(members);
  text_add_json(out, line);
  text_add_char(out, '\n');
}

static void json_lines_file(Text *out, const FileReport *file, const ReportOptions *options) {
  (void)options;
  for (uint32_t i = 0; i < file->findings->count; i++) {
    const Finding *finding = &file->findings->items[i];
    add_line(out, "finding", json_finding(out->arena, file->source, finding));
  }
}

static void json_lines_end(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  (void)totals;
  (void)options;
  for (uint32_t i = 0; i < problems->count; i++)
    add_line(out, "problem", json_problem(out->arena, &problems->items[i]));
}

const ReportFormat report_json_lines = {
  .name = "json-lines",
  .separator = "",
  .file = json_lines_file,
  .end = json_lines_end,
  .explanation = explanation_json,
  .exclusion = exclusion_json,
  .has_problems = true,
};
