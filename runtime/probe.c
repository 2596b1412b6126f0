#include "runtime/probe.h"

#include <string.h>

#include "runtime/hook.h"
#include "runtime/recorder.h"
#include "runtime/task.h"

static struct {
  PyObject *error_type;     /* owned: what a child fails with */
  PyObject *cancelled_type; /* owned: a CancelledError */
  PyObject *base_repr;      /* owned: BaseException.__repr__ */
  PyObject *base_str;       /* owned: BaseException.__str__ */
  PyObject *current_task;   /* owned: asyncio.current_task */
  ProbeRun run;
  uint32_t gathers; /* so far, of those whose results may be exceptions */
  uint32_t child;   /* the number of the task that is to fail; 0: none */
  PyObject *probe;  /* borrowed: NULL before it is there and after it has gone */
  bool is_ending;
} probes;

/* --- what is done with it -------------------------------------------------------------------------- */

static bool is_probe(PyObject *object) { return object == probes.probe && object; }

static void touch(PyObject *object, bool is_use) {
  if (!is_probe(object)) return;
  probes.run.seen->is_touched = true;
  if (is_use) probes.run.seen->is_used = true;
}

static PyObject *probe_getattro(PyObject *self, PyObject *name) {
  bool is_special = PyUnicode_GetLength(name) > 2 && PyUnicode_ReadChar(name, 0) == '_' &&
    PyUnicode_ReadChar(name, 1) == '_';
  touch(self, !is_special);
  return PyObject_GenericGetAttr(self, name);
}

static int probe_bool(PyObject *self) {
  touch(self, true);
  return 1;
}

static Py_hash_t probe_hash(PyObject *self) { return (Py_hash_t)((uintptr_t)self >> 4); }

/* As objects are compared that have no comparison of their own. */
static PyObject *probe_compare(PyObject *self, PyObject *other, int operation) {
  touch(self, true);
  bool is_same = self == other;
  bool is_known = operation == Py_EQ ? is_same : operation == Py_NE && is_same;
  if (!is_known) Py_RETURN_NOTIMPLEMENTED;
  return PyBool_FromLong(operation == Py_EQ);
}

static PyObject *probe_repr(PyObject *self) {
  touch(self, false);
  if (is_probe(self) && probes.is_ending) probes.run.seen->is_returned = true;
  return PyObject_CallFunctionObjArgs(probes.base_repr, self, NULL);
}

static PyObject *probe_str(PyObject *self) {
  touch(self, true);
  return PyObject_CallFunctionObjArgs(probes.base_str, self, NULL);
}

/* Who was raised has a traceback. */
static void probe_finalize(PyObject *self) {
  if (!is_probe(self)) return;
  PendingError pending = error_save();
  PyObject *traceback = PyException_GetTraceback(self);
  if (traceback) probes.run.seen->is_touched = true;
  Py_XDECREF(traceback);
  probes.run.seen->is_gone = true;
  probes.probe = NULL;
  error_restore(&pending);
}

/* The class of a probe, as a subclass of the error that it stands for: a new reference, or NULL with an error set. */
static PyObject *make_type(const char *name, PyObject *base) {
  PyType_Slot slots[] = {
    { Py_tp_getattro, probe_getattro }, { Py_nb_bool, probe_bool },
    { Py_tp_hash, probe_hash },         { Py_tp_richcompare, probe_compare },
    { Py_tp_repr, probe_repr },         { Py_tp_str, probe_str },
    { Py_tp_finalize, probe_finalize }, { 0, NULL },
  };
  PyType_Spec spec = {
    .name = name,
    /* Without a size of its own and the collector's flag it inherits both. */
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
  };
  PyObject *bases = PyTuple_Pack(1, base);
  PyObject *type = bases ? PyType_FromSpecWithBases(&spec, bases) : NULL;
  Py_XDECREF(bases);
  return type;
}

static PyObject *new_error(void) {
  return PyObject_CallFunction(probes.error_type, "s", "put in by the sweep");
}

