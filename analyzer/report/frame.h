#pragma once
/*
 * Frame: the lines of source that a finding and its notes are about, with carets and labels below
 * them.
 */
#include "report/report.h"

/* Width of the widest line number in the frame. */
int frame_gutter(const Finding *finding);
void add_frame(
  Text *out, const Source *source, const Finding *finding, const ReportOptions *options
);
