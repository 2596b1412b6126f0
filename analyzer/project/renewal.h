#pragma once
/*
 * Renewal: keeps the projects of a survey up to date while files change, at the cost of what
 * changed. A file whose facts are what they were costs its own facts; one whose facts are others
 * costs joining those of all files again; only what begins or ceases to import something makes
 * other files be looked at.
 *
 * Owns: facts and projects that have come since the survey was made; renewal_free releases them.
 */
#include "project/survey.h"

/* Must be called for a survey that was indexed, once. */
void renewal_begin(Survey *survey);
void renewal_free(Survey *survey);

/* The memory that it holds beside that of the survey. */
size_t renewal_bytes(const Survey *survey);

/* The file is not what it was. False if the survey does not know it. */
bool renewal_note(Survey *survey, Str path);

typedef enum {
  RENEWAL_NOTHING,    /* files see nothing else of each other */
  RENEWAL_PROJECT,    /* some project is another one */
  RENEWAL_IMPOSSIBLE, /* other packages of an environment are imported: another survey is needed */
} Renewed;

/* Brings the projects up to date with all that was noted. */
Renewed renewal_run(Survey *survey, Pool *pool, Worker *worker);
