#pragma once
/*
 * Report formats. A format turns the findings of one file at a time into text, so that workers
 * render in parallel while the file's source is at hand, and the parts are put together in the
 * order of the files.
 *
 * Owns: nothing; every Text grows in the arena it was made with. No format prints.
 */
#include "base/strs.h"
#include "base/text.h"
#include "lint/explain.h"
#include "lint/severity.h"
#include "source/problem.h"

typedef struct {
  bool has_color;
  bool has_links;
  uint32_t width; /* of the terminal, in columns; 0: nobody knows */
  Str folder;     /* absolute: shown paths are seen from there */
  Str
    root; /* absolute: paths for those who have a copy of the repository are seen from there; empty:
               they are as shown */
  Str source_url; /* of the root's files as they are checked, to which paths are added; or empty */
  bool omits_suppressed; /* although the format has them */
} ReportOptions;

/* What there is to say of one file. */
typedef struct {
  const Source *source;
  const Findings *findings;   /* in source order */
  const Findings *suppressed; /* NULL: nobody asks for them */
  bool has_baseline;          /* that tells which of them are new */
} FileReport;

/* An entry of a baseline that has nothing to set aside any more. */
typedef struct {
  Str baseline;  /* as it is shown */
  uint32_t line; /* in it */
  Str file;      /* that it is about; absolute */
  Str path;      /* the same as the baseline has it */
  Str rule;      /* its name */
  Str excerpt;   /* of the line of code */
  uint32_t count;
} GoneFinding;

typedef Vec(GoneFinding) GoneFindings;

/* What a run came to, for closing lines. */
typedef struct {
  uint32_t files; /* looked at */
  uint32_t files_with_findings;
  uint32_t by_severity[SEVERITY_INFO + 1];
  uint32_t fixable_safe;
  uint32_t fixable_unsafe;
  uint32_t
    failing; /* findings that make the run fail: lint/severity.h; filled by who knows from which severity on */
  uint32_t in_baseline; /* findings that a baseline sets aside, not counted above */
  GoneFindings gone;    /* of what a baseline had */
} Totals;

typedef struct {
  const char *name;
  const char *separator; /* between the parts of two files that both have findings */
  void (*begin
  )(Text *out, const ReportOptions *options); /* NULL: there is nothing to say, as in `end` */
  void (*file)(Text *out, const FileReport *file, const ReportOptions *options);
  void (*end
  )(Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options);
  /* A whole document: why rules keep quiet at one line. */
  void (*explanation
  )(Text *out, const Source *source, const Explanation *explanation, const ReportOptions *options);
  /* A whole document as well: the file is not looked at, and why. */
  void (*exclusion)(Text *out, Str path, Str why, const ReportOptions *options);
  bool is_for_people;
  bool has_problems;   /* problems are part of the report; else they are shown on standard error */
  bool has_suppressed; /* suppressed findings are part of the report */
} ReportFormat;

/* A report that is asked for. */
typedef struct {
  const ReportFormat *format;
  ReportOptions options;
} Report;

typedef Vec(Report) Reports;

/* The whole report of a run. `parts`: what the format has made of the files, in their order; an empty one has nothing to
   say. */
Str report_document(
  Arena *arena,
  const Report *report,
  const Strs *parts,
  const Totals *totals,
  const Problems *problems
);

/* The explanation for people; formats of one finding a line use it, too. */
void explanation_text(
  Text *out, const Source *source, const Explanation *explanation, const ReportOptions *options
);
void exclusion_text(Text *out, Str path, Str why, const ReportOptions *options);
void explanation_json(
  Text *out, const Source *source, const Explanation *explanation, const ReportOptions *options
);
void exclusion_json(Text *out, Str path, Str why, const ReportOptions *options);

/* How much was found: closes a report for people. */
void end_for_people(
  Text *out, const Totals *totals, const Problems *problems, const ReportOptions *options
);

extern const ReportFormat report_full;
extern const ReportFormat report_concise;
extern const ReportFormat report_pylint;
extern const ReportFormat report_grouped;
extern const ReportFormat report_json;
extern const ReportFormat report_json_lines;
extern const ReportFormat report_sarif;
extern const ReportFormat report_github;
extern const ReportFormat report_gitlab;
extern const ReportFormat report_junit;
extern const ReportFormat report_checkstyle;
extern const ReportFormat report_rdjson;
extern const ReportFormat report_azure;
extern const ReportFormat report_markdown;

/* NULL if there is no format of that name; "text" is another one for "full". */
const ReportFormat *report_format(Str name);
/* The names of all formats, for messages: "full, concise, …". */
Str report_format_names(Arena *arena);

/* Where a finding is in its file: "5:3", in a notebook "cell 2:5:3". */
Str finding_place(Arena *arena, const Finding *finding);
/* Where a finding is: "a.py:5:3", in a notebook "a.ipynb:cell 2:5:3". */
void add_finding_place(Text *out, const Finding *finding);

/* Adds the totals of a file's findings. */
void totals_add(Totals *totals, const Findings *findings);
uint32_t totals_findings(const Totals *totals);

/* How many findings each rule has. */
typedef struct {
  const Rule *rule;
  uint32_t findings;
  uint32_t fixable;
} RuleCount;

/* `--statistics`: one line per rule, most findings first; Requires: sorted is not needed. */
void report_statistics(
  Text *out, const RuleCount *counts, uint32_t count, const ReportOptions *options
);
