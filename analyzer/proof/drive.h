#pragma once
/*
 * Drive: runs one Python program under the runtime checker, in a process group of its own that ends with us, and
 * collects what the checker reports.
 */
#include "base/strs.h"

typedef struct {
  Str python;   /* the interpreter: a path, or a name to look up on PATH */
  Str script;   /* as the program is to see it in sys.argv */
  Str path;     /* the same file, absolute */
  Str function; /* to be called; empty: the file is run as a script */
  Strs arguments;
  Str orders;        /* what the checker is to do, lines of `key` or `key=value`; empty: look on */
  bool keeps_stdout; /* standard output is ours: the program's goes to standard error */
} DriveRequest;

typedef struct {
  Str lines;           /* what the checker reported: JSON, a line for each thing seen */
  int status;          /* of the interpreter, as waitpid gives it */
  bool is_interrupted; /* we were asked to stop, and stopped it */
} DriveResult;

/* False with a message if there is nothing to start. The program may fail all the same: see `status`. */
bool drive(Arena *arena, const DriveRequest *request, DriveResult *result, Str *message);
