#pragma once
/*
 * Places as readers of reports count them who have the files, but not our way to look at them: paths
 * from the top of the repository, lines of the file also in a notebook, columns in the units that a
 * format asks for.
 */
#include "report/report.h"

typedef struct {
  uint32_t start_line, end_line;
  uint32_t start_column,
    end_column; /* 0: none, as in a notebook, where the text is inside of JSON */
} Region;

Region region_of(const Source *source, Span span, ColumnUnit unit);

/* The region of a note; of one in another file, whose text is not at hand, without columns. */
Region region_of_note(const Source *source, const Note *note, ColumnUnit unit);

/* A shown path, seen from options.root if it lies in there. */
Str report_path(Arena *arena, Str path, const ReportOptions *options);