static PyObject *new_cancelled(void) { return PyObject_CallObject(probes.cancelled_type, NULL); }

static void give(PyObject *probe) {
  probes.probe = probe;
  probes.run.seen->is_given = true;
}

/* --- isinstance ------------------------------------------------------------------------------------ */

/* A test of the program's own that would have taken an error of the usual kind. */
static void see_missed(PyObject *class) {
  PyObject *frame = (PyObject *)PyEval_GetFrame(); /* borrowed */
  Site site = frame ? site_of_frame(frame) : (Site){ 0 };
  bool takes_errors = PyObject_IsSubclass(probes.error_type, class) > 0;
  if (takes_errors && site_owner(&site) == CODE_USER && probes.run.seen->missed.line == 0) {
    probes.run.seen->missed = recorder_place(probes.run.ledger, &site);
    probes.run.seen->is_used = false; /* what came before the test */
  }
  site_clear(&site);
}

/* isinstance(object, class) */
static PyObject *see_isinstance(PyObject *original, PyObject *arguments, PyObject *options) {
  if (PyTuple_Size(arguments) != 2) return PyObject_Call(original, arguments, options);
  PyObject *object = PyTuple_GetItem(arguments, 0), *class = PyTuple_GetItem(arguments, 1);
  int is_instance = PyObject_IsInstance(object, class);
  if (is_instance < 0) return NULL;
  if (is_probe(object)) {
    PendingError pending = error_save();
    touch(object, false);
    if (is_instance) probes.run.seen->is_recognised = true;
    else see_missed(class);
    error_restore(&pending);
  }
  return PyBool_FromLong(is_instance);
}

/* --- gathers --------------------------------------------------------------------------------------- */

static PyObject *child_of(PyObject *gather, uint32_t occurrence) {
  PyObject *children = attribute_of(gather, names._children);
  PyObject *child = children ? PySequence_GetItem(children, (Py_ssize_t)occurrence - 1) : NULL;
  Py_XDECREF(children);
  PyErr_Clear();
  return child;
}

/* The gather is done, and nobody has been woken yet: the result of the child becomes a probe, if it is no exception. */
static PyObject *swap_result(PyObject *self, PyObject *gather) {
  (void)self;
  PendingError pending = error_save();
  uint32_t occurrence = probes.run.point.occurrence;
  PyObject *results = result_of(gather, names.result);
  PyObject *child = child_of(gather, occurrence);
  Observed *observed = child ? task_observed(child) : NULL;
  Py_ssize_t index = (Py_ssize_t)occurrence - 1;
  bool is_there = results && PyList_Check(results) && index < PyList_Size(results);
  PyObject *result = is_there ? PyList_GetItem(results, index) : NULL; /* borrowed */
  bool is_asked = observed && observed_is_asked(observed);
  PyObject *probe =
    result && !PyExceptionInstance_Check(result) && !is_asked ? new_cancelled() : NULL;
  if (probe) {
    give(probe);
    PyList_SetItem(results, index, probe);
  }
  Py_XDECREF(child);
  Py_XDECREF(results);
  error_restore(&pending);
  Py_RETURN_NONE;
}

static PyMethodDef swap_function = { "swap_result", swap_result, METH_O, NULL };

/* Gets the child ready that the plan is about. One that is done by now has shown before how it ended. */
static void aim(PyObject *gather) {
  PyObject *child = child_of(gather, probes.run.point.occurrence);
  Observed *observed = child ? task_observed(child) : NULL;
  bool is_done = child && is_true_of(child, names.done);
  Py_XDECREF(child); /* the gather holds it */
  if (is_done) return;
  if (probes.run.kind == PLAN_CHILD_RAISES) {
    if (observed) probes.child = observed_number(observed);
    return;
  }
  PyObject *swap = PyCFunction_New(&swap_function, NULL);
  PyObject *done = swap ? PyObject_CallMethod(gather, "add_done_callback", "O", swap) : NULL;
  Py_XDECREF(done);
  Py_XDECREF(swap);
}

