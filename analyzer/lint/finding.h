#pragma once
/*
 * Finding: one thing to tell the user, as plain data: where, what happens at run time, the story in
 * order (raised here, held here, lost here), and possibly a fix.
 *
 * Owns: nothing; lives in the arena of the run of lint_source that made it.
 */
#include "source/edit.h"
#include "source/source.h"

typedef struct Rule Rule;

typedef enum {
  SEVERITY_ERROR,
  SEVERITY_WARNING,
  SEVERITY_INFO,
} Severity;

typedef enum {
  FIX_NONE,
  FIX_SAFE,   /* may be applied without asking: behaviour changes only as the message says */
  FIX_UNSAFE, /* on request: the author has to agree with the new behaviour */
} Applicability;

typedef struct {
  Str path; /* empty: the file of the finding; else another file of the project */
  Span span;
  uint32_t cell;       /* filled when the finding is completed, as below */
  Position start, end; /* filled when the finding is completed */
  Str message;
} Note;

typedef struct {
  Str title;                   /* "Re-raise the cancellation" */
  Applicability applicability; /* FIX_NONE: there is no fix */
  Edits edits;
} Fix;

/* Whether a finding is to be seen to. */
typedef enum {
  STANDING_OPEN,
  STANDING_SUPPRESSED,  /* a comment covers it */
  STANDING_IN_BASELINE, /* it was there when the baseline was written */
} Standing;

typedef struct {
  const Rule *rule;
  Severity severity; /* its rule's, unless less is at stake here */
  Span span;
  uint32_t cell; /* of a notebook, in which positions count; 0: none */
  Position start, end;
  Str path;
  Str message; /* what happens at run time; one sentence, no full stop at the end */
  Vec(Note) notes;
  Str help; /* what to do, or empty */
  Fix fix;
  Str
    fingerprint; /* stable across unrelated edits: rule, path, text of the line, ordinal among equal ones */
  Str
    line_hash; /* of the line it starts on and the text after it, as code scanning has it (source/line_hash.h) */
  Standing standing;
  Str reason; /* that the comment gives which suppresses it, or empty */
} Finding;

typedef Vec(Finding) Findings;
