/*
 * GitLab: the list that its code quality reports are. It compares the fingerprints of two branches,
 * and shows no rule: the description names it.
 */
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
  return str_hex(arena, XXH3_64bits(content.data, content.len));
}

typedef struct {
  Str description;
  const char *name, *severity;
  Str path;
  Str own;              /* what its fingerprint is made of, besides the path */
  uint32_t first, last; /* lines */
} Issue;

static json_t *json_issue(Arena *arena, const Issue *issue) {
  return json_pack(
    "{s:s, s:o, s:s, s:s, s:o, s:{s:o, s:{s:I, s:I}}}",
    "type",
    "issue",
    "description",
    json_from(arena, issue->description),
    "check_name",
    issue->name,
    "severity",
    issue->severity,
    "fingerprint",
    json_from(arena, fingerprint(arena, issue->path, issue->own)),
    "location",
    "path",
    json_from(arena, issue->path),
    "lines",
    "begin",
    (json_int_t)issue->first,
    "end",
    (json_int_t)issue->last
  );
}

static Issue issue_of(Arena *arena, Str path, const Source *source, const Finding *finding) {
  const Rule *rule = finding->rule;
  Region region = region_of(source, finding->span, COLUMN_CHARACTERS);
  return (Issue){
    .description =
      str_format(arena, "%s (%s): %.*s", rule->name, rule->code, STR_ARGS(finding->message)),
    .name = rule->name,
    .severity = severities[finding->severity],
    .path = path,
    .own = finding->fingerprint,
    .first = region.start_line,
    .last = region.end_line,
  };
}

static void gitlab_file(Text *out, const FileReport *file, const ReportOptions *options) {
  Str path = report_path(out->arena, file->source->path, options);
  for (uint32_t i = 0; i < file->findings->count; i++) {
    if (i > 0) text_add(out, STR(",\n"));
    Issue issue = issue_of(out->arena, path, file->source, &file->findings->items[i]);
    text_add_json(out, json_issue(out->arena, &issue));
  }
}

static Issue issue_of_problem(Arena *arena, const Problem *problem, const ReportOptions *options) {
  uint32_t line = problem->position.line > 0 ? problem->position.line : 1;
  return (Issue){
    .description = str_format(arena, "awry: %.*s", STR_ARGS(problem->message)),
    .name = "problem",
    .severity = "critical",
    .path = report_path(arena, problem->path.len > 0 ? problem->path : STR("."), options),
    .own = problem->message,
    .first = line,
    .last = line,
  };
}

static void gitlab_end(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  bool has_item = totals_findings(totals) > 0;
  for (uint32_t i = 0; i < problems->count; i++) {
    if (has_item) text_add(out, STR(",\n"));
    Issue issue = issue_of_problem(out->arena, &problems->items[i], options);
    text_add_json(out, json_issue(out->arena, &issue));
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
