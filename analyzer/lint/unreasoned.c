#include "lint/unreasoned.h"

void unreasoned_report(
  const Rule *rule, Module *module, const Suppressions *suppressions, Findings *findings
) {
  Context cx = { .rule = rule, .module = module, .findings = findings, .arena = module->arena };
  for (uint32_t i = 0; i < suppressions->count; i++) {
    const Suppression *suppression = &suppressions->items[i];
    if (!suppression_is_ours(suppression) || suppression->reason.len > 0) continue;
    Finding *finding =
      report_span(&cx, suppression->span, "nothing says why findings are suppressed here");
    add_help(&cx, finding, "write the reason at the end of the comment, behind `--`");
  }
}
