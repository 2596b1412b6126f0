/*
 * The default report: for each finding a headline, where it is, the lines of the source it is about
 * with labels that tell the story in order, and what to do.
 */
#include <stdlib.h>

#include "lint/rule.h"
#include "report/frame.h"
#include "report/report.h"

static void text_begin(Text *out, const ReportOptions *options) {
  (void)out;
  (void)options;
}

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

static void text_file(Text *out, const FileReport *file, const ReportOptions *options) {
  const Palette *palette = palette_for(options->has_color);
  for (uint32_t i = 0; i < file->findings->count; i++) {
    add_finding(out, file->source, &file->findings->items[i], palette);
  }
}

static void add_count(Text *out, uint32_t count, const char *noun, const char *before) {
  if (count > 0) text_format(out, "%s%u %s%s", before, count, noun, count == 1 ? "" : "s");
}

/* What the fixes could do, in the words of the command line. */
static void add_fixable(Text *out, const Totals *totals) {
  if (totals->fixable_safe > 0) {
    text_format(out, "`--fix` fixes %u of them", totals->fixable_safe);
    if (totals->fixable_unsafe > 0)
      text_format(out, ", with `--unsafe-fixes` %u more", totals->fixable_unsafe);
  } else {
    text_format(out, "`--fix --unsafe-fixes` fixes %u of them", totals->fixable_unsafe);
  }
  text_add(out, STR(".\n"));
}

static void
text_end(Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options) {
  (void)problems;
  (void)options;
  uint32_t findings = totals_findings(totals);
  if (findings == 0) {
    text_format(out, "Nothing found in %u file%s.\n", totals->files, totals->files == 1 ? "" : "s");
    return;
  }
  text_add(out, STR("Found "));
  const char *before = "";
  for (int i = SEVERITY_ERROR; i <= SEVERITY_INFO; i++) {
    add_count(out, totals->by_severity[i], severity_name((Severity)i), before);
    if (totals->by_severity[i] > 0) before = ", ";
  }
  text_format(
    out,
    " in %u of %u file%s. `awry rule NAME` explains a rule.\n",
    totals->files_with_findings,
    totals->files,
    totals->files == 1 ? "" : "s"
  );
  if (totals->fixable_safe + totals->fixable_unsafe > 0) add_fixable(out, totals);
}

const ReportFormat report_text = {
  .name = "text",
  .summary = "source frames that tell each finding's story (the default)",
  .separator = "",
  .begin = text_begin,
  .file = text_file,
  .end = text_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
};
