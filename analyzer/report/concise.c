#include "lint/rule.h"
#include "report/report.h"

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

const ReportFormat report_concise = {
  .name = "concise",
  .separator = "",
  .file = concise_file,
  .end = end_for_people,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .is_for_people = true,
};
