/*
 * The default report: for each finding a headline, where it is, the lines of the source it is about
 * with labels that tell the story in order, and what to do.
 */
#include <stdlib.h>

#include "lint/rule.h"
#include "report/frame.h"
#include "report/report.h"

static void
add_notes_elsewhere(Text *out, const Finding *finding, const Palette *palette, int gutter) {
  for (uint32_t i = 0; i < finding->notes.count; i++) {
    const Note *note = &finding->notes.items[i];
    if (note->path.len == 0) continue;
    text_format(
      out,
      "%*s %s=%s note: %.*s (%.*s:%u:%u)\n",
      gutter,
      "",
      palette->frame,
      palette->plain,
      STR_ARGS(note->message),
      STR_ARGS(note->path),
      note->start.line,
      note->start.column
    );
  }
}

static void add_advice(Text *out, const Finding *finding, const Palette *palette, int gutter) {
  if (finding->help.len > 0) {
    text_format(
      out,
      "%*s %s=%s help: %.*s\n",
      gutter,
      "",
      palette->frame,
      palette->plain,
      STR_ARGS(finding->help)
    );
  }
  if (finding->fix.applicability != FIX_NONE) {
    text_format(
      out,
      "%*s %s=%s fix%s: %.*s\n",
      gutter,
      "",
      palette->frame,
      palette->plain,
      finding->fix.applicability == FIX_UNSAFE ? " (unsafe)" : "",
      STR_ARGS(finding->fix.title)
    );
  }
}

static void
add_finding(Text *out, const Source *source, const Finding *finding, const Palette *palette) {
  const char *color = palette->severity[finding->severity];
  text_format(
    out,
    "%s%s%s%s: %.*s%s %s[%s %s]%s\n",
    color,
    severity_name(finding->severity),
    palette->plain,
    palette->bold,
    STR_ARGS(finding->message),
    palette->plain,
    palette->dim,
    finding->rule->name,
    finding->rule->code,
    palette->plain
  );
  int gutter = frame_gutter(finding);
  text_format(out, "%*s%s-->%s ", gutter, "", palette->frame, palette->plain);
  add_finding_place(out, finding);
  text_add_char(out, '\n');
  add_frame(out, source, finding, palette);
  add_notes_elsewhere(out, finding, palette, gutter);
  add_advice(out, finding, palette, gutter);
  text_add(out, STR("\n"));
}

static void full_file(Text *out, const FileReport *file, const ReportOptions *options) {
  const Palette *palette = palette_for(options->has_color);
  for (uint32_t i = 0; i < file->findings->count; i++) {
    add_finding(out, file->source, &file->findings->items[i], palette);
  }
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
