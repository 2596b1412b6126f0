#include "runtime/siblings.h"

#include "runtime/chain.h"
#include "runtime/clock.h"
#include "runtime/task.h"

/* A wait for a gather, until it is known how it ended. */
typedef struct {
  PyObject head;
  PyObject *gather; /* owned: the future that stands for all children */
  Site at;          /* owned: the line that waits for it */
  double failed;    /* when, by the clock */
} Gathering;

static struct {
  PyTypeObject *type;    /* owned */
  PyObject *future_type; /* owned: of the future that gather() returns; NULL until there is one */
  PyObject *waiting;     /* owned: a dict from the number of a task to its Gathering */
  PyObject *left; /* owned: a dict from the number of a task that was left running to the same */
} siblings;

static void gathering_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  Py_XDECREF(((Gathering *)self)->gather);
  site_clear(&((Gathering *)self)->at);
  PyObject_Free(self);
  Py_DECREF(type);
}

bool siblings_install(void) {
  PyType_Slot slots[] = { { Py_tp_dealloc, gathering_dealloc }, { 0, NULL } };
  PyType_Spec spec = {
    .name = "awry_runtime.gathering",
    .basicsize = sizeof(Gathering),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
  };
  siblings.type = (PyTypeObject *)PyType_FromSpec(&spec);
  siblings.waiting = PyDict_New();
  siblings.left = PyDict_New();
  siblings.future_type = imported("asyncio.tasks", "_GatheringFuture");
  bool is_known = siblings.type && siblings.waiting && siblings.left;
  if (is_known && !siblings.future_type) {
    report_unsupported("tasks that run on after their gather has failed");
  }
  return is_known;
}

/* What is kept of the task in the table; a new reference or NULL. It is taken out. */
static Gathering *take(PyObject *table, const Observed *observed) {
  if (PyDict_Size(table) == 0) return NULL;
  PyObject *key = PyLong_FromUnsignedLong(observed_number(observed));
  PyObject *kept = key ? PyDict_GetItem(table, key) : NULL; /* borrowed */
  Py_XINCREF(kept);
  if (kept) PyDict_DelItem(table, key);
  Py_XDECREF(key);
  PyErr_Clear();
  return (Gathering *)kept;
}

static void keep(PyObject *table, const Observed *observed, Gathering *gathering) {
  PyObject *key = PyLong_FromUnsignedLong(observed_number(observed));
  if (!key || PyDict_SetItem(table, key, (PyObject *)gathering) < 0) PyErr_Clear();
  Py_XDECREF(key);
}

static void begin_gathering(const Observed *observed, PyObject *gather) {
  Gathering *gathering = (Gathering *)PyType_GenericAlloc(siblings.type, 0);
  if (gathering) {
    Py_INCREF(gather);
    gathering->gather = gather;
    gathering->at = chain_user_site(observed_coroutine(observed));
    keep(siblings.waiting, observed, gathering);
    Py_DECREF(gathering);
  }
  PyErr_Clear();
}

static bool has_failed(const Gathering *gathering) {
  PyObject *error = attribute_of(gathering->gather, names._exception);
  bool is_failed = error && PyExceptionInstance_Check(error);
  Py_XDECREF(error);
  return is_failed;
}

/* The children that are still at work, and that nobody has asked to stop. */
static void leave_children(Gathering *gathering) {
  PyObject *children = attribute_of(gathering->gather, names._children);
  for (Py_ssize_t i = 0; children && i < PyObject_Size(children); i++) {
    PyObject *child = PySequence_GetItem(children, i);
    Observed *observed = child ? task_observed(child) : NULL;
    bool is_left = observed && observed_is_user(observed) && !is_true_of(child, names.done);
    if (is_left && !observed_is_asked(observed)) keep(siblings.left, observed, gathering);
    Py_XDECREF(child);
  }
  PyErr_Clear();
  Py_XDECREF(children);
}

/* The step after the wait for a gather has ended. Where it ends the main task with the error, the rest is cancelled. */
static void end_gathering(const Observed *observed, StepEnd end, Gathering *gathering) {
  bool is_over = observed_is_main(observed) && end == STEP_RAISED;
  if (is_over || !has_failed(gathering)) return;
  gathering->failed = clock_elapsed();
  leave_children(gathering);
}

static void report_left(const Observed *observed, const Gathering *gathering) {
  Line line;
  line_begin(&line, "siblings-left-running");
  line_add_site(&line, "at", &gathering->at);
  line_add_observed(&line, observed);
  line_send(&line);
}

/* A task that was left running, at one of its steps or when the program ends: true if it has not stopped by itself at once.
   Then it is reported. */
static bool see_left(const Observed *observed, bool has_ended, Gathering *gathering) {
  if (observed_is_asked(observed)) return false;
  bool is_left = clock_elapsed() > gathering->failed || has_ended;
  if (is_left) report_left(observed, gathering);
  else keep(siblings.left, observed, gathering);
  return is_left;
}

bool siblings_see_leak(const Observed *observed) {
  Gathering *left = take(siblings.left, observed);
  bool is_left = left && see_left(observed, false, left);
  Py_XDECREF(left);
  return is_left;
}

void siblings_see(const Observed *observed, StepEnd end, PyObject *yielded) {
  if (!siblings.future_type) return;
  Gathering *awaited = take(siblings.waiting, observed);
  if (awaited) end_gathering(observed, end, awaited);
  Py_XDECREF(awaited);
  Gathering *left = take(siblings.left, observed);
  if (left) see_left(observed, end != STEP_YIELDED, left);
  Py_XDECREF(left);
  bool is_gather =
    end == STEP_YIELDED && PyObject_TypeCheck(yielded, (PyTypeObject *)siblings.future_type);
  if (is_gather) begin_gathering(observed, yielded);
}
