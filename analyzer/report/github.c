/*
 * GitHub: workflow commands that become annotations of a pull request's lines. GitHub shows ten of
 * each severity for a step and drops the rest without a word: what is worst comes first, and the
 * rest is counted.
 */
#include "lint/rule.h"
#include "report/place.h"
#include "report/report.h"

enum { SHOWN_OF_EACH = 10 };

static const char *const commands[] = {
  [SEVERITY_ERROR] = "::error ",
  [SEVERITY_WARNING] = "::warning ",
  [SEVERITY_INFO] = "::notice ",
};

/* A value that stands behind the colons, or as a property before them. */
static void add_value(Text *out, Str value, bool is_property) {
  for (uint32_t i = 0; i < value.len; i++) {
    char c = value.data[i];
    bool is_special = c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
    if (is_special) text_format(out, "%%%02X", (unsigned)(unsigned char)c);
    else text_add_char(out, c);
  }
}

static void add_place(Text *out, Str path, const Region *region, const ReportOptions *options) {
  text_add(out, STR("file="));
  add_value(out, report_path(out->arena, path, options), true);
  text_format(out, ",line=%u,endLine=%u", region->start_line, region->end_line);
  /* GitHub takes columns within one line only. */
  if (region->start_column == 0 || region->start_line != region->end_line) return;
  text_format(out, ",col=%u,endColumn=%u", region->start_column, region->end_column);
}

static void add_annotation(
  Text *out, const Source *source, const Finding *finding, const ReportOptions *options
) {
  text_add(out, str_from(commands[finding->severity]));
  text_format(out, "title=%s (%s),", finding->rule->name, finding->rule->code);
  Region region = region_of(source, finding->span, COLUMN_UTF16_UNITS);
  add_place(out, finding->path, &region, options);
  text_add(out, STR("::"));
  Text message = { .arena = out->arena };
  if (finding->cell > 0) text_format(&message, "cell %u: ", finding->cell);
  text_add(&message, finding->message);
  if (finding->help.len > 0) text_format(&message, "\nhelp: %.*s", STR_ARGS(finding->help));
  add_value(out, text_str(&message), false);
  text_add_char(out, '\n');
}

static void github_file(Text *out, const FileReport *file, const ReportOptions *options) {
  for (uint32_t i = 0; i < file->findings->count; i++)
    add_annotation(out, file->source, &file->findings->items[i], options);
}

static void add_problem(Text *out, const Problem *problem, const ReportOptions *options) {
  text_add(out, STR("::error title=awry"));
  if (problem->path.len > 0) {
    uint32_t line = problem->position.line > 0 ? problem->position.line : 1;
    text_add_char(out, ',');
    add_place(out, problem->path, &(Region){ .start_line = line, .end_line = line }, options);
  }
  text_add(out, STR("::"));
  add_value(out, problem->message, false);
  text_add_char(out, '\n');
}

static void add_of_severity(Text *out, Str lines, Severity severity) {
  while (lines.len > 0) {
    Str line = str_next(&lines, '\n');
    if (!str_starts_with(line, str_from(commands[severity]))) continue;
    text_add(out, line);
    text_add_char(out, '\n');
  }
}

static uint32_t over_limit(uint32_t count) {
  return count > SHOWN_OF_EACH ? count - SHOWN_OF_EACH : 0;
}

/* What GitHub drops of it, of each severity. It is an annotation itself. */
static void add_dropped(Text *out, const Totals *totals, uint32_t problem_count) {
  uint32_t errors = over_limit(totals->by_severity[SEVERITY_ERROR] + problem_count);
  uint32_t warnings = over_limit(totals->by_severity[SEVERITY_WARNING]);
  uint32_t infos = totals->by_severity[SEVERITY_INFO];
  bool has_room = errors + warnings == 0 && infos <= SHOWN_OF_EACH;
  if (has_room) return;
  infos = over_limit(infos + 1); /* with this one */
  text_format(
    out,
    "::notice title=awry::%u more than the %u annotations of each severity that GitHub shows of a "
    "step: %u error%s, %u warning%s, %u info%s. They are in the log.\n",
    errors + warnings + infos,
    SHOWN_OF_EACH,
    errors,
    errors == 1 ? "" : "s",
    warnings,
    warnings == 1 ? "" : "s",
    infos,
    infos == 1 ? "" : "s"
  );
}

static void github_end(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  Text sorted = { .arena = out->arena };
  for (uint32_t i = 0; i < problems->count; i++) add_problem(&sorted, &problems->items[i], options);
  add_of_severity(&sorted, text_str(out), SEVERITY_ERROR);
  add_of_severity(&sorted, text_str(out), SEVERITY_WARNING);
  add_dropped(&sorted, totals, problems->count);
  add_of_severity(&sorted, text_str(out), SEVERITY_INFO);
  *out = sorted;
}

const ReportFormat report_github = {
  .name = "github",
  .separator = "",
  .file = github_file,
  .end = github_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .has_problems = true,
};
