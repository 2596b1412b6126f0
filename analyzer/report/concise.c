#include "lint/rule.h"
#include "report/terminal.h"

static void concise_file(Text *out, const FileReport *file, const ReportOptions *options) {
  const Palette *palette = palette_for(options->has_color);
  for (uint32_t i = 0; i < file->findings->count; i++) {
    const Finding *finding = &file->findings->items[i];
    add_finding_place(out, finding);
    const char *color = palette->severity[finding->severity];
    text_format(out, ": %s%s%s: ", color, severity_name(finding->severity), palette->plain);
    add_harmless(out, finding->message);
    text_add_char(out, ' ');
    add_rule_tag(out, finding->rule, options);
    text_add_char(out, '\n');
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
