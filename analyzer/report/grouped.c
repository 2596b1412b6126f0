/* grouped: a line for each finding, below its file. */
#include "lint/rule.h"
#include "report/terminal.h"

static void grouped_file(Text *out, const FileReport *file, const ReportOptions *options) {
  const Palette *palette = palette_for(options->has_color);
  text_add(out, str_from(palette->bold));
  add_harmless(out, file->source->path);
  text_format(out, "%s (%u)\n", palette->plain, file->findings->count);
  uint32_t widest = 0;
  for (uint32_t i = 0; i < file->findings->count; i++) {
    Str place = finding_place(out->arena, &file->findings->items[i]);
    if (place.len > widest) widest = place.len;
  }
  for (uint32_t i = 0; i < file->findings->count; i++) {
    const Finding *finding = &file->findings->items[i];
    Str place = finding_place(out->arena, finding);
    text_format(
      out,
      "  %*.*s  %s%-7s%s  ",
      (int)widest,
      STR_ARGS(place),
      palette->severity[finding->severity],
      severity_name(finding->severity),
      palette->plain
    );
    add_harmless(out, finding->message);
    text_add_char(out, ' ');
    add_rule_tag(out, finding->rule, options);
    text_add_char(out, '\n');
  }
  text_add_char(out, '\n');
}

const ReportFormat report_grouped = {
  .name = "grouped",
  .separator = "",
  .file = grouped_file,
  .end = end_for_people,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .is_for_people = true,
};
