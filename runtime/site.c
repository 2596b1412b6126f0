#include "runtime/site.h"

static struct {
  PyObject *owners; /* owned: a dict from a file's name to its CodeOwner, filled as files are met */
  PyObject *standard; /* owned: the folder of the standard library, with a closing separator */
  PyObject *asyncio;  /* owned: the folder of asyncio, likewise */
} folders;

/* Functions of asyncio that make a task for whoever calls them. In all others it makes tasks of its own. */
static const char *const entrances[] = { "create_task",
                                         "ensure_future",
                                         "_ensure_future",
                                         "gather",
                                         "_gather",
                                         "factory",
                                         "shield",
                                         "wait",
                                         "wait_for",
                                         "as_completed",
                                         "run_coroutine_threadsafe",
                                         "run",
                                         "run_until_complete" };

static PyObject *entrance_names; /* owned: the same as a set */

/* The folder of the module's file, with a closing separator. */
static PyObject *folder_of_module(const char *module) {
  PyObject *file = imported(module, "__file__");
  PyObject *folder = NULL;
  if (file) {
    Py_ssize_t length = PyUnicode_GetLength(file);
    Py_ssize_t slash = PyUnicode_FindChar(file, '/', 0, length, -1);
    if (slash >= 0) folder = PyUnicode_Substring(file, 0, slash + 1);
    Py_DECREF(file);
  }
  if (!folder && !PyErr_Occurred()) {
    PyErr_Format(PyExc_RuntimeError, "the module %s has no file", module);
  }
  return folder;
}

static bool intern_entrances(void) {
  entrance_names = PySet_New(NULL);
  for (size_t i = 0; entrance_names && i < sizeof(entrances) / sizeof(*entrances); i++) {
    PyObject *name = PyUnicode_FromString(entrances[i]);
    bool is_added = name && PySet_Add(entrance_names, name) == 0;
    Py_XDECREF(name);
    if (!is_added) return false;
  }
  return entrance_names != NULL;
}

bool site_install(void) {
  if (!intern_entrances()) return false;
  folders.owners = PyDict_New();
  if (!folders.owners) return false;
  if (!(folders.standard = folder_of_module("os"))) return false;
  return (folders.asyncio = folder_of_module("asyncio")) != NULL;
}

static bool contains(PyObject *text, const char *part) {
  PyObject *wanted = PyUnicode_FromString(part);
  int found = wanted ? PyUnicode_Contains(text, wanted) : -1;
  Py_XDECREF(wanted);
  if (found < 0) PyErr_Clear();
  return found > 0;
}

static bool starts_with(PyObject *text, PyObject *start) {
  return PyUnicode_Tailmatch(text, start, 0, PY_SSIZE_T_MAX, -1) > 0;
}

static CodeOwner owner_by_name(PyObject *file) {
  if (PyUnicode_GetLength(file) == 0 || PyUnicode_ReadChar(file, 0) == '<') return CODE_STANDARD;
  if (contains(file, "/site-packages/") || contains(file, "/dist-packages/")) return CODE_LIBRARY;
  if (starts_with(file, folders.asyncio)) return CODE_ASYNCIO;
  return starts_with(file, folders.standard) ? CODE_STANDARD : CODE_USER;
}

CodeOwner file_owner(PyObject *file) {
  if (!PyUnicode_Check(file)) return CODE_STANDARD;
  PyObject *known = PyDict_GetItem(folders.owners, file); /* borrowed */
  if (known) return (CodeOwner)PyLong_AsLong(known);
  CodeOwner owner = owner_by_name(file);
  PyObject *number = PyLong_FromLong(owner);
  if (!number || PyDict_SetItem(folders.owners, file, number) < 0) PyErr_Clear();
  Py_XDECREF(number);
  return owner;
}

CodeOwner code_owner(PyObject *code) {
  PyObject *file = attribute_of(code, names.co_filename);
  CodeOwner owner = file ? file_owner(file) : CODE_STANDARD;
  Py_XDECREF(file);
  return owner;
}

CodeOwner site_owner(const Site *site) {
  return site->code ? code_owner(site->code) : CODE_STANDARD;
}

Site site_of_frame(PyObject *frame) {
  PyObject *code = attribute_of(frame, names.f_code);
  return (Site){ .code = code, .line = code ? number_of(frame, names.f_lineno, 0) : 0 };
}

