/*
 * Entry: the module that the interpreter loads. `main` puts the checker in place, runs one program under it, and says
 * what is left to say when the program has ended.
 *
 * One checker per process, initialised in one phase: its state is static.
 */
#include "runtime/handled.h"
#include "runtime/hook.h"
#include "runtime/hooks.h"
#include "runtime/plugin.h"
#include "runtime/report.h"
#include "runtime/sessions.h"
#include "runtime/task.h"

static bool install(void) {
  return compat_install() && site_install() && handled_install() && coro_install() &&
    task_install() && hook_install() && hooks_install() && sessions_install();
}

/* The content of the program's file; a new reference or NULL with an error set. */
static PyObject *read_program(PyObject *path) {
  PyObject *io = PyImport_ImportModule("io");
  PyObject *file = io ? PyObject_CallMethod(io, "open_code", "O", path) : NULL;
  PyObject *content = file ? PyObject_CallMethod(file, "read", NULL) : NULL;
  PyObject *closed = content ? PyObject_CallMethod(file, "close", NULL) : NULL;
  if (!closed) Py_CLEAR(content);
  Py_XDECREF(closed);
  Py_XDECREF(file);
  Py_XDECREF(io);
  return content;
}

static PyObject *compile_program(PyObject *path) {
  PyObject *content = read_program(path);
  PyObject *compile = imported("builtins", "compile");
  PyObject *code = NULL;
  if (content && compile) {
    code = PyObject_CallFunction(compile, "OOsii", content, path, "exec", 0, 1);
  }
  Py_XDECREF(compile);
  Py_XDECREF(content);
  return code;
}

/* The namespace of a fresh module in sys.modules; borrowed, or NULL with an error set. */
static PyObject *make_module(PyObject *name, PyObject *path) {
  PyObject *modules = PySys_GetObject("modules"); /* borrowed */
  PyObject *module = PyModule_NewObject(name);
  PyObject *space = module ? PyModule_GetDict(module) : NULL; /* borrowed */
  PyObject *builtins = space ? PyImport_ImportModule("builtins") : NULL;
  bool is_made = builtins && modules &&
    PyDict_SetItemString(space, "__builtins__", builtins) == 0 &&
    PyDict_SetItemString(space, "__file__", path) == 0 &&
    PyObject_SetItem(modules, name, module) == 0;
  Py_XDECREF(builtins);
  Py_XDECREF(module);
  return is_made ? space : NULL;
}

/* Calls the function, and runs what it returns if that is a coroutine. */
static bool call_function(PyObject *space, const char *name) {
  PyObject *function = PyDict_GetItemString(space, name); /* borrowed */
  if (!function) {
    PyErr_Format(PyExc_NameError, "the program has no function \"%s\"", name);
    return false;
  }
  PyObject *result = PyObject_CallObject(function, NULL);
  if (result && PyObject_HasAttr(result, names.cr_code)) {
    PyObject *run = imported("asyncio", "run");
    PyObject *coroutine = result;
    result = run ? PyObject_CallFunctionObjArgs(run, coroutine, NULL) : NULL;
    Py_DECREF(coroutine);
    Py_XDECREF(run);
  }
  Py_XDECREF(result);
  return result != NULL;
}

/* `function` is NULL for a program that is run as a script. False with the program's own error set. */
static bool run_program(PyObject *path, PyObject *module, const char *function) {
  PyObject *code = compile_program(path);
  PyObject *space = code ? make_module(module, path) : NULL; /* borrowed */
  PyObject *result = space ? PyEval_EvalCode(code, space, space) : NULL;
  Py_XDECREF(result);
  Py_XDECREF(code);
  return result && (!function || call_function(space, function));
}

/* Shows an error of the program as Python does, and drops it with all that it holds. SystemExit is kept. */
static PendingError show_error(void) {
  if (PyErr_ExceptionMatches(PyExc_SystemExit)) return error_save();
  /* A shell's number for a program that ^C has ended. */
  long status = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) ? 130 : 1;
  PyErr_PrintEx(0);
  PyObject *number = PyLong_FromLong(status);
  if (number) PyErr_SetObject(PyExc_SystemExit, number);
  Py_XDECREF(number);
  return error_save();
}

/* What nobody holds any more tells of itself when it is collected. */
static void finish(void) {
  PyGC_Collect();
  observed_settle();
  Tally tally = observed_tally();
  Line line;
  line_begin(&line, "end");
  line_add_number(&line, "tasks", tally.tasks);
  line_add_number(&line, "cancellations", tally.cancellations);
  line_add_number(&line, "propagated", tally.propagated);
  line_send(&line);
}

/* main(descriptor, path, module, function or None) */
static PyObject *entry_main(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *path, *module;
  const char *function;
  int descriptor;
  if (!PyArg_ParseTuple(arguments, "iOOz", &descriptor, &path, &module, &function)) return NULL;
  report_open(descriptor);
  if (!install()) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "asyncio is not as it was known");
    return NULL;
  }
  Line line;
  line_begin(&line, "start");
  line_send(&line);
  PendingError left = { 0 };
  if (!run_program(path, module, function)) left = show_error();
  finish();
  error_restore(&left);
  if (PyErr_Occurred()) return NULL;
  Py_RETURN_NONE;
}

static PyMethodDef entry_methods[] = {
  { "main", entry_main, METH_VARARGS, "Runs a program and reports what its tasks lose." },
  { 0 },
};

static struct PyModuleDef entry_module = {
  PyModuleDef_HEAD_INIT,
  .m_name = "awry_runtime",
  .m_doc = "The checker of awry that runs beside a program.",
  .m_size = -1,
  .m_methods = entry_methods,
};

PyMODINIT_FUNC PyInit_awry_runtime(void);

PyMODINIT_FUNC PyInit_awry_runtime(void) {
  PyObject *module = PyModule_Create(&entry_module);
  const Checker checker = { .install = install, .finish = finish };
  if (module && !plugin_add(module, &checker)) Py_CLEAR(module);
  return module;
}
