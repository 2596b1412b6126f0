#pragma once
/*
 * Survey: the files that are reported on, each with what linting it needs: its settings, its name,
 * and the facts of the project around it. What a run over many files and a workspace share.
 *
 * Owns: what it finds lives in the arena and in the pool's workers.
 */
#include "project/configured.h"
#include "project/identity.h"
#include "project/index.h"

/* A file that was found and is not reported on. */
typedef struct {
  SourceFile file;
  Str pattern; /* of the settings, which excludes it */
} ExcludedFile;

/* A project, as much of it as the files that are reported on can see. */
typedef struct {
  Str root;
  SourceFiles files; /* as in the input */
  IndexInput input;
  const Project *project;
  FactsStore *store;       /* NULL: it has no cache */
  struct Renewal *renewal; /* of what is kept up to date; NULL otherwise */
} Surroundings;

typedef struct {
  Arena *arena;
  const Overlays *overlays;
  const Hash *build; /* of awry: what the caches are of; NULL: none is used */
  Configurations configurations;
  SourceFiles files;             /* those that are reported on */
  const Configured **configured; /* per file */
  Surroundings **around;         /* per file */
  uint32_t *places;              /* per file: its number there */
  const ParsedFile **parsed;     /* per file; NULL: not kept */
  NewEntry *found;               /* per file: its findings, if they are new */
  Vec(Surroundings *) surroundings;
  Vec(ExcludedFile) excluded;
  size_t parsed_bytes;                        /* for what is parsed and kept */
  Map environments;                           /* path -> index into environment_items */
  Vec(const Environment *) environment_items; /* NULL: cannot be used */
  Problems environment_problems;
} Survey;

/* For files that stay parsed between the two phases of a run: some ten megabytes of Python. */
enum { SURVEY_PARSED_BYTES = 64 << 20 };

/* Takes the files that settings do not exclude. Requires: arena, overlays, build, parsed_bytes and
   the caller's part of configurations are filled in, the rest is zeroed. */
void survey_take(Survey *survey, const SourceFiles *found);

/* The first phase: facts of the projects around the files. */
void survey_index(Survey *survey, Pool *pool);

/* What the first phase found out about a file. */
const IndexedFile *survey_indexed(const Survey *survey, uint32_t item);

typedef enum {
  SURVEY_OPENED,
  SURVEY_UNWANTED, /* no enabled rule can find anything in it */
  SURVEY_UNREADABLE,
} SurveyOpened;

/* The file as it was parsed in the first phase, or read now; `is_wanted`: whatever the rules are. If
   it has not been parsed, its tree has no rows. Owns: `opened` stays in its place; the source lives in the worker's arena, or as
   long as the survey. */
SurveyOpened survey_open(
  const Survey *survey,
  uint32_t item,
  bool is_wanted,
  Worker *worker,
  ParsedFile *opened,
  Problem *problem
);

/* What is found in a file, by linting it or because that was done before. */
typedef struct {
  ParsedFile file; /* read if there are findings */
  LintInput input;
  Findings findings, suppressed;
} Linted;

/* Owns: `linted` stays in its place; what is in it lives as long as the file that is opened. */
SurveyOpened
survey_lint(Survey *survey, uint32_t item, Worker *worker, Linted *linted, Problem *problem);

/* What an earlier run has found in a file that was read, and is not open in an editor; false if nothing is
   known. Any thread. Owns: it lives in the worker's arena, its strings as long as the survey. */
bool survey_recall(
  const Survey *survey, uint32_t item, Worker *worker, const LintInput *input, Findings *findings
);

/* Keeps what was found out for the next run, where caches can be written. Requires: the pool's workers
   are still there. */
void survey_save(const Survey *survey);

/* What the file is told of its project. Any thread. Owns: it lives in the arena, or as long as the
   survey. */
const Project *survey_project(const Survey *survey, uint32_t item, Arena *arena);

/* What to lint of a file that was opened; of one that was not (NULL), what all files of its project
   have in common, without a source. */
LintInput survey_input(const Survey *survey, uint32_t item, const ParsedFile *file, Arena *arena);
