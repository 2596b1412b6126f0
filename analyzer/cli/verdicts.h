#pragma once
/*
 * Verdicts: what was proved of each fix, for people and for programs.
 */
#include "proof/verdict.h"
#include "report/report.h"
#include "source/problem.h"

typedef struct {
  Str shown; /* path of the file */
  uint32_t line;
  const Rule *rule;
  Str python; /* version */
  Verdict verdict;
} Judged;

typedef Vec(Judged) JudgedFixes;

/* One line. */
void verdict_show(Text *out, const Judged *judged, const ReportOptions *options);
/* One line: how many there are of each. */
void verdicts_summary(Text *out, const JudgedFixes *fixes);
/* The whole document. */
void verdicts_json(Text *out, const JudgedFixes *fixes, const Problems *problems);
