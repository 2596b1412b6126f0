/* What closes a report for people: how much was found where, and what can be done about it. */
#include "report/report.h"

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

static void add_in_baseline(Text *out, const Totals *totals) {
  if (totals->in_baseline > 0) text_format(out, "%u in baseline.\n", totals->in_baseline);
}

void end_for_people(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
) {
  (void)options;
  /* Nothing was looked at. */
  if (totals->files == 0 && problems->count > 0) return;
  uint32_t findings = totals_findings(totals);
  if (findings == 0) {
    text_format(out, "Nothing found in %u file%s.\n", totals->files, totals->files == 1 ? "" : "s");
    add_in_baseline(out, totals);
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
  add_in_baseline(out, totals);
  if (totals->fixable_safe + totals->fixable_unsafe > 0) add_fixable(out, totals);
}
