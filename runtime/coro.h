#pragma once
/*
 * Observed: the coroutine of one task, in a wrapper that sees each of its steps. The task holds the wrapper in the place of
 * the coroutine; whatever else is asked of it the wrapper passes on.
 *
 * A cancellation is the task's own if the task was asked to cancel before it was delivered; a CancelledError that comes
 * out of something awaited is not. What becomes of an own one:
 *
 *   the task ends cancelled                                    propagated: all is well
 *   the task ends with another exception                       converted
 *   the task returns                                           swallowed
 *   the task waits again, and no handler is busy with it       swallowed, unless the task ends cancelled later on or
 *                                                              takes the request back (uncancel)
 */
#include "runtime/site.h"

typedef struct Observed Observed;

/* What was seen of all tasks. */
typedef struct {
  long tasks;         /* that run a coroutine of the program */
  long cancellations; /* own ones that were delivered */
  long propagated;
} Tally;

/* False with an error set if the type cannot be made. */
bool coro_install(void);

/* A new wrapper for the coroutine of a task that is just being made; NULL with an error set. */
PyObject *observed_new(PyObject *coroutine, PyObject *task);
/* The wrapper in an object; NULL if it is something else. Borrowed. */
Observed *observed_in(PyObject *object);

/* The coroutine itself; borrowed. */
PyObject *observed_coroutine(const Observed *observed);
/* Where the task was made, which belongs to the wrapper. */
const Site *observed_created(const Observed *observed);
/* Who asked it last to cancel; likewise. */
const Site *observed_requester(const Observed *observed);

/* The functions below leave no error behind; call them between error_save and error_restore. */

/* The task was asked to cancel, and will be. If it waits for a task that had been cancelled before, `joins` is the code
   which did that; else NULL. */
void observed_cancel(Observed *observed, PyObject *joins);

/* Judges the tasks of this thread that waited since the last call. Requires: none of the program's code runs, only the loop. */
void observed_find_unreferenced(void);

/* Says which cancellations have been lost in tasks that are still there: nothing more will come. */
void observed_settle(void);

Tally observed_tally(void);
