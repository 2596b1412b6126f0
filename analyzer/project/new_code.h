#pragma once
/*
 * New code: what has been written in a repository since some point of its history, and which
 * findings are about it. Files are compared as they are linted now, whatever stands for them on
 * disk, with what git has of them from then.
 *
 * A finding is old if the old version of its file has it, too, in the project as it was: on the line
 * that this one comes from, or one that reads the same (known_findings.h). All others are new, be it
 * that a line was added, that one was taken away, or that something changed in another file. Where a
 * finding's own story (Finding.notes) leads to a changed line of another file, it is new as well.
 *
 * Owns: nothing; all of it lives in the arena.
 */
#include "project/git_changes.h"
#include "project/survey.h"

typedef struct NewCode NewCode;

/* What has changed in the repository that the question is about. NULL with a sentence if that
   cannot be told. */
const NewCode *new_code_open(Arena *arena, const GitQuestion *question, Str *why);

/* Puts what is staged over files that differ from it on disk; what stands for a file already stays. */
void new_code_stage(const NewCode *code, Arena *arena, Overlays *overlays);

/* Puts what was over files that have changed; false if none has. */
bool new_code_rewind(const NewCode *code, Arena *arena, Overlays *overlays);

/* One file in a run. */
typedef struct {
  const Survey *survey;
  const Survey *before; /* the project as it was; NULL: nothing in it has changed */
  uint32_t item;        /* in it */
  const LintInput *input;
  Worker *worker;
} NewCodeFile;

/* Removes the findings that are not new. Reads what is constant, so that workers may do it at
   once. */
void new_code_filter(const NewCode *code, const NewCodeFile *file, Findings *findings);
