#include "runtime/handled.h"

#include "runtime/chain.h"

static struct {
  PyObject *frame_type; /* owned: types.FrameType */
  PyObject *trace;      /* owned: the trace function below; NULL from 3.12 on */
  PyObject *set_trace;  /* owned: sys.settrace; likewise */
  PyObject *get_trace;  /* owned: sys.gettrace; likewise */
} watching;

/* Of this thread; borrowed. The interpreter's callbacks have no other way to find it. */
static __thread Watch *current_watch;

/* --- by sys.monitoring ----------------------------------------------------------------------------- */

/* Each handler that an exception enters tells of itself, also those that pass it on: the last one kept it. */
static PyObject *see_handled(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *code, *exception;
  long offset;
  if (!PyArg_ParseTuple(arguments, "OlO", &code, &offset, &exception)) return NULL;
  Watch *watch = current_watch;
  if (watch && watch->exception == exception) {
    PendingError pending = error_save();
    site_clear(&watch->handler);
    watch->handler = site_of_instruction(code, offset);
    error_restore(&pending);
  }
  Py_RETURN_NONE;
}

static PyMethodDef handled_callback = { "see_handled", see_handled, METH_VARARGS, NULL };

/* One of the six tools that may be there at once; 4 and 3 have no meaning of their own. */
static long take_tool(PyObject *monitoring) {
  for (long tool = 4; tool >= 3; tool--) {
    PyObject *taken = PyObject_CallMethod(monitoring, "use_tool_id", "ls", tool, "awry");
    Py_XDECREF(taken);
    if (taken) return tool;
    if (!PyErr_ExceptionMatches(PyExc_ValueError)) return -1;
    PyErr_Clear();
  }
  PyErr_SetString(PyExc_RuntimeError, "other tools take all of sys.monitoring");
  return -1;
}

static bool install_monitoring(PyObject *monitoring) {
  long tool = take_tool(monitoring);
  if (tool < 0) return false;
  PyObject *events = PyObject_GetAttrString(monitoring, "events");
  PyObject *event = events ? PyObject_GetAttrString(events, "EXCEPTION_HANDLED") : NULL;
  PyObject *callback = PyCFunction_New(&handled_callback, NULL);
  PyObject *previous = NULL, *done = NULL;
  if (event && callback) {
    previous = PyObject_CallMethod(monitoring, "register_callback", "lOO", tool, event, callback);
    done = previous ? PyObject_CallMethod(monitoring, "set_events", "lO", tool, event) : NULL;
  }
  bool is_installed = done != NULL;
  Py_XDECREF(done);
  Py_XDECREF(previous);
  Py_XDECREF(callback);
  Py_XDECREF(event);
  Py_XDECREF(events);
  return is_installed;
}

/* --- by sys.settrace ------------------------------------------------------------------------------- */

static void reach_frame(Watch *watch, PyObject *frame) {
  Py_INCREF(frame);
  Py_XDECREF(watch->reached);
  watch->reached = frame;
}

/* True for the frames that throw() passes: of coroutines and generators. */
static bool is_resumable(PyObject *frame) {
  const long resumable = 0x20 | 0x80 | 0x200; /* CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR */
  PyObject *code = attribute_of(frame, names.f_code);
  long flags = code ? number_of(code, names.co_flags, 0) : 0;
  Py_XDECREF(code);
  return (flags & resumable) != 0;
}

/* True if the frame is to be traced. What a handler calls is not, and no end of coroutines neither. */
static bool enter_frame(Watch *watch, PyObject *frame) {
  if (!is_resumable(frame) || PyList_Size(watch->frames) >= MAX_CHAIN) return false;
  bool is_kept = PyList_Append(watch->frames, frame) == 0;
  if (!is_kept) PyErr_Clear();
  return is_kept;
}

/* The first line that runs in the frame that the exception reached last is that of a handler. */
static bool see_event(Watch *watch, PyObject *frame, PyObject *event, PyObject *detail) {
  if (PyUnicode_CompareWithASCIIString(event, "call") == 0) return enter_frame(watch, frame);
  if (PyUnicode_CompareWithASCIIString(event, "exception") == 0) {
    bool is_tuple = PyTuple_Check(detail) && PyTuple_Size(detail) == 3;
    if (is_tuple && PyTuple_GetItem(detail, 1) == watch->exception) reach_frame(watch, frame);
  } else if (frame == watch->reached && PyUnicode_CompareWithASCIIString(event, "line") == 0) {
    site_clear(&watch->handler);
    watch->handler = site_of_frame(frame);
    Py_DECREF(watch->reached);
    watch->reached = NULL;
  }
  return true;
}

