#include "runtime/hook.h"

/* What is done at a call; each may be NULL. */
typedef struct {
  BeforeCall before;
  AfterCall after;
  InsteadOfCall instead;
  AroundCall around;
} Actions;

typedef struct {
  PyObject head;
  PyObject *original; /* owned */
  Actions actions;
} Hook;

static PyTypeObject *hook_type; /* owned */
static PyObject *method_type;   /* owned: types.MethodType */

static PyObject *hook_call(PyObject *self, PyObject *arguments, PyObject *options) {
  /* The call may put something else in our place, and with it drop us. */
  Actions actions = ((Hook *)self)->actions;
  if (actions.instead) return actions.instead(arguments);
  if (actions.around) {
    PyObject *original = ((Hook *)self)->original;
    Py_INCREF(original);
    PyObject *result = actions.around(original, arguments, options);
    Py_DECREF(original);
    return result;
  }
  if (actions.before) {
    PendingError pending = error_save();
    actions.before(arguments);
    error_restore(&pending);
  }
  PyObject *result = PyObject_Call(((Hook *)self)->original, arguments, options);
  if (actions.after && result) {
    PendingError pending = error_save();
    actions.after(arguments, result);
    error_restore(&pending);
  }
  return result;
}

static PyObject *hook_get(PyObject *self, PyObject *instance, PyObject *owner) {
  (void)owner;
  if (instance && instance != Py_None) {
    return PyObject_CallFunctionObjArgs(method_type, self, instance, NULL);
  }
  Py_INCREF(self);
  return self;
}

static PyObject *hook_getattr(PyObject *self, PyObject *name) {
  return PyObject_GetAttr(((Hook *)self)->original, name);
}

static void hook_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  Py_DECREF(((Hook *)self)->original);
  PyObject_Free(self);
  Py_DECREF(type);
}

bool hook_install(void) {
  PyType_Slot slots[] = {
    { Py_tp_call, hook_call },
    { Py_tp_descr_get, hook_get },
    { Py_tp_getattro, hook_getattr },
    { Py_tp_dealloc, hook_dealloc },
    { 0, NULL },
  };
  PyType_Spec spec = {
    .name = "awry_runtime.hook",
    .basicsize = sizeof(Hook),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
  };
  method_type = imported("types", "MethodType");
  hook_type = method_type ? (PyTypeObject *)PyType_FromSpec(&spec) : NULL;
  return hook_type != NULL;
}

static bool put(PyObject *owner, const char *name, Actions actions) {
  PyObject *original = owner ? PyObject_GetAttrString(owner, name) : NULL;
  Hook *hook = original ? (Hook *)PyType_GenericAlloc(hook_type, 0) : NULL;
  bool is_put = false;
  if (hook) {
    Py_INCREF(original);
    hook->original = original;
    hook->actions = actions;
    is_put = PyObject_SetAttrString(owner, name, (PyObject *)hook) == 0;
    Py_DECREF(hook);
  }
  Py_XDECREF(original);
  if (!is_put) PyErr_Clear();
  return is_put;
}

bool hook_before(PyObject *owner, const char *name, BeforeCall observer) {
  return put(owner, name, (Actions){ .before = observer });
}

bool hook_after(PyObject *owner, const char *name, AfterCall observer) {
  return put(owner, name, (Actions){ .after = observer });
}

bool hook_instead(PyObject *owner, const char *name, InsteadOfCall substitute) {
  return put(owner, name, (Actions){ .instead = substitute });
}

bool hook_around(PyObject *owner, const char *name, AroundCall substitute) {
  return put(owner, name, (Actions){ .around = substitute });
}
