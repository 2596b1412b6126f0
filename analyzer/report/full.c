/*
 * The default report: for each finding a headline, where it is, the lines of the source it is about
 * with labels that tell the story in order, and what to do.
 */
#include <stdlib.h>

#include "lint/rule.h"
#include "report/frame.h"
#include "report/terminal.h"

static void begin_remark(Text *out, const Palette *palette, int gutter, const char *name) {
  text_format(out, "%*s %s=%s %s: ", gutter, "", palette->frame, palette->plain, name);
}

static void
add_notes_elsewhere(Text *out, const Finding *finding, const Palette *palette, int gutter) {
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    if (note->path.len == 0) continue;
    begin_remark(out, palette, gutter, "note");
    add_harmless(out, note->message);
    text_add(out, STR(" ("));
    add_harmless(out, note->path);
    text_format(out, ":%u:%u)\n", note->start.line, note->start.column);
  }
}

static void add_advice(Text *out, const Finding *finding, const Palette *palette, int gutter) {
  static const char *const names[] = { [FIX_SAFE] = "fix", [FIX_UNSAFE] = "fix (unsafe)" };
  if (finding->help.len > 0) {
    begin_remark(out, palette, gutter, "help");
    add_harmless(out, finding->help);
    text_add_char(out, '\n');
  }
  if (finding->fix.applicability != FIX_NONE) {
    begin_remark(out, palette, gutter, names[finding->fix.applicability]);
    add_harmless(out, finding->fix.title);
    text_add_char(out, '\n');
  }
}

static void
add_finding(Text *out, const Source *source, const Finding *finding, const ReportOptions *options) {
  const Palette *palette = palette_for(options->has_color);
  const char *color = palette->severity[finding->severity];
  const char *severity = severity_name(finding->severity);
  text_format(out, "%s%s%s%s: ", color, severity, palette->plain, palette->bold);
  add_harmless(out, finding->message);
  text_format(out, "%s ", palette->plain);
  add_rule_tag(out, finding->rule, options);
  text_add_char(out, '\n');
  int gutter = frame_gutter(finding);
  text_format(out, "%*s%s-->%s ", gutter, "", palette->frame, palette->plain);
  add_finding_place(out, finding);
  text_add_char(out, '\n');
  add_frame(out, source, finding, options);
  add_notes_elsewhere(out, finding, palette, gutter);
  add_advice(out, finding, palette, gutter);
  text_add(out, STR("\n"));
}

static void full_file(Text *out, const FileReport *file, const ReportOptions *options) {
  for (uint32_t i = 0; i < file->findings->count; i++)
    add_finding(out, file->source, &file->findings->items[i], options);
}

const ReportFormat report_full = {
  .name = "full",
  .separator = "",
  .file = full_file,
  .end = end_for_people,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .is_for_people = true,
};