/* Reads a line table as it was until 3.9: pairs of bytes, steps in the code and, signed, in the lines. */
static long line_by_table(PyObject *code, long offset) {
  PyObject *table = attribute_of(code, names.co_lnotab);
  long line = number_of(code, names.co_firstlineno, 0), address = 0;
  char *steps;
  Py_ssize_t length;
  if (!table || PyBytes_AsStringAndSize(table, &steps, &length) < 0) {
    PyErr_Clear();
    length = 0;
  }
  for (Py_ssize_t i = 0; i + 1 < length; i += 2) {
    address += (unsigned char)steps[i];
    if (address > offset) break;
    line += (signed char)steps[i + 1];
  }
  Py_XDECREF(table);
  return line;
}

/* Until 3.9, tb_lineno of a frame that was traced and resumed by throw() is the line of its `def`. */
static long traceback_line(PyObject *traceback, PyObject *code) {
  if (python_is_at_least(10)) return number_of(traceback, names.tb_lineno, 0);
  return line_by_table(code, number_of(traceback, names.tb_lasti, 0));
}

Site site_of_traceback(PyObject *traceback) {
  PyObject *frame = attribute_of(traceback, names.tb_frame);
  PyObject *code = frame ? attribute_of(frame, names.f_code) : NULL;
  Py_XDECREF(frame);
  return (Site){ .code = code, .line = code ? traceback_line(traceback, code) : 0 };
}

Site site_of_catcher(PyObject *exception) {
  PyObject *traceback = PyException_GetTraceback(exception);
  if (!traceback) return (Site){ 0 };
  Site site = site_of_traceback(traceback);
  Py_DECREF(traceback);
  return site;
}

Site site_of_raiser(PyObject *traceback) {
  Py_XINCREF(traceback);
  while (traceback) {
    PyObject *next = attribute_of(traceback, names.tb_next);
    if (!next || next == Py_None) {
      Py_XDECREF(next);
      break;
    }
    Py_DECREF(traceback);
    traceback = next;
  }
  if (!traceback) return (Site){ 0 };
  Site site = site_of_traceback(traceback);
  Py_DECREF(traceback);
  return site;
}

static bool is_entrance(PyObject *code) {
  PyObject *name = attribute_of(code, names.co_name);
  int is_in = name ? PySet_Contains(entrance_names, name) : 0;
  Py_XDECREF(name);
  if (is_in < 0) PyErr_Clear();
  return is_in > 0;
}

Site site_of_caller(void) {
  PyObject *frame = (PyObject *)PyEval_GetFrame(); /* borrowed here, owned below */
  Site site = { 0 };
  Py_XINCREF(frame);
  while (frame && frame != Py_None) {
    PyObject *code = attribute_of(frame, names.f_code);
    if (!code) break;
    bool is_found = code_owner(code) != CODE_ASYNCIO, is_last = is_found || !is_entrance(code);
    Py_DECREF(code);
    if (is_found) site = site_of_frame(frame);
    if (is_last) break;
    PyObject *back = attribute_of(frame, names.f_back);
    Py_DECREF(frame);
    frame = back;
  }
  Py_XDECREF(frame);
  return site;
}

/* The line of one (start, end, line) of co_lines() if the instruction, or one behind it, has it; else 0. */
static long line_of_range(PyObject *range, long offset) {
  PyObject *end = PyTuple_GetItem(range, 1), *line = PyTuple_GetItem(range, 2); /* borrowed */
  if (!end || !line || line == Py_None || PyLong_AsLong(end) <= offset) return 0;
  return PyLong_AsLong(line);
}

Site site_of_instruction(PyObject *code, long offset) {
  Site site = { 0 };
  PyObject *lines = result_of(code, names.co_lines);
  PyObject *ranges = lines ? PyObject_GetIter(lines) : NULL;
  PyObject *range;
  while (ranges && site.line == 0 && (range = PyIter_Next(ranges))) {
    site.line = line_of_range(range, offset);
    Py_DECREF(range);
  }
  Py_XDECREF(ranges);
  Py_XDECREF(lines);
  PyErr_Clear();
  Py_INCREF(code);
  site.code = code;
  return site;
}

Site site_copy(const Site *site) {
  Py_XINCREF(site->code);
  return *site;
}

void site_clear(Site *site) {
  PyObject *code = site->code;
  *site = (Site){ 0 };
  Py_XDECREF(code);
}

PyObject *site_file(const Site *site) {
  return site->code ? attribute_of(site->code, names.co_filename) : NULL;
}

PyObject *site_function(const Site *site) {
  if (!site->code) return NULL;
  PyObject *name = attribute_of(site->code, names.co_qualname);
  return name ? name : attribute_of(site->code, names.co_name);
}
