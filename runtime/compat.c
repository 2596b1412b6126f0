#include "runtime/compat.h"

#include <dlfcn.h>

typedef int (*SendFunction)(PyObject *iterator, PyObject *value, PyObject **result);

Names names;

static long version;               /* as sys.hexversion */
static SendFunction iterator_send; /* PyIter_Send; NULL before Python 3.10 */

bool python_is_at_least(int minor) { return version >= (0x03000000 | (long)minor << 16); }

static bool intern_names(void) {
#define RUNTIME_NAME_INTERN(name) \
  if (!(names.name = PyUnicode_InternFromString(#name))) return false;
  RUNTIME_NAMES(RUNTIME_NAME_INTERN)
#undef RUNTIME_NAME_INTERN
  return true;
}

bool compat_install(void) {
  if (!intern_names()) return false;
  PyObject *number = PySys_GetObject("hexversion"); /* borrowed */
  version = number ? PyLong_AsLong(number) : -1;
  if (version < 0) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "sys.hexversion is missing");
    return false;
  }
  /* ISO C has no cast from an object pointer to a function pointer; POSIX promises that this works. */
  *(void **)&iterator_send = dlsym(RTLD_DEFAULT, "PyIter_Send");
  return true;
}

PendingError error_save(void) {
  PendingError pending;
  PyErr_Fetch(&pending.type, &pending.value, &pending.traceback);
  return pending;
}

void error_restore(PendingError *pending) {
  PyErr_Restore(pending->type, pending->value, pending->traceback);
  *pending = (PendingError){ 0 };
}

PyObject *attribute_of(PyObject *object, PyObject *name) {
  PyObject *value = PyObject_GetAttr(object, name);
  if (!value) PyErr_Clear();
  return value;
}

long number_of(PyObject *object, PyObject *name, long otherwise) {
  PyObject *value = attribute_of(object, name);
  if (!value) return otherwise;
  long number = PyLong_Check(value) ? PyLong_AsLong(value) : otherwise;
  Py_DECREF(value);
  if (PyErr_Occurred()) {
    PyErr_Clear();
    return otherwise;
  }
  return number;
}

PyObject *result_of(PyObject *object, PyObject *name) {
  PyObject *result = PyObject_CallMethodObjArgs(object, name, NULL);
  if (!result) PyErr_Clear();
  return result;
}

bool is_true_of(PyObject *object, PyObject *name) {
  PyObject *result = result_of(object, name);
  if (!result) return false;
  int truth = PyObject_IsTrue(result);
  Py_DECREF(result);
  if (truth < 0) PyErr_Clear();
  return truth > 0;
}

PyObject *imported(const char *module, const char *name) {
  PyObject *owner = PyImport_ImportModule(module);
  PyObject *value = owner ? PyObject_GetAttrString(owner, name) : NULL;
  Py_XDECREF(owner);
  if (!value) PyErr_Clear();
  return value;
}

/* Tells the end of a step from what a send or throw method has left: a value, StopIteration, or another error. */
static StepEnd step_end(PyObject **result) {
  if (*result) return STEP_YIELDED;
  if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return STEP_RAISED;
  PyObject *type, *stop, *traceback;
  PyErr_Fetch(&type, &stop, &traceback);
  PyErr_NormalizeException(&type, &stop, &traceback);
  *result = PyObject_GetAttr(stop, names.value);
  Py_XDECREF(type);
  Py_XDECREF(stop);
  Py_XDECREF(traceback);
  return *result ? STEP_RETURNED : STEP_RAISED;
}

StepEnd coroutine_send(PyObject *coroutine, PyObject *value, PyObject **result) {
  if (iterator_send) return (StepEnd)iterator_send(coroutine, value, result);
  *result = PyObject_CallMethodObjArgs(coroutine, names.send, value, NULL);
  return step_end(result);
}

StepEnd coroutine_throw(PyObject *coroutine, PyObject *arguments, PyObject **result) {
  PyObject *throw = PyObject_GetAttr(coroutine, names.throw);
  *result = throw ? PyObject_CallObject(throw, arguments) : NULL;
  Py_XDECREF(throw);
  return step_end(result);
}

void raise_stop_iteration(PyObject *value) {
  /* PyErr_SetObject would take a tuple for the arguments and an exception for the StopIteration itself. */
  PyObject *stop = PyObject_CallFunctionObjArgs(PyExc_StopIteration, value, NULL);
  if (stop) PyErr_SetObject(PyExc_StopIteration, stop);
  Py_XDECREF(stop);
  Py_DECREF(value);
}
