#include "runtime/choices.h"

#include "runtime/aim.h"

typedef struct {
  const char *name, *value, *help; /* without a value it is a flag */
  bool is_value_optional;
} Choice;

static const Choice choices[] = {
  { "--awry-report", "PATH", "write what was seen to this file, too, as lines of JSON", false },
  { "--awry-strict", NULL, "fail if anything was seen, even if all tests pass", false },
  { "--awry-sweep",
    "FILE:FUNCTION",
    "run each test again and again before its turn, each time with a fault put in: where it waits "
    "in this function, around "
    "this line of a file, in this file, anywhere",
    true },
};

/* The option without its value stands for an empty one. */
static bool make_optional(PyObject *description) {
  PyObject *empty = PyUnicode_FromString(""), *count = PyUnicode_FromString("?");
  bool is_made = empty && count && PyDict_SetItemString(description, "const", empty) == 0 &&
    PyDict_SetItemString(description, "nargs", count) == 0;
  Py_XDECREF(count);
  Py_XDECREF(empty);
  return is_made;
}

static bool add_choice(PyObject *group, const Choice *choice) {
  PyObject *add = PyObject_GetAttrString(group, "addoption");
  PyObject *name = Py_BuildValue("(s)", choice->name);
  PyObject *rest = choice->value
    ? Py_BuildValue("{ssss}", "metavar", choice->value, "help", choice->help)
    : Py_BuildValue("{ssss}", "action", "store_true", "help", choice->help);
  bool is_described = rest && (!choice->is_value_optional || make_optional(rest));
  PyObject *added = add && name && is_described ? PyObject_Call(add, name, rest) : NULL;
  Py_XDECREF(added);
  Py_XDECREF(rest);
  Py_XDECREF(name);
  Py_XDECREF(add);
  return added != NULL;
}

bool choices_add(PyObject *parser) {
  const char *title = "asyncio errors that never surface (awry)";
  PyObject *group = PyObject_CallMethod(parser, "getgroup", "ss", "awry", title);
  bool is_added = group != NULL;
  for (size_t i = 0; is_added && i < sizeof(choices) / sizeof(*choices); i++) {
    is_added = add_choice(group, &choices[i]);
  }
  Py_XDECREF(group);
  return is_added;
}

/* What is wrong with an option, pytest tells its user in one line. */
static void make_usage_error(void) {
  PyObject *usage_error = NULL;
  PendingError pending = error_save();
  PyErr_NormalizeException(&pending.type, &pending.value, &pending.traceback);
  PyObject *text = pending.value ? PyObject_Str(pending.value) : NULL;
  if (text) usage_error = imported("pytest", "UsageError");
  error_restore(&pending);
  if (usage_error && PyErr_Occurred()) PyErr_Format(usage_error, "--awry-sweep: %U", text);
  Py_XDECREF(usage_error);
  Py_XDECREF(text);
}

bool choices_read(PyObject *options, Orders *orders) {
  PyObject *aim = options ? PyObject_GetAttrString(options, "awry_sweep") : NULL;
  if (!aim) PyErr_Clear();
  bool is_sweep = aim && PyUnicode_Check(aim);
  char fault[ORDERS_FAULT];
  bool is_read = orders_read(is_sweep ? "sweep" : NULL, orders, fault);
  if (is_sweep && !aim_read(aim, orders)) {
    is_read = false;
    make_usage_error();
  }
  Py_XDECREF(aim);
  return is_read;
}
