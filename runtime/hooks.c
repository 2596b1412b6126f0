#include "runtime/hooks.h"

#include "runtime/report.h"
#include "runtime/task.h"

/* Looks at the arguments of a call; runs between error_save and error_restore. */
typedef void (*Observer)(PyObject *arguments);

/* A function that is called first and the one in whose place it stands. In a class it is a method. */
typedef struct {
  PyObject head;
  PyObject *original; /* owned */
  Observer observer;
} Hook;

static struct {
  PyTypeObject *hook_type; /* owned */
  PyObject *method_type;   /* owned: types.MethodType */
} hooks;

/* --- observers ------------------------------------------------------------------------------------- */

/* coroutine */
static void see_never_awaited(PyObject *arguments) {
  PyObject *coroutine = PyTuple_GetItem(arguments, 0);
  PyObject *origins = coroutine ? attribute_of(coroutine, names.cr_origin) : NULL;
  PyObject *origin = origins && PyTuple_Check(origins) ? PyTuple_GetItem(origins, 0) : NULL;
  PyObject *file, *function;
  long number;
  bool is_known = origin && PyArg_ParseTuple(origin, "OlO", &file, &number, &function);
  if (is_known && file_owner(file) == CODE_USER) {
    PyObject *code = attribute_of(coroutine, names.cr_code);
    Site made_by = { .code = code };
    PyObject *name = site_function(&made_by);
    Line line;
    line_begin(&line, "coroutine-never-awaited");
    line_add_place(&line, "at", file, number, function);
    line_add_object(&line, "task", name);
    line_send(&line);
    Py_XDECREF(name);
    Py_XDECREF(code);
  }
  Py_XDECREF(origins);
}

static bool ends_with(PyObject *text, const char *end) {
  PyObject *wanted = PyUnicode_FromString(end);
  bool is_end = wanted && PyUnicode_Tailmatch(text, wanted, 0, PY_SSIZE_T_MAX, 1) > 0;
  Py_XDECREF(wanted);
  return is_end;
}

static void report_never_retrieved(PyObject *future, PyObject *exception) {
  Observed *observed = task_observed(future);
  PyObject *traceback = PyException_GetTraceback(exception);
  Site raised = site_of_raiser(traceback);
  const Site *at = observed ? observed_created(observed) : &raised;
  if (site_owner(at) == CODE_USER) {
    PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(exception), "__name__");
    Line line;
    line_begin(&line, "exception-never-retrieved");
    line_add_site(&line, "at", at);
    line_add_object(&line, "error", name);
    if (site_owner(&raised) == CODE_USER) line_add_site(&line, "raised", &raised);
    line_send(&line);
    Py_XDECREF(name);
  }
  site_clear(&raised);
  Py_XDECREF(traceback);
}

static void report_destroyed(PyObject *task) {
  Observed *observed = task_observed(task);
  if (!observed || site_owner(observed_created(observed)) != CODE_USER) return;
  Line line;
  line_begin(&line, "task-destroyed-pending");
  line_add_site(&line, "at", observed_created(observed));
  line_send(&line);
}

/* loop, context: what the loop tells of futures that die. The words are the same in all versions. */
static void see_loop_exception(PyObject *arguments) {
  PyObject *context = PyTuple_GetItem(arguments, 1); /* borrowed, as are the items */
  if (!context || !PyDict_Check(context)) return;
  PyObject *message = PyDict_GetItemString(context, "message");
  PyObject *task = PyDict_GetItemString(context, "task");
  PyObject *future = PyDict_GetItemString(context, "future");
  PyObject *exception = PyDict_GetItemString(context, "exception");
  if (!message || !PyUnicode_Check(message)) return;
  if (task && ends_with(message, "destroyed but it is pending!")) report_destroyed(task);
  if (future && exception && PyExceptionInstance_Check(exception) && ends_with(message, "exception was never retrieved")) {
    report_never_retrieved(future, exception);
  }
}

