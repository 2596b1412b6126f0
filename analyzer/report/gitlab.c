/*
 * GitLab: the list that its code quality reports are. It compares the fingerprints of two branches,
 * and shows no rule: the description names it.
 */
#include <inttypes.h>
#include <xxhash.h>

#include "lint/rule.h"
#include "report/json_value.h"
#include "report/place.h"
#include "report/report.h"

static const char *const severities[] = {
  [SEVERITY_ERROR] = "major",
  [SEVERITY_WARNING] = "minor",
  [SEVERITY_INFO] = "info",
};

static void gitlab_begin(Text *out, const ReportOptions *options) {
  (void)options;
  text_add(out, STR("[\n"));
}

/* Ours names the file by its place below its own settings: several projects may be in a report. */
static Str fingerprint(Arena *arena, Str path, Str own) {
  Str content = str_format(arena, "%.*s\n%.*s", STR_ARGS(path), STR_ARGS(own));
  return str_format(arena, "%016" PRIx64, (uint64_t)XXH3_64bits(content.data, content.len));
}

static json_t *json_location(Arena *arena, Str path, uint32_t first, uint32_t last) {
  return json_pack(
    "{s:o, s:{s:I, s:I}}",
    "path",
    json_from(arena, path),
    "lines",
    "begin",
    (json_int_t)first,
    "end",
    (json_int_t)last
  );
}

static json_t *json_issue(Arena *arena, Str path, const Source *source, const Finding *finding) {
  const Rule *rule = finding->rule;
  Region region = region_of(source, finding->span, COLUMN_CHARACTERS);
  Str text = str_format(arena, "%s (%s): %.*s", rule->name, rule->code, STR_ARGS(finding->message));
  return json_pack(
    "{s:s, s:o, s:s, s:s, s:o, s:o}",
    "type",
    "issue",
    "description",
    json_from(arena, text),
    "check_name",
    rule->name,
    "severity",
    severities[finding->severity],
    "fingerprint",
    json_from(arena, fingerprint(arena, path, finding->fingerprint)),
    "location",
    json_location(arena, path, region.start_line, region.end_line)
  );
}

static void gitlab_file(Text *out, const FileReport *file, const ReportOptions *options) {
  Str path = report_path(out->arena, file->source->path, options);
  for (uint32_t i = 0; i < file->findings->count; i++) {
    if (i > 0) text_add(out, STR(",\n"));
    text_add_json(out, json_issue(out->arena, path, file->source, &file->findings->items[i]));
  }
}

static json_t *
json_problem_issue(Arena *arena, const Problem *problem, const ReportOptions *options) {
  Str path = report_path(arena, problem->path.len > 0 ? problem->path : STR("."), options);
  uint32_t line = problem->position.line > 0 ? problem->position.line : 1;
  Str text = str_format(arena, "awry: %.*s", STR_ARGS(problem->message));
  return json_pack(
    "{s:s, s:o, s:s, s:s, s:o, s:o}",
    "type",
    "issue",
    "description",
    json_from(arena, text),
    "check_name",
    "problem",
    "severity",
    "critical",
    "fingerprint",
    json_from(arena, fingerprint(arena, path, problem->message)),
    "location",
    json_location(arena, path, line, line)
  );
}

static void gitlab_end(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  bool has_item = totals_findings(totals) > 0;
  for (uint32_t i = 0; i < problems->count; i++) {
    if (has_item) text_add(out, STR(",\n"));
    text_add_json(out, json_problem_issue(out->arena, &problems->items[i], options));
    has_item = true;
  }
  text_add(out, STR("]\n"));
}

const ReportFormat report_gitlab = {
  .name = "gitlab",
  .separator = ",\n",
  .begin = gitlab_begin,
  .file = gitlab_file,
  .end = gitlab_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .has_problems = true,
};
