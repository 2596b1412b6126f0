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

typedef struct {
  Arena *arena;
  const Overlays *overlays;
  Configurations configurations;
  SourceFiles files;             /* those that are reported on */
  const Configured **configured; /* per file */
  ModuleIdentity *identities;    /* per file */
  const Project **projects;      /* per file */
  const ParsedFile **parsed;     /* per file; NULL: not kept */
  bool *uses_coroutines;         /* per file: although it has no word of async */
  Vec(ExcludedFile) excluded;
  Budget budget;                              /* for what is parsed and kept, however many files */
  Map environments;                           /* path -> index into environment_items */
  Vec(const Environment *) environment_items; /* NULL: cannot be used */
} Survey;

/* Takes the files that settings do not exclude. Requires: arena, overlays and the caller's part of
   configurations are filled in, the rest is zeroed. */
void survey_take(Survey *survey, const SourceFiles *found);

/* The first phase: facts of the projects around the files. */
void survey_index(Survey *survey, Pool *pool);

typedef enum {
  SURVEY_OPENED,
  SURVEY_UNWANTED, /* no enabled rule can find anything in it */
  SURVEY_UNREADABLE,
} SurveyOpened;

/* The file as it was parsed in the first phase, or read now. `is_wanted`: whatever the rules are.
   Owns: the source lives in the worker's arena, or as long as the survey. */
SurveyOpened survey_open(
  const Survey *survey,
  uint32_t item,
  bool is_wanted,
  Worker *worker,
  Source *source,
  Problem *problem
);

/* What to lint of a file that was opened. */
LintInput survey_input(const Survey *survey, uint32_t item, const Source *source, Arena *arena);
