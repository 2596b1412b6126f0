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
