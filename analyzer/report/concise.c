#include "lint/rule.h"
#include "report/report.h"

static void concise_begin(Text *out, const ReportOptions *options) {
  (void)out;
  (void)options;
}

static void concise_file(Text *out, const FileReport *file, const ReportOptions *options) {
  (void)options;
  for (uint32_t i = 0; i < file->findings->count; i++) {
    const Finding *finding = &file->findings->items[i];
    add_finding_place(out, finding);
    text_format(
      out,
      ": %s: %.*s [%s %s]\n",
      severity_name(finding->severity),
      STR_ARGS(finding->message),
      finding->rule->name,
      finding->rule->code
    );
  }
}

static void concise_end(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  report_text.end(out, totals, problems, options);
}

const ReportFormat report_concise = {
  .name = "concise",
  .summary = "one line for each finding",
  .separator = "",
  .begin = concise_begin,
  .file = concise_file,
  .end = concise_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
};
