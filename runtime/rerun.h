#pragma once
/*
 * Rerun: a test is run again and again before its turn, each time in a process of its own with one fault in it.
 */
#include "runtime/compat.h"
#include "runtime/orders.h"

/* Sweeps the test, which pytest's own runner runs. What it shows is sent on, and added to `seen` (seen.h) for the test of that
   name. Adds the runs to `runs`; these are 2 if the test does not come by where faults are to be put. False with an error
   set if it cannot be done at all. */
bool rerun_test(const Orders *orders, PyObject *item, PyObject *next, PyObject *seen, long *runs);
