#pragma once
/*
 * A unified diff of two texts, as `patch` and `git apply -p0` read it.
 */
#include "report/report.h"

/* Adds nothing if the texts are equal. Lines end with "\n"; what else ends a line stays a part of
   it. */
void diff_unified(Text *out, Str path, Str before, Str after, const ReportOptions *options);
