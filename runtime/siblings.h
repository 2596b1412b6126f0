#pragma once
/*
 * Siblings: tasks of a gather that run on after one of them has failed, and with it the gather. All functions leave no
 * error behind; call them between error_save and error_restore.
 */
#include "runtime/coro.h"

/* False with an error set if gather is not as it was known. */
bool siblings_install(void);

/* A step has ended; `yielded` is what the task waits for, NULL if it has ended. */
void siblings_see(const Observed *observed, StepEnd end, PyObject *yielded);

/* The task is left running when the main task ends: true if that comes of a gather, which has been reported. */
bool siblings_see_leak(const Observed *observed);
