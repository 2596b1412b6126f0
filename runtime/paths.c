#include "runtime/paths.h"

#include "runtime/site.h"

static struct {
  PyObject *trace;     /* owned: the function below */
  PyObject *set_trace; /* owned: sys.settrace */
  uint32_t *hash;      /* borrowed */
} paths;

static void see_line(PyObject *frame) {
  PyObject *code = attribute_of(frame, names.f_code);
  long first = code ? number_of(code, names.co_firstlineno, 0) : 0;
  uint32_t line = (uint32_t)number_of(frame, names.f_lineno, 0);
  *paths.hash = (*paths.hash ^ ((uint32_t)first << 16 ^ line)) * 16777619u;
  Py_XDECREF(code);
}

static bool is_of_program(PyObject *frame) {
  PyObject *code = attribute_of(frame, names.f_code);
  bool is_user = code && code_owner(code) == CODE_USER;
  Py_XDECREF(code);
  return is_user;
}

/* frame, event, detail: the function that traces the frame further, or None. */
static PyObject *trace_event(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *frame, *event, *detail;
  if (!PyArg_ParseTuple(arguments, "OOO", &frame, &event, &detail)) return NULL;
  PendingError pending = error_save();
  bool is_traced = is_of_program(frame);
  bool is_line = PyUnicode_CompareWithASCIIString(event, "line") == 0;
  if (is_traced && is_line) see_line(frame);
  error_restore(&pending);
  PyObject *tracer = is_traced ? paths.trace : Py_None;
  Py_INCREF(tracer);
  return tracer;
}

static PyMethodDef trace_function = { "trace_event", trace_event, METH_VARARGS, NULL };

bool paths_install(void) {
  paths.trace = PyCFunction_New(&trace_function, NULL);
  paths.set_trace = imported("sys", "settrace");
  if (paths.trace && !paths.set_trace) {
    PyErr_SetString(PyExc_RuntimeError, "sys.settrace is missing");
  }
  return paths.trace && paths.set_trace;
}

void paths_begin(uint32_t *hash) {
  paths.hash = hash;
  PyObject *done = PyObject_CallFunctionObjArgs(paths.set_trace, paths.trace, NULL);
  Py_XDECREF(done);
  PyErr_Clear();
}