static PyObject *trace_event(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *frame, *event, *detail;
  if (!PyArg_ParseTuple(arguments, "OOO", &frame, &event, &detail)) return NULL;
  if (!current_watch || !current_watch->frames) Py_RETURN_NONE;
  PendingError pending = error_save();
  bool is_traced = see_event(current_watch, frame, event, detail);
  error_restore(&pending);
  PyObject *tracer = is_traced ? watching.trace : Py_None;
  Py_INCREF(tracer);
  return tracer;
}

static PyMethodDef trace_callback = { "trace_event", trace_event, METH_VARARGS, NULL };

static void set_trace(PyObject *tracer) {
  PyObject *done = PyObject_CallFunctionObjArgs(watching.set_trace, tracer, NULL);
  if (!done) PyErr_Clear();
  Py_XDECREF(done);
}

static void trace_begin(Watch *watch) {
  watch->frames = PyList_New(0);
  watch->tracer = PyObject_CallObject(watching.get_trace, NULL);
  PyErr_Clear();
  if (watch->frames && watch->tracer) set_trace(watching.trace);
}

/* A frame that keeps a trace function would give wrong line numbers in tracebacks until 3.9. */
static void trace_end(Watch *watch) {
  if (watch->tracer) set_trace(watch->tracer);
  Py_ssize_t count = watch->frames ? PyList_Size(watch->frames) : 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    if (PyObject_SetAttr(PyList_GetItem(watch->frames, i), names.f_trace, Py_None) < 0)
      PyErr_Clear();
  }
  Py_XDECREF(watch->reached);
  Py_XDECREF(watch->frames);
  Py_XDECREF(watch->tracer);
}

static bool install_tracing(void) {
  watching.set_trace = PySys_GetObject("settrace");
  watching.get_trace = PySys_GetObject("gettrace");
  if (!watching.set_trace || !watching.get_trace) {
    PyErr_SetString(PyExc_RuntimeError, "sys.settrace is missing");
    return false;
  }
  Py_INCREF(watching.set_trace);
  Py_INCREF(watching.get_trace);
  return (watching.trace = PyCFunction_New(&trace_callback, NULL)) != NULL;
}

/* --- watches --------------------------------------------------------------------------------------- */

bool handled_install(void) {
  watching.frame_type = imported("types", "FrameType");
  if (!watching.frame_type) {
    PyErr_SetString(PyExc_RuntimeError, "types.FrameType is missing");
    return false;
  }
  PyObject *monitoring = PySys_GetObject("monitoring"); /* borrowed */
  return monitoring ? install_monitoring(monitoring) : install_tracing();
}

void watch_begin(Watch *watch, PyObject *exception) {
  *watch = (Watch){ .exception = exception, .outer = current_watch };
  current_watch = watch;
  if (watching.trace) trace_begin(watch);
}

Site watch_end(Watch *watch) {
  current_watch = watch->outer;
  if (watching.trace) trace_end(watch);
  Site handler = watch->handler;
  watch->handler = (Site){ 0 };
  return handler;
}

/* --- is it in hand? -------------------------------------------------------------------------------- */

/* True if one exception is the other, or was raised while that one was handled. */
static bool stems_from(PyObject *exception, PyObject *origin) {
  Py_INCREF(exception);
  for (int i = 0; exception && exception != origin && i < MAX_CHAIN; i++) {
    PyObject *context = PyException_GetContext(exception);
    Py_DECREF(exception);
    exception = context;
  }
  bool is_origin = exception == origin;
  Py_XDECREF(exception);
  return is_origin;
}

static bool list_holds(PyObject *list, PyObject *exception) {
  for (Py_ssize_t i = 0; i < PyList_Size(list); i++) {
    PyObject *item = PyList_GetItem(list, i); /* borrowed */
    if (PyExceptionInstance_Check(item) && stems_from(item, exception)) return true;
  }
  return false;
}

/* Frames are objects of their own behind a coroutine until 3.10; later their content is part of it. */
static bool frames_hold(PyObject *list, PyObject *exception) {
  bool is_held = false;
  for (Py_ssize_t i = 0; i < PyList_Size(list) && !is_held; i++) {
    PyObject *item = PyList_GetItem(list, i); /* borrowed */
    if ((PyObject *)Py_TYPE(item) != watching.frame_type) continue;
    PyObject *content = referents_of(item);
    is_held = content && list_holds(content, exception);
    Py_XDECREF(content);
  }
  return is_held;
}

bool exception_is_in_hand(PyObject *coroutine, PyObject *exception) {
  bool is_held = false;
  PyObject *awaiter = coroutine;
  Py_INCREF(awaiter);
  for (int i = 0; awaiter && !is_held && i < MAX_CHAIN; i++) {
    PyObject *list = referents_of(awaiter);
    is_held = list && (list_holds(list, exception) || frames_hold(list, exception));
    Py_XDECREF(list);
    PyObject *next = is_held ? NULL : chain_next(awaiter);
    Py_DECREF(awaiter);
    awaiter = next;
  }
  Py_XDECREF(awaiter);
  return is_held;
}
