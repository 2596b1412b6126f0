/*
 * JUnit's XML, for pages of test results: a suite for each file, a failed test for each finding.
 * Readers take a test for the same one as in an earlier run by its names, which therefore hold no
 * line, and must differ within a suite.
 */
#include "base/map.h"
#include "lint/rule.h"
#include "report/place.h"
#include "report/report.h"
#include "report/xml.h"

static void junit_begin(Text *out, const ReportOptions *options) {
  (void)options;
  text_add(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"awry\">\n"));
}

static void begin_suite(Text *out, Str name, uint32_t tests, uint32_t failures, uint32_t errors) {
  text_add(out, STR("  <testsuite name=\""));
  text_add_xml(out, name);
  text_format(
    out,
    "\" tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"0\" time=\"0\">\n",
    tests,
    failures,
    errors
  );
}

static Str test_name(Text *out, Map *seen, const Finding *finding) {
  const Rule *rule = finding->rule;
  Str name =
    str_format(out->arena, "%s (%s): %.*s", rule->name, rule->code, STR_ARGS(finding->message));
  uint32_t before = 0;
  map_get(seen, name, &before);
  map_put(out->arena, seen, name, before + 1);
  return before == 0 ? name : str_format(out->arena, "%.*s #%u", STR_ARGS(name), before + 1);
}

/* Readers show what stands before the last dot as a package: "app/jobs.py" is "app.jobs". */
static void add_class_name(Text *out, Str path) {
  Str stem = str_ends_with(path, STR(".py")) ? str_slice(path, 0, path.len - 3) : path;
  Text name = { .arena = out->arena };
  for (uint32_t i = 0; i < stem.len; i++)
    text_add_char(&name, stem.data[i] == '/' ? '.' : stem.data[i]);
  text_add_xml(out, text_str(&name));
}

static void add_failure(Text *out, const Finding *finding) {
  text_add(out, STR("      <failure message=\""));
  text_add_xml(out, finding->message);
  text_format(out, "\" type=\"%s\">", severity_name(finding->severity));
  Text body = { .arena = out->arena };
  add_finding_place(&body, finding);
  text_format(
    &body,
    ": %s: %.*s [%s %s]\n",
    severity_name(finding->severity),
    STR_ARGS(finding->message),
    finding->rule->name,
    finding->rule->code
  );
  if (finding->help.len > 0) text_format(&body, "help: %.*s\n", STR_ARGS(finding->help));
  text_add_xml(out, text_str(&body));
  text_add(out, STR("</failure>\n"));
}

static void junit_file(Text *out, const FileReport *file, const ReportOptions *options) {
  (void)options;
  uint32_t count = file->findings->count;
  Map seen = { 0 };
  begin_suite(out, file->source->path, count, count, 0);
  for (uint32_t i = 0; i < count; i++) {
    const Finding *finding = &file->findings->items[i];
    text_add(out, STR("    <testcase classname=\""));
    add_class_name(out, finding->path);
    text_add(out, STR("\" name=\""));
    text_add_xml(out, test_name(out, &seen, finding));
    text_add(out, STR("\" file=\""));
    text_add_xml(out, finding->path);
    Region region = region_of(file->source, finding->span, COLUMN_CHARACTERS);
    text_format(out, "\" line=\"%u\" time=\"0\">\n", region.start_line);
    add_failure(out, finding);
    text_add(out, STR("    </testcase>\n"));
  }
  text_add(out, STR("  </testsuite>\n"));
}

static void add_problem(Text *out, const Problem *problem) {
  Str path = problem->path.len > 0 ? problem->path : STR("awry");
  text_add(out, STR("    <testcase classname=\""));
  add_class_name(out, path);
  text_add(out, STR("\" name=\""));
  text_add_xml(
    out, str_format(out->arena, "%.*s: %.*s", STR_ARGS(path), STR_ARGS(problem->message))
  );
  text_add(out, STR("\" time=\"0\">\n      <error message=\""));
  text_add_xml(out, problem->message);
  text_add(out, STR("\" type=\"problem\"/>\n    </testcase>\n"));
}

/* A report without any test is an error to some readers. */
static void add_all_clear(Text *out, const Totals *totals) {
  begin_suite(out, STR("awry"), 1, 0, 0);
  text_format(
    out,
    "    <testcase classname=\"awry\" name=\"nothing found in %u file%s\" time=\"0\"/>\n",
    totals->files,
    totals->files == 1 ? "" : "s"
  );
  text_add(out, STR("  </testsuite>\n"));
}

static void
junit_end(Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options) {
  (void)options;
  if (problems->count > 0) {
    begin_suite(out, STR("awry"), problems->count, 0, problems->count);
    for (uint32_t i = 0; i < problems->count; i++) add_problem(out, &problems->items[i]);
    text_add(out, STR("  </testsuite>\n"));
  } else if (totals_findings(totals) == 0) {
    add_all_clear(out, totals);
  }
  text_add(out, STR("</testsuites>\n"));
}

const ReportFormat report_junit = {
  .name = "junit",
  .separator = "",
  .begin = junit_begin,
  .file = junit_file,
  .end = junit_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .has_problems = true,
};
