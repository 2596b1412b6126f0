#include "runtime/dangling.h"

#include "runtime/task.h"

/* Weak references to the tasks that have waited since the loop last looked. Owned by the thread; one that ends leaves it. NULL
   where no loop looks. */
static __thread PyObject *waited;

/* The wrappers of those that only the loop held when it last looked; likewise. */
static __thread PyObject *suspects;

void dangling_waits(PyObject *reference) {
  if (waited && PyList_Append(waited, reference) < 0) PyErr_Clear();
}

/* From 3.14 on, what a task waits for knows who waits for it. */
static bool is_known_to_awaited(PyObject *task) {
  PyObject *awaited = attribute_of(task, names._fut_waiter);
  PyObject *waiting = awaited ? attribute_of(awaited, names._asyncio_awaited_by) : NULL;
  int is_known = waiting ? PySequence_Contains(waiting, task) : 0;
  if (is_known < 0) PyErr_Clear();
  Py_XDECREF(waiting);
  Py_XDECREF(awaited);
  return is_known > 0;
}

/* One reference is that of the callback which wakes the task. */
static bool has_loop_references_only(PyObject *task) {
  if (Py_REFCNT(task) > 2) return false;
  if (Py_REFCNT(task) == 1) return true;
  return python_is_at_least(14) && is_known_to_awaited(task);
}

static bool is_held_by_loop_alone(PyObject *task) {
  return has_loop_references_only(task) && !is_true_of(task, names.done);
}

static void report_unreferenced(Observed *observed) {
  if (!observed_dangles(observed)) return;
  Line line;
  line_begin(&line, "task-unreferenced");
  line_add_site(&line, "at", observed_created(observed));
  line_add_observed(&line, observed);
  line_send(&line);
}

/* One round later: when the main task has ended, asyncio.run takes the others in hand. */
static void judge_suspects(PyObject *wrappers) {
  for (Py_ssize_t i = 0; i < PyList_Size(wrappers); i++) {
    Observed *observed = (Observed *)PyList_GetItem(wrappers, i); /* borrowed, as is the task */
    PyObject *task = observed_task(observed);
    if (!task || has_loop_references_only(task)) report_unreferenced(observed);
  }
}

/* A new list of the wrappers of those among the tasks that only the loop holds; NULL if it cannot be made. */
static PyObject *suspects_among(PyObject *tasks) {
  PyObject *wrappers = PyList_New(0);
  for (Py_ssize_t i = 0; wrappers && i < PyList_Size(tasks); i++) {
    PyObject *task = PyWeakref_GetObject(PyList_GetItem(tasks, i)); /* borrowed */
    if (!task || task == Py_None || !is_held_by_loop_alone(task)) continue;
    PyObject *wrapper = attribute_of(task, names._coro);
    Observed *observed = wrapper ? observed_in(wrapper) : NULL;
    bool is_suspect = observed && site_owner(observed_created(observed)) == CODE_USER;
    if (is_suspect && PyList_Append(wrappers, wrapper) < 0) PyErr_Clear();
    Py_XDECREF(wrapper);
  }
  if (!wrappers) PyErr_Clear();
  return wrappers;
}

void dangling_find(void) {
  PyObject *tasks = waited, *wrappers = suspects;
  bool is_idle = tasks && PyList_Size(tasks) == 0 && (!wrappers || PyList_Size(wrappers) == 0);
  if (is_idle) return;
  waited = PyList_New(0);
  if (!waited) PyErr_Clear();
  suspects = NULL;
  if (wrappers) judge_suspects(wrappers);
  suspects = tasks ? suspects_among(tasks) : NULL;
  Py_XDECREF(wrappers);
  Py_XDECREF(tasks);
}
