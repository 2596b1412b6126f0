/*
 * Lines as pylint's `parseable` format has them, for tools that read that. They take a letter and
 * digits for the code: AWR302 goes as W9302, of the numbers that pylint leaves to others.
 */
#include "lint/rule.h"
#include "report/place.h"
#include "report/report.h"

static char letter_of(Severity severity) {
  static const char letters[] = {
    [SEVERITY_ERROR] = 'E',
    [SEVERITY_WARNING] = 'W',
    [SEVERITY_INFO] = 'R',
  };
  return letters[severity];
}

static void pylint_file(Text *out, const FileReport *file, const ReportOptions *options) {
  (void)options;
  for (uint32_t i = 0; i < file->findings->count; i++) {
    const Finding *finding = &file->findings->items[i];
    Str code = str_from(finding->rule->code);
    text_format(
      out,
      "%.*s:%u: [%c9%.*s(%s), %.*s] %.*s\n",
      STR_ARGS(finding->path),
      source_written_line(file->source, finding->span.start),
      letter_of(finding->severity),
      STR_ARGS(str_slice(code, sizeof "AWR" - 1, code.len)),
      finding->rule->name,
      STR_ARGS(code),
      STR_ARGS(finding->message)
    );
  }
}

const ReportFormat report_pylint = {
  .name = "pylint",
  .separator = "",
  .file = pylint_file,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
};
