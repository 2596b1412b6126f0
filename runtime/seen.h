#pragma once
/*
 * Seen: what the tests of a session have shown, each thing once, with the test that showed it first and how many did.
 *
 * The functions that return objects or flags may leave an error set when they fail.
 */
#include "runtime/report.h"

/* A new dict that remembers what is given to seen_add; NULL with an error set. */
PyObject *seen_new(void);

/* Remembers the line; `test` is NULL outside of tests. Leaves no error behind. */
void seen_add(PyObject *seen, const Line *line, PyObject *test);

/* The same for the record of a line, a dict, in whichever run it was. Takes run and test out of it. */
void seen_add_record(PyObject *seen, PyObject *record);

/* Adds what another process has seen. */
bool seen_merge(PyObject *seen, PyObject *other);

/* What to show of it at the end, as awry words it: a new string, empty if there is nothing to show, as when all of it is
   suppressed. `folder` is where paths start, `runtime` the file of this module: awry lies beside it. */
PyObject *seen_render(PyObject *seen, PyObject *folder, PyObject *runtime, bool has_color);
