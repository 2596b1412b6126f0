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
#include <stdint.h>

#include "runtime/report.h"

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

/* Sees each step before it is judged, with what it gave in `result`, and may end it in another way. An error may be pending. */
typedef StepEnd (*StepWatcher)(Observed *observed, StepEnd end, PyObject **result);
void observed_watch(StepWatcher watcher);

/* The coroutine itself; borrowed. */
PyObject *observed_coroutine(const Observed *observed);
/* Where the task was made, which belongs to the wrapper. */
const Site *observed_created(const Observed *observed);
/* Who asked it last to cancel; likewise. */
const Site *observed_requester(const Observed *observed);
/* The task; borrowed, NULL if it is gone. */
PyObject *observed_task(const Observed *observed);
/* True if the coroutine is one of the program. */
bool observed_is_user(const Observed *observed);
/* True if the task was made where no loop ran, as asyncio.run makes its own. Known from observed_watch on. */
bool observed_is_main(const Observed *observed);
/* True if the task was asked to cancel at any time. */
bool observed_is_asked(const Observed *observed);
/* Of the task, in the order in which they are made, from 0. */
uint32_t observed_number(const Observed *observed);
/* How often it has waited so far. */
uint32_t observed_waits(const Observed *observed);
/* Nothing but the loop holds the task: true if that was not known. */
bool observed_dangles(Observed *observed);

/* The functions below leave no error behind; call them between error_save and error_restore. */

/* The task was asked to cancel, and will be. If it waits for a task that had been cancelled before, `joins` is the code
   which did that; else NULL. */
void observed_cancel(Observed *observed, PyObject *joins);

/* Adds which task it is and where it was made. */
void line_add_observed(Line *line, const Observed *observed);

/* True where a loop of asyncio runs in this thread. */
bool is_loop_running(void);

/* Says which cancellations have been lost in tasks that are still there: nothing more will come. */
void observed_settle(void);

Tally observed_tally(void);
