#pragma once
/*
 * Task: asyncio's own class with an observed coroutine in each instance. It takes the place of asyncio.Task, by which
 * loops, task groups and factories make theirs.
 */
#include "runtime/coro.h"

/* False with an error set if this interpreter's asyncio cannot be observed. */
bool task_install(void);

/* The wrapper of a task's coroutine; NULL if it is no observed task. Borrowed from the task. Leaves no error behind. */
Observed *task_observed(PyObject *task);

/* Those of the running loop that are not done, in the order in which they were made: a new list, or NULL. Likewise. */
PyObject *task_all(void);

/* Gives tasks hashes that do not depend on their addresses. Call it before task_install. */
void task_number_hashes(void);
