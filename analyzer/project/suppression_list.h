#pragma once
/*
 * The suppressions that are written in files, for people to go through.
 *
 * Owns: nothing; all of it lives in the arena.
 */
#include "lint/suppress.h"
#include "project/run.h"

typedef struct {
  Str path;      /* as it is shown */
  uint32_t cell; /* of a notebook; 0: none */
  Position start;
  bool is_file; /* it covers the whole file */
  bool is_noqa;
  Strs rules; /* as written; none: all of them */
  Str reason; /* may be empty */
} ListedSuppression;

typedef Vec(ListedSuppression) ListedSuppressions;

/* In the order of the files, and in them by place. Comments of other linters are listed if they name
   a rule of ours or one that says the same. What is wrong with files is added to problems. */
ListedSuppressions list_suppressions(const RunRequest *request, Arena *arena, Problems *problems);
