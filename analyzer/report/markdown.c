/*
 * Markdown: a table for each file below the counts, for the summary page of a CI job.
 */
#include "base/path.h"
#include "lint/rule.h"
#include "report/place.h"
#include "report/report.h"
#include "report/rule_page.h"

/* GitHub throws away a job's summary of more than a megabyte. */
enum { MOST_BYTES = 900 << 10 };

/* Text in a cell of a table. Backticks are left alone: messages mean them. */
static void add_cell(Text *out, Str text) {
  for (uint32_t i = 0; i < text.len; i++) {
    char c = text.data[i];
    if (c == '<') text_add(out, STR("&lt;"));
    else if (c == '\n' || c == '\r') text_add_char(out, ' ');
    else if (c == '|' || c == '*' || c == '_' || c == '[' || c == ']' || c == '\\')
      text_format(out, "\\%c", c);
    else text_add_char(out, c);
  }
}

/* A message, whose parts in backticks are code: only the bar means something there. */
static void add_message(Text *out, Str message) {
  bool is_code = false;
  while (message.len > 0) {
    uint32_t tick = str_find(message, STR("`"));
    Str part = str_slice(message, 0, tick == UINT32_MAX ? message.len : tick);
    for (uint32_t i = 0; is_code && i < part.len; i++)
      text_format(out, part.data[i] == '|' ? "\\%c" : "%c", part.data[i]);
    if (!is_code) add_cell(out, part);
    if (tick == UINT32_MAX) return;
    text_add_char(out, '`');
    is_code = !is_code;
    message = str_slice(message, tick + 1, message.len);
  }
}

static void
add_place(Text *out, const Source *source, const Finding *finding, const ReportOptions *options) {
  Str place = finding_place(out->arena, finding);
  if (options->source_url.len == 0) {
    text_add(out, place);
    return;
  }
  Str path = path_percent_encoded(out->arena, report_path(out->arena, finding->path, options));
  text_format(
    out,
    "[%.*s](%.*s/%.*s#L%u)",
    STR_ARGS(place),
    STR_ARGS(options->source_url),
    STR_ARGS(path),
    source_written_line(source, finding->span.start)
  );
}

static void markdown_file(Text *out, const FileReport *file, const ReportOptions *options) {
  text_add(out, STR("\n**"));
  add_cell(out, file->source->path);
  text_add(out, STR("**\n\n| line | | finding | rule |\n|---|---|---|---|\n"));
  for (uint32_t i = 0; i < file->findings->count; i++) {
    const Finding *finding = &file->findings->items[i];
    text_add(out, STR("| "));
    add_place(out, file->source, finding, options);
    text_format(out, " | %s | ", severity_name(finding->severity));
    add_message(out, finding->message);
    Str url = rule_page_url(out->arena, finding->rule);
    text_format(
      out, " | [%s](%.*s) %s |\n", finding->rule->name, STR_ARGS(url), finding->rule->code
    );
  }
}

static void add_problems(Text *out, const Problems *problems) {
  if (problems->count == 0) return;
  text_add(out, STR("\nThe run itself had problems:\n\n"));
  for (uint32_t i = 0; i < problems->count; i++) {
    const Problem *problem = &problems->items[i];
    text_add(out, STR("- "));
    if (problem->path.len > 0) {
      add_cell(out, problem->path);
      if (problem->position.line > 0) text_format(out, ":%u", problem->position.line);
      text_add(out, STR(": "));
    }
    add_message(out, problem->message);
    text_add_char(out, '\n');
  }
}

static void markdown_end(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  Text whole = { .arena = out->arena };
  text_add(&whole, STR("### awry\n\n"));
  end_for_people(&whole, totals, problems, options);
  add_problems(&whole, problems);
  Str tables = text_str(out);
  bool is_cut = tables.len > MOST_BYTES;
  if (is_cut) {
    tables = str_slice(tables, 0, MOST_BYTES);
    while (!str_ends_with(tables, STR("\n"))) tables.len--;
  }
  text_add(&whole, tables);
  if (is_cut) text_add(&whole, STR("\nThe rest is left out: it would make this page too long.\n"));
  *out = whole;
}

const ReportFormat report_markdown = {
  .name = "markdown",
  .separator = "",
  .file = markdown_file,
  .end = markdown_end,
  .explanation = explanation_text,
  .exclusion = exclusion_text,
  .has_problems = true,
};
