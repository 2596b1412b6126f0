#include "runtime/rerun.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/clock.h"
#include "runtime/report.h"
#include "runtime/seen.h"
#include "runtime/sweep.h"

/* The test, and all that its runs need. */
typedef struct {
  PyObject *item, *next; /* borrowed */
  PyObject *loops;       /* owned: a list of the loops that are open */
} Test;

/* --- loops that are open already ------------------------------------------------------------------- */

/* A new list of the loops that are not closed, as of fixtures with a wider scope. */
static PyObject *open_loops(void) {
  PyObject *objects_of = imported("gc", "get_objects"),
           *kind = imported("asyncio", "BaseEventLoop");
  PyObject *objects = objects_of ? PyObject_CallObject(objects_of, NULL) : NULL;
  PyObject *loops = objects && kind ? PyList_New(0) : NULL;
  Py_ssize_t count = loops ? PyList_Size(objects) : 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *object = PyList_GetItem(objects, i); /* borrowed */
    bool is_loop = PyObject_TypeCheck(object, (PyTypeObject *)kind);
    if (is_loop && !is_true_of(object, names.is_closed)) PyList_Append(loops, object);
  }
  PyErr_Clear();
  Py_XDECREF(objects);
  Py_XDECREF(kind);
  Py_XDECREF(objects_of);
  return loops;
}

/* Registers what the old selector watches with the new one. */
static bool copy_watched(PyObject *from, PyObject *to) {
  PyObject *map = result_of(from, names.get_map);
  PyObject *keys = map ? PyObject_CallMethod(map, "values", NULL) : NULL;
  PyObject *list = keys ? PySequence_List(keys) : NULL;
  Py_ssize_t count = list ? PyList_Size(list) : 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *key = PyList_GetItem(list, i); /* borrowed: fileobj, fd, events, data */
    PyObject *file = PySequence_GetItem(key, 0), *events = PySequence_GetItem(key, 2);
    PyObject *data = PySequence_GetItem(key, 3);
    PyObject *done = PyObject_CallMethod(to, "register", "OOO", file, events, data);
    Py_XDECREF(done);
    Py_XDECREF(data);
    Py_XDECREF(events);
    Py_XDECREF(file);
  }
  Py_XDECREF(list);
  Py_XDECREF(keys);
  Py_XDECREF(map);
  return list != NULL;
}

/* What a process and the one that it was forked from register with the kernel is the same: the loop gets a selector of its
   own. */
static void renew_selector(PyObject *loop) {
  PyObject *old = attribute_of(loop, names._selector);
  PyObject *new = old ? PyObject_CallObject((PyObject *)Py_TYPE(old), NULL) : NULL;
  if (new &&copy_watched(old, new)) PyObject_SetAttr(loop, names._selector, new);
  PyErr_Clear();
  Py_XDECREF(new);
  Py_XDECREF(old);
}

/* --- one run --------------------------------------------------------------------------------------- */

/* "setup passed, call failed, teardown passed": a new string. */
static PyObject *outcome_of(PyObject *reports) {
  PyObject *words = PyList_New(0), *comma = PyUnicode_FromString(", ");
  Py_ssize_t count = words && comma ? PySequence_Size(reports) : 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *report = PySequence_GetItem(reports, i);
    PyObject *when = report ? PyObject_GetAttrString(report, "when") : NULL;
    PyObject *outcome = when ? PyObject_GetAttrString(report, "outcome") : NULL;
    PyObject *word = outcome ? PyUnicode_FromFormat("%S %S", when, outcome) : NULL;
    if (!word || PyList_Append(words, word) < 0) PyErr_Clear();
    Py_XDECREF(word);
    Py_XDECREF(outcome);
    Py_XDECREF(when);
    Py_XDECREF(report);
  }
  PyObject *text = words && comma ? PyUnicode_Join(comma, words) : NULL;
  Py_XDECREF(comma);
  Py_XDECREF(words);
  return text;
}

/* The test with its fixtures, as pytest runs it; what it prints and how it failed is of no interest. */
static PyObject *run_test(void *context) {
  const Test *test = context;
  for (Py_ssize_t i = 0; i < PyList_Size(test->loops); i++) {
    renew_selector(PyList_GetItem(test->loops, i)); /* borrowed */
  }
  clock_restart();
  PyObject *run = imported("_pytest.runner", "runtestprotocol");
  PyObject *reports =
    run ? PyObject_CallFunction(run, "OOO", test->item, Py_False, test->next) : NULL;
  PyObject *outcome = reports ? outcome_of(reports) : NULL;
  Py_XDECREF(reports);
  Py_XDECREF(run);
  if (!outcome && !PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "pytest has no runner");
  return outcome;
}

/* --- what the runs report -------------------------------------------------------------------------- */

/* Remembers the line, as if there had been one run. */
static void remember(PyObject *seen, const char *text, size_t length) {
  PyObject *loads = imported("json", "loads");
  PyObject *line = PyUnicode_DecodeUTF8(text, (Py_ssize_t)length, "replace");
  PyObject *record = loads && line ? PyObject_CallFunctionObjArgs(loads, line, NULL) : NULL;
  if (record) seen_add_record(seen, record);
  PyErr_Clear();
  Py_XDECREF(record);
  Py_XDECREF(line);
  Py_XDECREF(loads);
}

/* Passes on what has been written to the file, line by line. */
static void pass_on(FILE *file, PyObject *seen) {
  char text[PIPE_BUF + 1];
  rewind(file);
  while (fgets(text, sizeof(text), file)) {
    size_t length = strlen(text);
    report_pass_on(text, length);
    remember(seen, text, length);
  }
}

/* pytest keeps what is printed in a file that its forks share: what they have left there is thrown away. */
static void discard_output(PyObject *item) {
  PyObject *config = PyObject_GetAttrString(item, "config");
  PyObject *manager = config ? PyObject_GetAttrString(config, "pluginmanager") : NULL;
  PyObject *capture =
    manager ? PyObject_CallMethod(manager, "getplugin", "s", "capturemanager") : NULL;
  PyObject *discarded = capture && capture != Py_None
    ? PyObject_CallMethod(capture, "read_global_capture", NULL)
    : NULL;
  PyErr_Clear();
  Py_XDECREF(discarded);
  Py_XDECREF(capture);
  Py_XDECREF(manager);
  Py_XDECREF(config);
}

/* gc.unfreeze(): what a sweep keeps from the collector is given back to it. */
static void unfreeze(void) {
  PyObject *unfreeze_function = imported("gc", "unfreeze");
  PyObject *done = unfreeze_function ? PyObject_CallObject(unfreeze_function, NULL) : NULL;
  PyErr_Clear();
  Py_XDECREF(done);
  Py_XDECREF(unfreeze_function);
}

bool rerun_test(const Orders *orders, PyObject *item, PyObject *next, PyObject *seen, long *runs) {
  Test test = { .item = item, .next = next, .loops = open_loops() };
  FILE *file = tmpfile();
  bool is_ready = test.loops && file;
  if (is_ready) {
    int last = report_redirect(fileno(file));
    SweepTotals totals;
    sweep(orders, run_test, &test, &totals);
    unfreeze();
    report_redirect(last);
    *runs = totals.runs;
    pass_on(file, seen);
    discard_output(item);
  } else {
    PyErr_SetFromErrno(PyExc_OSError);
  }
  if (file) fclose(file);
  Py_XDECREF(test.loops);
  return is_ready && !PyErr_Occurred();
}