/* The function of the task that gathers. */
static TextId gathering_task(void) {
  PyObject *task = PyObject_CallObject(probes.current_task, NULL);
  Observed *observed = task && task != Py_None ? task_observed(task) : NULL;
  TextId id = observed ? recorder_task(probes.run.ledger, observed) : 0;
  Py_XDECREF(task);
  PyErr_Clear();
  return id;
}

static void record_gather(PyObject *gather, const Site *site) {
  if (!recorder_is_meant(probes.run.orders, site)) return;
  PyObject *children = attribute_of(gather, names._children);
  Py_ssize_t count = children ? PyObject_Size(children) : 0;
  Place at = recorder_place(probes.run.ledger, site);
  TextId task = gathering_task();
  for (Py_ssize_t i = 0; i < count; i++) {
    Point point = { probes.gathers, (uint32_t)i + 1 };
    ledger_add(probes.run.ledger, ENTRY_GATHER, &at, task, point);
  }
  Py_XDECREF(children);
  PyErr_Clear();
}

static void note_gather(PyObject *gather) {
  Site site = site_of_caller();
  if (site_owner(&site) == CODE_USER) {
    probes.gathers++;
    bool is_child = probes.run.kind == PLAN_CHILD_RAISES || probes.run.kind == PLAN_CHILD_CANCELLED;
    if (probes.run.is_recorded) record_gather(gather, &site);
    if (is_child && probes.gathers == probes.run.point.number) aim(gather);
  }
  site_clear(&site);
  PyErr_Clear();
}

/* gather(*awaitables, return_exceptions=False) */
static PyObject *see_gather(PyObject *original, PyObject *arguments, PyObject *options) {
  PyObject *future = PyObject_Call(original, arguments, options);
  if (!future || !probes.run.ledger || !options) return future;
  PendingError pending = error_save();
  PyObject *returns = PyDict_GetItemString(options, "return_exceptions"); /* borrowed */
  if (returns && PyObject_IsTrue(returns) > 0) note_gather(future);
  error_restore(&pending);
  return future;
}

/* --- what the program tells others ----------------------------------------------------------------- */

/* How deep in collections the probe is looked for. */
enum { MAX_DEPTH = 2 };

/* True if the probe is in the collection. */
static bool holds_probe(PyObject *collection, int depth) {
  PyObject *values = NULL;
  if (PyDict_Check(collection)) values = PyDict_Values(collection);
  else if (PyTuple_Check(collection) || PyList_Check(collection))
    values = PySequence_List(collection);
  bool is_in = false;
  for (Py_ssize_t i = 0; values && !is_in && i < PyList_Size(values); i++) {
    PyObject *value = PyList_GetItem(values, i); /* borrowed */
    is_in = is_probe(value) || (depth < MAX_DEPTH && holds_probe(value, depth + 1));
  }
  Py_XDECREF(values);
  return is_in;
}

/* A method of a logger: its level may be off here, and on where it matters. */
static PyObject *see_message(PyObject *original, PyObject *arguments, PyObject *options) {
  PendingError pending = error_save();
  bool is_in = probes.probe && (holds_probe(arguments, 0) || (options && holds_probe(options, 0)));
  if (is_in) touch(probes.probe, false);
  error_restore(&pending);
  return PyObject_Call(original, arguments, options);
}

/* logger, record */
static void see_log(PyObject *arguments) {
  PyObject *record = PyTuple_GetItem(arguments, 1); /* borrowed */
  if (!probes.run.seen || !record) return;
  uint32_t level = (uint32_t)number_of(record, names.levelno, 0);
  probes.run.seen->logged = (probes.run.seen->logged ^ (level + 1)) * 16777619u;
}

static void see_handler(PyObject *arguments) {
  (void)arguments;
  if (probes.run.seen) probes.run.seen->handled++;
}

/* --- a run ----------------------------------------------------------------------------------------- */

