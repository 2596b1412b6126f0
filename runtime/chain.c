#include "runtime/chain.h"

static PyObject *get_referents; /* owned: gc.get_referents */

bool chain_install(void) {
  get_referents = imported("gc", "get_referents");
  if (!get_referents) PyErr_SetString(PyExc_RuntimeError, "gc.get_referents is missing");
  return get_referents != NULL;
}

PyObject *referents_of(PyObject *object) {
  PyObject *list = PyObject_CallFunctionObjArgs(get_referents, object, NULL);
  if (!list) PyErr_Clear();
  return list;
}

/* The first of the attributes that the object has, and that is not None; a new reference or NULL. */
static PyObject *first_of(PyObject *object, PyObject *const attributes[3]) {
  for (size_t i = 0; i < 3; i++) {
    PyObject *value = attribute_of(object, attributes[i]);
    if (value && value != Py_None) return value;
    Py_XDECREF(value);
  }
  return NULL;
}

/* What a coroutine, generator or asynchronous generator waits for; a new reference or NULL. */
static PyObject *awaited_by(PyObject *awaiter) {
  PyObject *const attributes[] = { names.cr_await, names.gi_yieldfrom, names.ag_await };
  return first_of(awaiter, attributes);
}

/* The `__anext__()` of an asynchronous generator and the like do not tell what they wait for: it is the one thing behind
   them that waits itself. A new reference or NULL. */
static PyObject *awaiter_behind(PyObject *object) {
  PyObject *list = referents_of(object);
  PyObject *awaiter = NULL;
  for (Py_ssize_t i = 0; list && !awaiter && i < PyList_Size(list); i++) {
    PyObject *item = PyList_GetItem(list, i); /* borrowed */
    PyObject *awaited = awaited_by(item);
    if (awaited) awaiter = item;
    Py_XDECREF(awaited);
  }
  Py_XINCREF(awaiter);
  Py_XDECREF(list);
  return awaiter;
}

PyObject *chain_next(PyObject *awaiter) {
  PyObject *next = awaited_by(awaiter);
  return next ? next : awaiter_behind(awaiter);
}

void chain_visit(PyObject *coroutine, FrameVisitor visit, void *context) {
  PyObject *const frames[] = { names.cr_frame, names.gi_frame, names.ag_frame };
  PyObject *awaiter = coroutine;
  Py_INCREF(awaiter);
  for (int i = 0; awaiter && i < MAX_CHAIN; i++) {
    PyObject *frame = first_of(awaiter, frames);
    if (frame) visit(context, frame);
    Py_XDECREF(frame);
    PyObject *next = chain_next(awaiter);
    Py_DECREF(awaiter);
    awaiter = next;
  }
  Py_XDECREF(awaiter);
}

static void see_user_frame(void *context, PyObject *frame) {
  Site *innermost = context;
  Site site = site_of_frame(frame);
  if (site_owner(&site) == CODE_USER) {
    site_clear(innermost);
    *innermost = site;
  } else {
    site_clear(&site);
  }
}

Site chain_user_site(PyObject *coroutine) {
  Site innermost = { 0 };
  chain_visit(coroutine, see_user_frame, &innermost);
  return innermost;
}
