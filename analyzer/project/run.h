#pragma once
/*
 * Run: many files, two phases. First the facts of every file of the projects around the named ones,
 * in parallel; then, with those merged, the rules on the named files, in parallel. Each file is
 * rendered where it was linted, and the parts are put together in the order of the files: the
 * report does not depend on the number of threads or on the order of names.
 *
 * Memory: facts, reports and problems of all files; the trees of those in flight, and of those that
 * stay parsed between the phases, within a fixed budget.
 */
#include "lint/settings.h"
#include "project/gate.h"
#include "project/index.h"
#include "project/offer.h"
#include "project/settings_file.h"
#include "report/report.h"
#include "source/problem.h"

typedef struct {
  Strs names;         /* as on the command line */
  Str working_folder; /* absolute */
  SettingsChoice settings;
  Settings overrides;     /* of the command line: they replace or add to what the files say */
  uint32_t threads;       /* at least 1 */
  PoolProgress *progress; /* of the run, for another thread to look at; NULL: nobody does */
  Reports reports; /* what each file is rendered to; why rules keep quiet, to the first one only */
  /* Not 0: instead of findings, why rules keep quiet at this line of the one named file. */
  uint32_t explained_line;
  uint32_t explained_cell; /* in which that line counts; 0: the file is no notebook */
  bool has_stdin; /* lint the file stdin_path only, which need not exist: `overlays` has its text */
  Str stdin_path;
  GateRequest gate;          /* which findings count */
  const Hash *build;         /* of awry: caches are those of the same one; NULL: none is used */
  Overlays overlays;         /* what stands for files on disk */
  Applicability boldest_fix; /* fixes up to that are made of each file's findings; FIX_NONE: none */
  bool adds_suppressions; /* comments that silence each file's findings are written, as fixes are */
  Str suppression_reason; /* that they give; one line, may be empty */
  const atomic_bool *is_unwanted; /* once set by others, the run ends early, and its result means
                                     nothing; NULL: never */
  Applicability boldest_offer;    /* fixes up to that are listed, each on its own; FIX_NONE: none */
} RunRequest;

/* What the fixes of one round make of a file. */
typedef struct {
  Str path; /* absolute */
  Str shown;
  Str before, after;
  uint32_t count; /* findings whose fixes were made */
} FixedFile;

typedef Vec(FixedFile) FixedFiles;

typedef struct {
  Str *reports; /* one for each that was asked for */
  Totals totals;
  RuleCount *rules; /* one per rule of the registry */
  Problems problems;
  FixedFiles fixed; /* nothing is written */
  Offers offers;    /* by file, and in it in the order of the findings */
  BaselineResult gate;
  Str
    own_noqa; /* absolute path of the first file with a code of ours in a noqa comment; empty: none */
} RunResult;

/* Owns: the result lives in the arena. */
RunResult run_check(const RunRequest *request, Arena *arena);
