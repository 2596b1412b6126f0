#pragma once
/*
 * Drive: runs one Python program under the runtime checker, and collects what the checker reports.
 */
#include "proof/launch.h"

typedef struct {
  Str python;        /* the interpreter: a path, or a name to look up on PATH */
  Str script;        /* as the program is to see it in sys.argv */
  Str path;          /* the same file, absolute */
  Str function;      /* to be called; empty: the file is run as a script */
  Str module;        /* its name; empty: __main__ of a script, else that of the file */
  Str import_folder; /* where its imports are looked for first; empty: beside it */
  Strs arguments;
  Str orders;        /* what the checker is to do, lines of `key` or `key=value`; empty: look on */
  Strs environment;  /* "NAME=value", beside what there is */
  bool keeps_stdout; /* standard output is ours: the program's goes to standard error */
  const Containment *containment; /* NULL: it is the user's own run */
  uint32_t seconds;               /* of real time; 0: as long as it takes */
  Listener listener;
} DriveRequest;

/* The path of the checker: beside our own program as it is built, or where it is installed. False with a message if it is
   in neither place. */
bool drive_find_checker(Arena *arena, Str *path, Str *message);

/* False with a message if there is nothing to start. The program may fail all the same: see the result's status. */
bool drive(Arena *arena, const DriveRequest *request, LaunchResult *result, Str *message);
