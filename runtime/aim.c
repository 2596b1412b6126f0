#include "runtime/aim.h"

#include <string.h>

/* What is looked for in a file: a line, or a name and perhaps that of what it stands in. */
typedef struct {
  long line;              /* 0: a name */
  PyObject *name, *outer; /* owned; `outer` may be NULL */
} Wanted;

typedef struct {
  long first, last;
} Lines;

static void wanted_clear(Wanted *wanted) {
  Py_CLEAR(wanted->name);
  Py_CLEAR(wanted->outer);
}

/* --- the syntax tree of Python itself -------------------------------------------------------------- */

/* A new list of all nodes of the file; NULL with an error set. */
static PyObject *nodes_of(PyObject *path) {
  PyObject *open_code = imported("io", "open_code"), *parse = imported("ast", "parse");
  PyObject *walk = imported("ast", "walk");
  PyObject *file = open_code ? PyObject_CallFunctionObjArgs(open_code, path, NULL) : NULL;
  PyObject *text = file ? PyObject_CallMethod(file, "read", NULL) : NULL;
  PyObject *tree = text && parse ? PyObject_CallFunctionObjArgs(parse, text, NULL) : NULL;
  PyObject *nodes = tree && walk ? PyObject_CallFunctionObjArgs(walk, tree, NULL) : NULL;
  PyObject *list = nodes ? PySequence_List(nodes) : NULL;
  Py_XDECREF(nodes);
  Py_XDECREF(tree);
  Py_XDECREF(text);
  Py_XDECREF(file);
  Py_XDECREF(walk);
  Py_XDECREF(parse);
  Py_XDECREF(open_code);
  return list;
}

static bool is_kind(PyObject *node, const char *kind) {
  PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(node), "__name__");
  bool is_it = name && PyUnicode_CompareWithASCIIString(name, kind) == 0;
  PyErr_Clear();
  Py_XDECREF(name);
  return is_it;
}

static bool is_function(PyObject *node) {
  return is_kind(node, "FunctionDef") || is_kind(node, "AsyncFunctionDef");
}

static long line_of(PyObject *node, const char *name) {
  PyObject *number = PyObject_GetAttrString(node, name);
  long line = number ? PyLong_AsLong(number) : 0;
  PyErr_Clear();
  Py_XDECREF(number);
  return line;
}

static Lines lines_of(PyObject *node) {
  return (Lines){ line_of(node, "lineno"), line_of(node, "end_lineno") };
}

static bool has_name(PyObject *node, PyObject *wanted) {
  PyObject *name = PyObject_GetAttrString(node, "name");
  bool is_it = name && PyObject_RichCompareBool(name, wanted, Py_EQ) > 0;
  PyErr_Clear();
  Py_XDECREF(name);
  return is_it;
}

/* --- the function ---------------------------------------------------------------------------------- */

static bool stands_in(PyObject *nodes, Lines lines, PyObject *outer) {
  for (Py_ssize_t i = 0; i < PyList_Size(nodes); i++) {
    PyObject *node = PyList_GetItem(nodes, i); /* borrowed */
    if (!is_kind(node, "ClassDef") && !is_function(node)) continue;
    Lines around = lines_of(node);
    bool is_inside = around.first < lines.first && lines.last <= around.last;
    if (is_inside && has_name(node, outer)) return true;
  }
  return false;
}

static bool is_wanted(PyObject *nodes, PyObject *node, const Wanted *wanted) {
  Lines lines = lines_of(node);
  if (wanted->line > 0) return lines.first <= wanted->line && wanted->line <= lines.last;
  return has_name(node, wanted->name) && (!wanted->outer || stands_in(nodes, lines, wanted->outer));
}

/* The innermost one of those that fit; false if there is none. */
static bool find_function(PyObject *nodes, const Wanted *wanted, Lines *found) {
  *found = (Lines){ 0 };
  for (Py_ssize_t i = 0; i < PyList_Size(nodes); i++) {
    PyObject *node = PyList_GetItem(nodes, i); /* borrowed */
    if (!is_function(node) || !is_wanted(nodes, node, wanted)) continue;
    Lines lines = lines_of(node);
    bool is_better = wanted->line > 0 ? lines.first > found->first : found->first == 0;
    if (is_better) *found = lines;
  }
  return found->first > 0;
}

/* --- what the user wrote --------------------------------------------------------------------------- */

/* Takes what stands behind the last colon apart: a number, `name` or `outer.name`. */
static bool read_wanted(PyObject *word, Wanted *wanted) {
  if (PyUnicode_IsIdentifier(word) <= 0) {
    PyObject *number = PyNumber_Long(word);
    wanted->line = number ? PyLong_AsLong(number) : 0;
    Py_XDECREF(number);
    PyErr_Clear();
    if (wanted->line > 0) return true;
  }
  PyObject *dot = PyUnicode_FromString(".");
  PyObject *parts = dot ? PyUnicode_RSplit(word, dot, -1) : NULL;
  Py_ssize_t count = parts ? PyList_Size(parts) : 0;
  if (count > 0) wanted->name = PySequence_GetItem(parts, count - 1);
  if (count > 1) wanted->outer = PySequence_GetItem(parts, count - 2);
  Py_XDECREF(parts);
  Py_XDECREF(dot);
  return wanted->name != NULL;
}

static bool set_file(PyObject *path, Orders *orders) {
  PyObject *absolute = imported("os.path", "abspath");
  PyObject *full = absolute ? PyObject_CallFunctionObjArgs(absolute, path, NULL) : NULL;
  PyObject *bytes = full ? PyUnicode_EncodeFSDefault(full) : NULL;
  const char *text = bytes ? PyBytes_AsString(bytes) : NULL;
  size_t size = text ? strlen(text) + 1 : 0;
  bool fits = text && size <= sizeof(orders->file);
  if (fits) memcpy(orders->file, text, size);
  else if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "the path is too long");
  Py_XDECREF(bytes);
  Py_XDECREF(full);
  Py_XDECREF(absolute);
  return fits;
}

static bool set_lines(PyObject *path, PyObject *word, Orders *orders) {
  Wanted wanted = { 0 };
  PyObject *nodes = read_wanted(word, &wanted) ? nodes_of(path) : NULL;
  Lines lines = { wanted.line, wanted.line };
  bool is_found = nodes && (find_function(nodes, &wanted, &lines) || wanted.line > 0);
  if (is_found && lines.first == 0) lines = (Lines){ wanted.line, wanted.line };
  if (nodes && !is_found) PyErr_Format(PyExc_ValueError, "%U has no function %U", path, word);
  orders->first = lines.first;
  orders->last = lines.last;
  Py_XDECREF(nodes);
  wanted_clear(&wanted);
  return is_found;
}

bool aim_read(PyObject *text, Orders *orders) {
  Py_ssize_t length = PyUnicode_GetLength(text);
  if (length <= 0) return length == 0;
  Py_ssize_t colon = PyUnicode_FindChar(text, ':', 0, length, -1);
  if (colon <= 0) return colon != -2 && set_file(text, orders);
  PyObject *path = PyUnicode_Substring(text, 0, colon);
  PyObject *word = PyUnicode_Substring(text, colon + 1, length);
  bool is_read = path && word && set_file(path, orders) && set_lines(path, word, orders);
  Py_XDECREF(word);
  Py_XDECREF(path);
  return is_read;
}
