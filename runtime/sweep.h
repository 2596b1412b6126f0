#pragma once
/*
 * Sweep: the program runs again and again, each time in a process of its own that is forked from this one, and each time with
 * one fault in it. This process only waits: it never runs the program's loop.
 */
#include "runtime/compat.h"
#include "runtime/orders.h"

/* Runs the program once: what it gives, a new reference, or NULL with its error set. Called in the forked process. */
typedef PyObject *(*Program)(void *context);

/* Gets ready for sweeps: virtual clock, loops, numbered tasks. Call it between compat_install and checker_install, before
   anything of the program is imported. False with an error set. */
bool sweep_prepare(void);
/* The rest, after checker_install. */
bool sweep_install(void);

typedef struct {
  long runs;
  const char
    *cut; /* the limit that ended it early: "runs" or "seconds"; NULL if it came to its end */
  long tasks, cancellations, propagated; /* in all runs */
} SweepTotals;

/* Sweeps the program and reports each run; the line `end` is the caller's. False with an error set if there can be no
   processes, and without one, but with a report, if there is nothing to sweep. */
bool sweep(const Orders *orders, Program program, void *context, SweepTotals *totals);
