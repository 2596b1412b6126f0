#pragma once
/*
 * One run of the user's own git. Reads, and takes no locks.
 */
#include "base/arena.h"
#include "base/str.h"

typedef struct {
  Str folder;                   /* that is asked about */
  const char *const *arguments; /* behind `git -C FOLDER`; NULL ends them */
  Str input;                    /* for its standard input */
  Str index_file;               /* absolute; empty: the repository's own */
} GitCall;

typedef enum {
  GIT_DONE,
  GIT_REFUSED, /* it ran, and says no */
  GIT_ABSENT,  /* it cannot be started */
} GitOutcome;

typedef struct {
  GitOutcome outcome;
  Str output;
  Str complaint; /* the first line of what it says on standard error, in English */
} GitAnswer;

/* Owns: the answer lives in the arena. */
GitAnswer git_ask(Arena *arena, const GitCall *call);
