/*
 * Entry: the module that the interpreter loads. `main` puts the checker in place, runs one program under it, and says
 * what is left to say when the program has ended.
 *
 * One checker per process, initialised in one phase: its state is static.
 */
#include "runtime/checker.h"
#include "runtime/coro.h"
#include "runtime/offline.h"
#include "runtime/plugin.h"
#include "runtime/sweep.h"

/* What is to be run. */
typedef struct {
  PyObject *path, *module; /* borrowed */
  const char *function;    /* NULL for a program that is run as a script */
  PyObject *code;          /* owned */
  PyObject *space;         /* borrowed: the names of the module, once its top level has run */
} Target;

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

/* Calls the function, and runs what it returns if that is a coroutine: what that gives. */
static PyObject *call_function(PyObject *space, const char *name) {
  PyObject *function = PyDict_GetItemString(space, name); /* borrowed */
  if (!function) {
    PyErr_Format(PyExc_NameError, "the program has no function \"%s\"", name);
    return NULL;
  }
  PyObject *result = PyObject_CallObject(function, NULL);
  if (!result || !PyObject_HasAttr(result, names.cr_code)) return result;
  PyObject *run = imported("asyncio", "run");
  PyObject *coroutine = result;
  result = run ? PyObject_CallFunctionObjArgs(run, coroutine, NULL) : NULL;
  Py_DECREF(coroutine);
  Py_XDECREF(run);
  return result;
}

/* Reads the program and, if a function of it is wanted, runs its top level. False with the program's own error set. */
static bool load_target(Target *target) {
  target->code = compile_program(target->path);
  if (!target->code || !target->function) return target->code != NULL;
  target->space = make_module(target->module, target->path);
  PyObject *result =
    target->space ? PyEval_EvalCode(target->code, target->space, target->space) : NULL;
  Py_XDECREF(result);
  return result != NULL;
}

/* Runs the program, or calls the function: a new reference to what it gives, or NULL with the program's own error set. */
static PyObject *run_target(void *context) {
  Target *target = context;
  if (target->function) return call_function(target->space, target->function);
  PyObject *space = make_module(target->module, target->path); /* borrowed */
  return space ? PyEval_EvalCode(target->code, space, space) : NULL;
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

static void begin_end(Line *line, long tasks, long cancellations, long propagated) {
  line_begin(line, "end");
  line_add_number(line, "tasks", tasks);
  line_add_number(line, "cancellations", cancellations);
  line_add_number(line, "propagated", propagated);
}

/* Says what can be told only when all has run. */
static void finish(void) {
  PyGC_Collect(); /* what nobody holds any more tells of itself */
  checker_settle();
  Tally tally = observed_tally();
  Line line;
  begin_end(&line, tally.tasks, tally.cancellations, tally.propagated);
  line_send(&line);
}

/* Runs the program under the checker. Returns its error, if it ends with one. */
static PendingError observe_target(Target *target) {
  PendingError left = { 0 };
  PyObject *result = load_target(target) ? run_target(target) : NULL;
  if (!result) left = show_error();
  Py_XDECREF(result);
  finish();
  return left;
}

/* A sweep that somebody stops has nothing of its own to say of that. */
static PendingError end_early(void) {
  if (!PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) return error_save();
  PyErr_Clear();
  PyObject *number = PyLong_FromLong(130); /* a shell's number for a program that ^C has ended */
  if (number) PyErr_SetObject(PyExc_SystemExit, number);
  Py_XDECREF(number);
  return error_save();
}

/* The same for a sweep, in which it is no error of ours if the program fails. */
static PendingError sweep_target(Target *target, const Orders *orders) {
  if (!load_target(target)) return show_error();
  SweepTotals totals;
  sweep(orders, run_target, target, &totals);
  if (PyErr_Occurred()) return end_early();
  Line line;
  begin_end(&line, totals.tasks, totals.cancellations, totals.propagated);
  line_add_number(&line, "runs", totals.runs);
  if (totals.cut) line_add_text(&line, "cut", totals.cut);
  line_send(&line);
  return (PendingError){ 0 };
}

static bool install_for(const Orders *orders) {
  bool is_installed = orders->is_sweep
    ? compat_install() && sweep_prepare() && checker_install() && sweep_install()
    : compat_install() && checker_install();
  return is_installed && (!orders->is_offline || offline_install());
}

static bool read_orders(const char *text, Orders *orders) {
  char fault[ORDERS_FAULT];
  if (orders_read(text, orders, fault)) return true;
  PyErr_SetString(PyExc_ValueError, fault);
  return false;
}

/* main(descriptor, path, module, function or None, orders) */
static PyObject *entry_main(PyObject *self, PyObject *arguments) {
  (void)self;
  Target target = { 0 };
  Orders orders;
  const char *wanted = NULL;
  int descriptor;
  bool is_understood =
    PyArg_ParseTuple(
      arguments, "iOOz|z", &descriptor, &target.path, &target.module, &target.function, &wanted
    ) &&
    read_orders(wanted, &orders);
  if (!is_understood) return NULL;
  report_open(descriptor);
  if (!install_for(&orders)) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "asyncio is not as it was known");
    return NULL;
  }
  Line line;
  line_begin(&line, "start");
  line_send(&line);
  PendingError left = orders.is_sweep ? sweep_target(&target, &orders) : observe_target(&target);
  Py_XDECREF(target.code);
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
  const Checker checker = { .install = install_for, .finish = finish };
  if (module && !plugin_add(module, &checker)) Py_CLEAR(module);
  return module;
}