static void hook_in(const char *module, const char *class, const char *name, BeforeCall observer) {
  PyObject *owner = imported(module, class);
  hook_before(owner, name, observer);
  Py_XDECREF(owner);
}

static void hook_loggers(void) {
  static const char *const methods[] = { "debug",    "info", "warning",  "error",
                                         "critical", "log",  "exception" };
  PyObject *logger = imported("logging", "Logger");
  for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
    hook_around(logger, methods[i], see_message);
  }
  Py_XDECREF(logger);
}

bool probe_install(void) {
  PyObject *cancelled = imported("asyncio", "CancelledError");
  probes.error_type = make_type("awry_runtime.InjectedError", PyExc_Exception);
  probes.cancelled_type =
    cancelled ? make_type("asyncio.exceptions.CancelledError", cancelled) : NULL;
  Py_XDECREF(cancelled);
  probes.base_repr = PyObject_GetAttrString(PyExc_BaseException, "__repr__");
  probes.base_str = PyObject_GetAttrString(PyExc_BaseException, "__str__");
  probes.current_task = imported("asyncio", "current_task");
  bool is_made = probes.error_type && probes.cancelled_type && probes.base_repr &&
    probes.base_str && probes.current_task;
  if (!is_made) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "asyncio is not as it was known");
    return false;
  }
  PyObject *asyncio = PyImport_ImportModule("asyncio");
  PyObject *tasks = PyImport_ImportModule("asyncio.tasks");
  bool is_hooked =
    hook_around(asyncio, "gather", see_gather) && hook_around(tasks, "gather", see_gather);
  Py_XDECREF(asyncio);
  Py_XDECREF(tasks);
  if (!is_hooked) report_unsupported("what becomes of exceptions among the results of a gather");
  hook_in("logging", "Logger", "handle", see_log);
  hook_loggers();
  hook_in("asyncio", "BaseEventLoop", "call_exception_handler", see_handler);
  return true;
}

void probe_begin(ProbeRun run) {
  *run.seen = (ProbeSeen){ 0 };
  probes.run = run;
  probes.gathers = 0;
  probes.child = 0;
  if (run.kind != PLAN_CHILD_RAISES && run.kind != PLAN_CHILD_CANCELLED) return;
  PyObject *builtins = PyImport_ImportModule("builtins");
  hook_around(builtins, "isinstance", see_isinstance);
  Py_XDECREF(builtins);
}

bool probe_is_for(const Observed *observed) {
  return probes.child > 0 && observed_number(observed) == probes.child;
}

void probe_raise(void) {
  PyObject *probe = new_error();
  if (!probe) return;
  give(probe);
  PyErr_SetObject(probes.error_type, probe);
  Py_DECREF(probe);
}

void probe_see_end(void) { probes.is_ending = true; }

/* --- the verdict ----------------------------------------------------------------------------------- */

static void report_place(const char *kind, const Ledger *ledger, const Place *at, TextId task) {
  Line line;
  line_begin(&line, kind);
  line_add_spot(
    &line, "at", ledger_text_of(ledger, at->file), at->line, ledger_text_of(ledger, at->function)
  );
  line_add_text(&line, "task", ledger_text_of(ledger, task));
  line_send(&line);
}

void probe_judge(const ProbeSeen *seen, const Plan *plan, const Ledger *ledger, ProbeEnd end) {
  if (!seen->is_given) return;
  bool is_unchecked = seen->is_gone && !seen->is_touched && !end.is_different;
  if (is_unchecked) report_place("gather-result-unchecked", ledger, &plan->at, plan->task);
  bool is_taken = seen->is_used || seen->is_returned || end.is_type_error;
  bool is_missed =
    plan->kind == PLAN_CHILD_CANCELLED && seen->missed.line > 0 && !seen->is_recognised;
  if (is_missed && is_taken)
    report_place("gather-cancelled-not-recognised", ledger, &seen->missed, plan->task);
}
