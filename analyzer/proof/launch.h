#pragma once
/*
 * Launch: starts a program that the checker looks on from inside, waits for its end, and collects what the checker says of
 * it. The program runs in a process group of its own, which ends with it, and with us.
 */
#include "base/strs.h"
#include "proof/contain.h"

/* Hears what has been reported so far, each time that there is more. */
typedef struct {
  void (*hear)(void *context, Str lines); /* NULL: nobody wants to know */
  void *context;
} Listener;

typedef struct {
  char **arguments; /* NULL behind the last one */
  Strs
    environment; /* "NAME=value", beside what there is; AWRY_REPORT names the descriptor to report to */
  bool keeps_stdout; /* standard output is ours: the program's goes to standard error */
  const Containment
    *containment;   /* NULL: it is the user's own run, with his streams and terminal */
  uint32_t seconds; /* of real time; 0: as long as it takes */
  Listener listener;
} Launch;

typedef enum {
  LAUNCH_ENDED,
  LAUNCH_INTERRUPTED, /* we were asked to stop, and stopped it */
  LAUNCH_OVERDUE,     /* it took too long */
  LAUNCH_CROWDED,     /* it started too many processes */
} LaunchEnd;

typedef struct {
  Str lines;  /* what was reported */
  int status; /* of the program, as waitpid gives it */
  LaunchEnd end;
} LaunchResult;

/* False with a message if there is nothing to start. Requires: interrupts are held back. */
bool launch(Arena *arena, const Launch *request, LaunchResult *result, Str *message);
