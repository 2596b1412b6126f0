/* checkstyle: XML that Jenkins, reviewdog and many review bots read. Columns are characters. */
#include "lint/rule.h"
#include "report/place.h"
#include "report/report.h"
#include "report/xml.h"

static void checkstyle_begin(Text *out, const ReportOptions *options) {
  (void)options;
  text_add(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"10.0\">\n"));
}

static void add_error(Text *out, uint32_t line, uint32_t column) {
  text_format(out, "    <error line=\"%u\"", line);
  if (column > 0) text_format(out, " column=\"%u\"", column);
}

static void checkstyle_file(Text *out, const FileReport *file, const ReportOptions *options) {
  (void)options;
  text_add(out, STR("  <file name=\""));
  text_add_xml(out, file->source->path);
  text_add(out, STR("\">\n"));
  for (uint32_t i = 0; i < file->findings->count; i++) {
    const Finding *finding = &file->findings->items[i];
    Region region = region_of(file->source, finding->span, COLUMN_CHARACTERS);
    add_error(out, region.start_line, region.start_column);
    text_format(out, " severity=\"%s\" message=\"", severity_name(finding->severity));
    text_add_xml(out, finding->message);
    text_format(out, "\" source=\"awry.%s.%s\"/>\n", finding->rule->code, finding->rule->name);
  }
  text_add(out, STR("  </file>\n"));
}

static void checkstyle_end(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  (void)totals;
  (void)options;
  for (uint32_t i = 0; i < problems->count; i++) {
    const Problem *problem = &problems->items[i];
    text_add(out, STR("  <file name=\""));
    text_add_xml(out, problem->path.len > 0 ? problem->path : STR("awry"));
    text_add(out, STR("\">\n"));
    add_error(
      out, problem->position.line > 0 ? problem->position.line : 1, problem->position.column
    );
    text_add(out, STR(" severity=\"error\" message=\""));
    text_add_xml(out, problem->message);
    text_add(out, STR("\" source=\"awry.problem\"/>\n  </file>\n"));
  }
  text_add(out, STR("</checkstyle>\n"));
}

const ReportFormat report_checkstyle = {
  .name = "checkstyle",
  .separator = "",
  .begin = checkstyle_begin,
  .file = checkstyle_file,
  .end = checkstyle_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .has_problems = true,
};
