#include "runtime/seen.h"

#include <string.h>

/*
 * The dict maps each line, without its end, to a list: the first test, the number of tests, the last test. It is made of
 * plain types only, so that it can be sent from one process to another.
 */
enum { FIRST_TEST, NUMBER_OF_TESTS, LAST_TEST };

/* Lines about the run itself. */
static const char *const not_shown[] = { "start", "end", "test", "plans", "run" };

static bool is_shown(const char *kind) {
  for (size_t i = 0; i < sizeof(not_shown) / sizeof(*not_shown); i++) {
    if (strcmp(kind, not_shown[i]) == 0) return false;
  }
  return true;
}

PyObject *seen_new(void) { return PyDict_New(); }

/* One more test, if it is another than the last one. */
static bool count_test(PyObject *tests, PyObject *test) {
  PyObject *last = PyList_GetItem(tests, LAST_TEST); /* borrowed */
  int is_same = PyObject_RichCompareBool(last, test, Py_EQ);
  if (is_same != 0) return is_same > 0;
  long count = PyLong_AsLong(PyList_GetItem(tests, NUMBER_OF_TESTS));
  PyObject *more = PyLong_FromLong(count + 1);
  if (!more) return false;
  Py_INCREF(test);
  return PyList_SetItem(tests, NUMBER_OF_TESTS, more) == 0 &&
    PyList_SetItem(tests, LAST_TEST, test) == 0;
}

static bool add_first(PyObject *seen, PyObject *key, PyObject *test) {
  PyObject *tests = Py_BuildValue("[OiO]", test, 1, test);
  bool is_added = tests && PyDict_SetItem(seen, key, tests) == 0;
  Py_XDECREF(tests);
  return is_added;
}

static void add(PyObject *seen, PyObject *key, PyObject *test) {
  PyObject *known = PyDict_GetItem(seen, key); /* borrowed */
  if (known ? !count_test(known, test) : !add_first(seen, key, test)) PyErr_Clear();
}

void seen_add(PyObject *seen, const Line *line, PyObject *test) {
  if (!is_shown(line->kind)) return;
  PyObject *key = PyUnicode_DecodeUTF8(line->text, (Py_ssize_t)line->length, "replace");
  PyObject *none = PyUnicode_FromString("");
  if (key && none) add(seen, key, test ? test : none);
  else PyErr_Clear();
  Py_XDECREF(none);
  Py_XDECREF(key);
}

/* Takes the member out of the record; a new reference, to an empty string if there is none. */
static PyObject *take(PyObject *record, const char *name) {
  return PyObject_CallMethod(record, "pop", "ss", name, "");
}

/* The record as a line without its end, as the checker writes it: a new string. */
static PyObject *text_of(PyObject *record) {
  PyObject *dumps = imported("json", "dumps");
  PyObject *arguments = Py_BuildValue("(O)", record);
  PyObject *options = Py_BuildValue("{sOs(ss)}", "ensure_ascii", Py_False, "separators", ",", ":");
  PyObject *text = dumps && arguments && options ? PyObject_Call(dumps, arguments, options) : NULL;
  PyObject *key = text ? PyUnicode_Substring(text, 0, PyUnicode_GetLength(text) - 1) : NULL;
  Py_XDECREF(text);
  Py_XDECREF(options);
  Py_XDECREF(arguments);
  Py_XDECREF(dumps);
  return key;
}

void seen_add_record(PyObject *seen, PyObject *record) {
  PyObject *kind =
    PyDict_Check(record) ? PyDict_GetItemString(record, "kind") : NULL; /* borrowed */
  PyObject *name = kind ? PyUnicode_AsEncodedString(kind, "utf-8", "replace") : NULL;
  const char *word = name ? PyBytes_AsString(name) : NULL;
  if (word && is_shown(word)) {
    PyObject *test = take(record, "test"), *run = take(record, "run");
    PyObject *key = test && run ? text_of(record) : NULL;
    if (key) add(seen, key, test);
    Py_XDECREF(key);
    Py_XDECREF(run);
    Py_XDECREF(test);
  }
  PyErr_Clear();
  Py_XDECREF(name);
}

static bool merge_tests(PyObject *tests, PyObject *others) {
  long count = PyLong_AsLong(PyList_GetItem(tests, NUMBER_OF_TESTS));
  count += PyLong_AsLong(PyList_GetItem(others, NUMBER_OF_TESTS));
  PyObject *sum = PyErr_Occurred() ? NULL : PyLong_FromLong(count);
  return sum && PyList_SetItem(tests, NUMBER_OF_TESTS, sum) == 0;
}

bool seen_merge(PyObject *seen, PyObject *other) {
  PyObject *key, *others;
  Py_ssize_t place = 0;
  if (!PyDict_Check(other)) return true;
  while (PyDict_Next(other, &place, &key, &others)) {
    if (!PyList_Check(others) || PyList_Size(others) <= LAST_TEST) continue;
    PyObject *known = PyDict_GetItem(seen, key); /* borrowed */
    if (known ? !merge_tests(known, others) : PyDict_SetItem(seen, key, others) < 0) return false;
  }
  return true;
}

