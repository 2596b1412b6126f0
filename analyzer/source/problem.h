#pragma once
/*
 * Problem: what is wrong with the run itself, not with the user's code: an unreadable file, bad
 * settings. Functions add to the caller's list; only programs show it.
 *
 * Owns: nothing.
 */
#include "base/vec.h"
#include "source/source.h"

typedef struct {
  Str path;          /* as it is shown; empty where no file is at fault, as for the command line */
  Position position; /* line 0: the file as a whole */
  Str message;
} Problem;

typedef Vec(Problem) Problems;