/* loop: between two rounds of the loop nothing of the program runs. */
static void see_round(PyObject *arguments) {
  (void)arguments;
  observed_find_unreferenced();
}

/* --- the type -------------------------------------------------------------------------------------- */

static PyObject *hook_call(PyObject *self, PyObject *arguments, PyObject *options) {
  PendingError pending = error_save();
  ((Hook *)self)->observer(arguments);
  PyErr_Clear();
  error_restore(&pending);
  return PyObject_Call(((Hook *)self)->original, arguments, options);
}

static PyObject *hook_get(PyObject *self, PyObject *instance, PyObject *owner) {
  (void)owner;
  if (instance) return PyObject_CallFunctionObjArgs(hooks.method_type, self, instance, NULL);
  Py_INCREF(self);
  return self;
}

static PyObject *hook_getattr(PyObject *self, PyObject *name) {
  return PyObject_GetAttr(((Hook *)self)->original, name);
}

static void hook_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  Py_DECREF(((Hook *)self)->original);
  PyObject_Free(self);
  Py_DECREF(type);
}

static bool make_type(void) {
  PyType_Slot slots[] = {
    { Py_tp_call, hook_call },
    { Py_tp_descr_get, hook_get },
    { Py_tp_getattro, hook_getattr },
    { Py_tp_dealloc, hook_dealloc },
    { 0, NULL },
  };
  PyType_Spec spec = {
    .name = "awry_runtime.hook",
    .basicsize = sizeof(Hook),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
  };
  hooks.method_type = imported("types", "MethodType");
  hooks.hook_type = (PyTypeObject *)PyType_FromSpec(&spec);
  return hooks.hook_type && hooks.method_type;
}

static void report_unsupported(const char *what) {
  Line line;
  line_begin(&line, "unsupported");
  line_add_text(&line, "what", what);
  line_send(&line);
}

/* Puts an observer before owner.name. If there is no such thing, it is reported that `what` is not looked for. Takes over the
   reference to the owner, which may be NULL; false with an error set. */
static bool hook(PyObject *owner, const char *name, Observer observer, const char *what) {
  PyObject *original = owner ? PyObject_GetAttrString(owner, name) : NULL;
  if (!original) {
    PyErr_Clear();
    Py_XDECREF(owner);
    report_unsupported(what);
    return true;
  }
  Hook *made = (Hook *)PyType_GenericAlloc(hooks.hook_type, 0);
  bool is_set = false;
  if (made) {
    made->original = original;
    made->observer = observer;
    is_set = PyObject_SetAttrString(owner, name, (PyObject *)made) == 0;
    Py_DECREF(made);
  } else {
    Py_DECREF(original);
  }
  Py_DECREF(owner);
  return is_set;
}

/* From 3.14 on, what a task waits for may have a reference to it as well: one reference does not tell any more. */
static bool hook_rounds(void) {
  PyObject *loop = python_is_at_least(14) ? NULL : imported("asyncio", "BaseEventLoop");
  return hook(loop, "_run_once", see_round, "tasks that nothing refers to");
}

static bool hook_exceptions(void) {
  PyObject *loop = imported("asyncio", "BaseEventLoop");
  const char *what = "exceptions that nobody retrieves, tasks that are destroyed while they wait";
  return hook(loop, "call_exception_handler", see_loop_exception, what);
}

static bool hook_warnings(void) {
  PyObject *warnings = PyImport_ImportModule("warnings");
  const char *what = "coroutines that nobody awaits";
  return hook(warnings, "_warn_unawaited_coroutine", see_never_awaited, what);
}

static bool track_origins(void) {
  PyObject *track = PySys_GetObject("set_coroutine_origin_tracking_depth"); /* borrowed */
  PyObject *done = track ? PyObject_CallFunction(track, "i", 1) : NULL;
  Py_XDECREF(done);
  return done != NULL;
}

bool hooks_install(void) {
  return make_type() && track_origins() && hook_rounds() && hook_exceptions() && hook_warnings();
}
