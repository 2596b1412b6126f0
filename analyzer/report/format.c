#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "lint/rule.h"
#include "report/terminal.h"

static const ReportFormat *const formats[] = {
  &report_full,       &report_concise, &report_pylint, &report_grouped,  &report_json,
  &report_json_lines, &report_sarif,   &report_github, &report_gitlab,   &report_junit,
  &report_checkstyle, &report_rdjson,  &report_azure,  &report_markdown,
};

enum { FORMAT_COUNT = sizeof(formats) / sizeof(*formats) };

Str finding_place(Arena *arena, const Finding *finding) {
  Position at = finding->start;
  return finding->cell > 0 ? str_format(arena, "cell %u:%u:%u", finding->cell, at.line, at.column)
                           : str_format(arena, "%u:%u", at.line, at.column);
}

void add_finding_place(Text *out, const Finding *finding) {
  Str place = finding_place(out->arena, finding);
  add_harmless(out, finding->path);
  text_format(out, ":%.*s", STR_ARGS(place));
}

const ReportFormat *report_format(Str name) {
  if (str_is(name, "text")) return &report_full;
  for (uint32_t i = 0; i < FORMAT_COUNT; i++) {
    if (str_is(name, formats[i]->name)) return formats[i];
  }
  return NULL;
}

Str report_format_names(Arena *arena) {
  Str names = STR_EMPTY;
  for (uint32_t i = 0; i < FORMAT_COUNT; i++) {
    names = str_format(arena, "%.*s%s%s", STR_ARGS(names), i ? ", " : "", formats[i]->name);
  }
  return names;
}

Str report_document(
  Arena *arena,
  const Report *report,
  const Strs *parts,
  const Totals *totals,
  const Problems *problems
) {
  const ReportFormat *format = report->format;
  Text text = { .arena = arena };
  if (format->begin) format->begin(&text, &report->options);
  bool has_part = false;
  for (uint32_t i = 0; i < parts->count; i++) {
    if (parts->items[i].len == 0) continue;
    if (has_part) text_add(&text, str_from(format->separator));
    text_add(&text, parts->items[i]);
    has_part = true;
  }
  if (format->end) format->end(&text, totals, problems, &report->options);
  return text_str(&text);
}

void totals_add(Totals *totals, const Findings *findings) {
  if (findings->count > 0) totals->files_with_findings++;
  for (uint32_t i = 0; i < findings->count; i++) {
    const Finding *finding = &findings->items[i];
    totals->by_severity[finding->severity]++;
    /* Fixes are not written into notebooks. */
    if (finding->cell > 0) continue;
    totals->fixable_safe += finding->fix.applicability == FIX_SAFE;
    totals->fixable_unsafe += finding->fix.applicability == FIX_UNSAFE;
  }
}

uint32_t totals_findings(const Totals *totals) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i <= SEVERITY_INFO; i++) sum += totals->by_severity[i];
  return sum;
}

enum { NAME_COLUMNS = 28 };

static int by_count(const void *left, const void *right) {
  const RuleCount *a = left, *b = right;
  if (a->findings != b->findings) return a->findings < b->findings ? 1 : -1;
  return strcmp(a->rule->code, b->rule->code);
}

void report_statistics(
  Text *out, const RuleCount *counts, uint32_t count, const ReportOptions *options
) {
  RuleCount *sorted = arena_array(out->arena, RuleCount, count + 1);
  if (count > 0) memcpy(sorted, counts, sizeof(RuleCount) * count);
  qsort(sorted, count, sizeof(RuleCount), by_count);
  const Palette *palette = palette_for(options->has_color);
  for (uint32_t i = 0; i < count && sorted[i].findings > 0; i++) {
    const Rule *rule = sorted[i].rule;
    text_format(out, "%6u  %s  ", sorted[i].findings, rule->code);
    text_format(out, "%s%s%s", palette->bold, rule->name, palette->plain);
    if (sorted[i].fixable > 0) {
      size_t len = strlen(rule->name);
      text_add_repeated(out, ' ', len < NAME_COLUMNS ? (uint32_t)(NAME_COLUMNS - len) : 0);
      text_add(out, STR("  (has a fix)"));
    }
    text_add_char(out, '\n');
  }
}