/* --- as awry words it ------------------------------------------------------------------------------ */

/* The line with its end and its tests; a new string. */
static PyObject *line_of(PyObject *key, PyObject *tests, PyObject *quote) {
  PyObject *first = PyList_GetItem(tests, FIRST_TEST),
           *number = PyList_GetItem(tests, NUMBER_OF_TESTS);
  PyObject *quoted = PyObject_CallFunctionObjArgs(quote, first, NULL);
  PyObject *line = NULL;
  if (quoted) line = PyUnicode_FromFormat("%U,\"test\":%U,\"tests\":%S}\n", key, quoted, number);
  Py_XDECREF(quoted);
  return line;
}

/* All lines; a new string. */
static PyObject *lines_of(PyObject *seen) {
  PyObject *quote = imported("json", "dumps"), *lines = PyList_New(0),
           *none = PyUnicode_FromString("");
  PyObject *text = NULL, *key, *tests;
  Py_ssize_t place = 0;
  bool is_whole = quote && lines && none;
  while (is_whole && PyDict_Next(seen, &place, &key, &tests)) {
    PyObject *line = line_of(key, tests, quote);
    is_whole = line && PyList_Append(lines, line) == 0;
    Py_XDECREF(line);
  }
  if (is_whole) text = PyUnicode_Join(none, lines);
  Py_XDECREF(none);
  Py_XDECREF(lines);
  Py_XDECREF(quote);
  return text;
}

/* os.path.`function`(path) as a new reference. */
static PyObject *path_call(const char *function, PyObject *path) {
  PyObject *callable = imported("os.path", function);
  PyObject *result = callable ? PyObject_CallFunctionObjArgs(callable, path, NULL) : NULL;
  Py_XDECREF(callable);
  return result;
}

/* A new reference: the path of the program, or None if it is not where it is installed or built, nor on the PATH. */
static PyObject *find_awry(PyObject *runtime) {
  const char *const places[] = { "%U/awry", "%U/../../bin/awry" };
  PyObject *real = path_call("realpath", runtime);
  PyObject *folder = real ? path_call("dirname", real) : NULL;
  Py_XDECREF(real);
  for (size_t i = 0; folder && i < sizeof(places) / sizeof(*places); i++) {
    PyObject *path = PyUnicode_FromFormat(places[i], folder);
    PyObject *is_there = path ? path_call("isfile", path) : NULL;
    Py_XDECREF(is_there);
    if (is_there == Py_True) {
      Py_DECREF(folder);
      return path;
    }
    Py_XDECREF(path);
  }
  Py_XDECREF(folder);
  PyObject *which = PyErr_Occurred() ? NULL : imported("shutil", "which");
  PyObject *found = which ? PyObject_CallFunction(which, "s", "awry") : NULL;
  Py_XDECREF(which);
  return found;
}

/* What the program makes of the lines; a new string. */
static PyObject *worded(PyObject *awry, PyObject *lines, PyObject *folder, bool has_color) {
  PyObject *run = imported("subprocess", "run");
  PyObject *arguments = Py_BuildValue(
    "([Osssssss])",
    awry,
    "run",
    "--from",
    "-",
    "--output-format",
    "concise",
    "--color",
    has_color ? "always" : "never"
  );
  const int is_pipe = -1, is_stdout = -2; /* subprocess.PIPE and STDOUT */
  PyObject *options = Py_BuildValue(
    "{sOsOsssssisi}",
    "cwd",
    folder,
    "input",
    lines,
    "encoding",
    "utf-8",
    "errors",
    "replace",
    "stdout",
    is_pipe,
    "stderr",
    is_stdout
  );
  PyObject *done = run && arguments && options ? PyObject_Call(run, arguments, options) : NULL;
  PyObject *status = done ? PyObject_GetAttrString(done, "returncode") : NULL;
  bool is_clean = status && PyObject_Not(status) > 0;
  PyObject *text = !status ? NULL
    : is_clean             ? PyUnicode_FromString("")
                           : PyObject_GetAttrString(done, "stdout");
  Py_XDECREF(status);
  Py_XDECREF(done);
  Py_XDECREF(options);
  Py_XDECREF(arguments);
  Py_XDECREF(run);
  return text;
}

PyObject *seen_render(PyObject *seen, PyObject *folder, PyObject *runtime, bool has_color) {
  PyObject *lines = lines_of(seen);
  if (!lines || PyUnicode_GetLength(lines) == 0) return lines;
  PyObject *awry = find_awry(runtime);
  PyObject *text = NULL;
  if (awry && awry != Py_None) text = worded(awry, lines, folder, has_color);
  else if (awry)
    text = PyUnicode_FromFormat("awry, which words this, is not on the PATH:\n%U", lines);
  Py_XDECREF(awry);
  Py_DECREF(lines);
  return text;
}
