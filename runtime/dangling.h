#pragma once
/*
 * Dangling: tasks that wait while nothing but the event loop refers to them, so that the collector may take them. All
 * functions leave no error behind; call them between error_save and error_restore.
 */
#include "runtime/compat.h"

/* A task has begun to wait; it is given by a weak reference. */
void dangling_waits(PyObject *reference);

/* Judges the tasks of this thread that waited since the last call. Requires: none of the program's code runs, only the loop. */
void dangling_find(void);
