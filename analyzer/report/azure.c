/* Azure Pipelines: logging commands that become issues of the run. It knows errors and warnings. */
#include "lint/rule.h"
#include "report/place.h"
#include "report/report.h"

static void add_value(Text *out, Str value, bool is_property) {
  for (uint32_t i = 0; i < value.len; i++) {
    char c = value.data[i];
    bool is_special = c == '\r' || c == '\n' || (is_property && (c == ';' || c == ']'));
    if (c == '%') text_add(out, STR("%AZP25"));
    else if (is_special) text_format(out, "%%%02X", (unsigned)(unsigned char)c);
    else text_add_char(out, c);
  }
}

static void begin_issue(Text *out, bool is_error, Str path, const ReportOptions *options) {
  text_format(out, "##vso[task.logissue type=%s;", is_error ? "error" : "warning");
  if (path.len == 0) return;
  text_add(out, STR("sourcepath="));
  add_value(out, report_path(out->arena, path, options), true);
  text_add_char(out, ';');
}

static void azure_file(Text *out, const FileReport *file, const ReportOptions *options) {
  for (uint32_t i = 0; i < file->findings->count; i++) {
    const Finding *finding = &file->findings->items[i];
    Region region = region_of(file->source, finding->span, COLUMN_CHARACTERS);
    begin_issue(out, finding->severity == SEVERITY_ERROR, finding->path, options);
    text_format(out, "linenumber=%u;", region.start_line);
    if (region.start_column > 0) text_format(out, "columnnumber=%u;", region.start_column);
    text_format(out, "code=%s;]%s: ", finding->rule->code, finding->rule->name);
    add_value(out, finding->message, false);
    text_add_char(out, '\n');
  }
}

static void
azure_end(Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options) {
  (void)totals;
  for (uint32_t i = 0; i < problems->count; i++) {
    const Problem *problem = &problems->items[i];
    begin_issue(out, true, problem->path, options);
    if (problem->position.line > 0) text_format(out, "linenumber=%u;", problem->position.line);
    text_add(out, STR("]awry: "));
    add_value(out, problem->message, false);
    text_add_char(out, '\n');
  }
}

const ReportFormat report_azure = {
  .name = "azure",
  .separator = "",
  .file = azure_file,
  .end = azure_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .has_problems = true,
};
