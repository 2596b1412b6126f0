#include "runtime/hooks.h"

#include "runtime/dangling.h"
#include "runtime/hook.h"
#include "runtime/report.h"
#include "runtime/task.h"

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
    PyObject *name = PyObject_GetAttr((PyObject *)Py_TYPE(exception), names.__name__);
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

/* A task that its loop has left behind when it was closed would not have gone on, whoever held it. */
static void report_destroyed(PyObject *loop, PyObject *task) {
  Observed *observed = task_observed(task);
  if (!observed || site_owner(observed_created(observed)) != CODE_USER) return;
  if (is_true_of(loop, names.is_closed)) return;
  Line line;
  line_begin(&line, "task-destroyed-pending");
  line_add_site(&line, "at", observed_created(observed));
  line_send(&line);
}

/* loop, context: what the loop tells of futures that die. The words are the same in all versions. */
static void see_loop_exception(PyObject *arguments) {
  PyObject *loop = PyTuple_GetItem(arguments, 0); /* borrowed, as is all that follows */
  PyObject *context = PyTuple_GetItem(arguments, 1);
  if (!loop || !context || !PyDict_Check(context)) return;
  PyObject *message = PyDict_GetItemString(context, "message");
  PyObject *task = PyDict_GetItemString(context, "task");
  PyObject *future = PyDict_GetItemString(context, "future");
  PyObject *exception = PyDict_GetItemString(context, "exception");
  if (!message || !PyUnicode_Check(message)) return;
  if (task && ends_with(message, "destroyed but it is pending!")) report_destroyed(loop, task);
  if (future && exception && PyExceptionInstance_Check(exception) && ends_with(message, "exception was never retrieved")) {
    report_never_retrieved(future, exception);
  }
}

/* loop: between two rounds of the loop nothing of the program runs. */
static void see_round(PyObject *arguments) {
  (void)arguments;
  dangling_find();
}

static void hook_rounds(PyObject *loop) {
  if (!hook_before(loop, "_run_once", see_round))
    report_unsupported("tasks that nothing refers to");
}

static void hook_exceptions(PyObject *loop) {
  if (hook_before(loop, "call_exception_handler", see_loop_exception)) return;
  report_unsupported("exceptions that nobody retrieves, tasks that are destroyed while they wait");
}

static void hook_warnings(void) {
  PyObject *warnings = PyImport_ImportModule("warnings");
  if (!warnings) PyErr_Clear();
  bool is_hooked = hook_before(warnings, "_warn_unawaited_coroutine", see_never_awaited);
  if (!is_hooked) report_unsupported("coroutines that nobody awaits");
  Py_XDECREF(warnings);
}

static bool track_origins(void) {
  PyObject *track = PySys_GetObject("set_coroutine_origin_tracking_depth"); /* borrowed */
  PyObject *done = track ? PyObject_CallFunction(track, "i", 1) : NULL;
  Py_XDECREF(done);
  return done != NULL;
}

bool hooks_install(void) {
  if (!track_origins()) return false;
  PyObject *loop = imported("asyncio", "BaseEventLoop");
  hook_rounds(loop);
  hook_exceptions(loop);
  hook_warnings();
  Py_XDECREF(loop);
  return true;
}
