#pragma once
/*
 * Baseline: findings that were there when it was written, which a run leaves out. A text, one entry
 * to a line, sorted, so that people can read it, versions of it compare and merge line by line, and
 * two runs over the same code write the same bytes:
 *
 *   # awry baseline 1
 *   app/jobs.py dangling-task 2c1f0b7d5a4e1c3 1 asyncio.create_task(poll())
 *
 * which are the file, seen from the folder of the baseline; the rule; the hash of the line
 * (source/line_hash.h); how many findings look like that; and the line.
 *
 * Owns: nothing; all of it lives in the arena.
 */
#include "base/map.h"
#include "base/vec.h"
#include "source/problem.h"

typedef struct {
  Str path;
  Str rule; /* its name */
  Str hash;
  uint32_t count;
  Str excerpt;
  uint32_t line; /* of the baseline; 0: it does not stand there yet */
} BaselineEntry;

typedef Vec(BaselineEntry) BaselineEntries;

typedef struct {
  Str file;                /* absolute */
  Str shown;               /* as the user would write it */
  BaselineEntries entries; /* sorted; no two with the same path, rule and hash */
  Map first;               /* path -> index of its first entry */
} Baseline;

/* Sorts the entries, and makes one of those with the same path, rule and hash. */
void baseline_sort(BaselineEntries *entries);

/* False with a problem that names the line if the text is no baseline. */
bool baseline_parse(Arena *arena, Str text, Baseline *baseline, Problems *problems);

/* Reads baseline->file; false with a problem if it cannot be, or is none. */
bool baseline_read(Arena *arena, Baseline *baseline, Problems *problems);

/* The text of a baseline. Requires: sorted. */
Str baseline_text(Arena *arena, const BaselineEntries *entries);
