#include "runtime/imports.h"

#include <string.h>

#include "runtime/hook.h"

enum { MAX_WATCHED = 8 };

typedef struct {
  const char *package;
  ImportObserver observer;
  bool is_sought; /* its spec is being looked for, by the finders behind ours */
  bool is_done;
} Watched;

static struct {
  Watched packages[MAX_WATCHED];
  size_t count;
  bool is_first_finder;
} watched;

static Watched *find_watched(PyObject *name) {
  for (size_t i = 0; i < watched.count; i++) {
    Watched *package = &watched.packages[i];
    bool is_same =
      PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, package->package) == 0;
    if (is_same && !package->is_done) return package;
  }
  return NULL;
}

/* Tells all that wait for the same package. */
static void tell(const char *package, PyObject *module) {
  for (size_t i = 0; i < watched.count; i++) {
    Watched *waiting = &watched.packages[i];
    if (waiting->is_done || strcmp(waiting->package, package) != 0) continue;
    waiting->is_done = true;
    waiting->observer(package, module);
  }
}

/* module: its body has run. */
static void see_executed(PyObject *arguments, PyObject *result) {
  (void)result;
  PyObject *module = PyTuple_GetItem(arguments, 0); /* borrowed */
  PyObject *name = module ? attribute_of(module, names.__name__) : NULL;
  Watched *package = name ? find_watched(name) : NULL;
  if (package) {
    /* The loader gets back the method of its class. */
    PyObject *loader = attribute_of(module, names.__loader__);
    if (!loader || PyObject_SetAttrString(loader, "exec_module", NULL) < 0) PyErr_Clear();
    Py_XDECREF(loader);
    tell(package->package, module);
  }
  Py_XDECREF(name);
}

/* What the other finders say; a new reference, or NULL without an error. */
static PyObject *find_spec(PyObject *name) {
  PyObject *find = imported("importlib.util", "find_spec");
  PyObject *spec = find ? PyObject_CallFunctionObjArgs(find, name, NULL) : NULL;
  Py_XDECREF(find);
  if (!spec) PyErr_Clear();
  return spec;
}

/* Puts an observer on the loader itself: it stays what it is, and no other package has the same one. */
static bool watch_loader(PyObject *spec) {
  PyObject *loader = PyObject_GetAttrString(spec, "loader");
  if (!loader) PyErr_Clear();
  bool is_own = loader && !PyType_Check(loader);
  bool is_watched = is_own && hook_after(loader, "exec_module", see_executed);
  Py_XDECREF(loader);
  return is_watched;
}

/* find_spec(name, path, target): the finder that is asked first. It finds nothing but what the others find. */
static PyObject *finder_find_spec(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *name, *path = NULL, *target = NULL;
  if (!PyArg_ParseTuple(arguments, "O|OO", &name, &path, &target)) return NULL;
  Watched *package = find_watched(name);
  if (!package || package->is_sought) Py_RETURN_NONE;
  package->is_sought = true;
  PyObject *spec = find_spec(name);
  package->is_sought = false;
  if (!spec || spec == Py_None) {
    Py_XDECREF(spec);
    Py_RETURN_NONE;
  }
  if (!watch_loader(spec)) tell(package->package, NULL);
  return spec;
}

static PyMethodDef finder_methods[] = {
  { "find_spec", finder_find_spec, METH_VARARGS, NULL },
  { 0 },
};

static bool insert_finder(void) {
  PyType_Slot slots[] = { { Py_tp_methods, finder_methods }, { 0, NULL } };
  PyType_Spec spec = {
    .name = "awry_runtime.finder",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
  };
  PyObject *type = PyType_FromSpec(&spec);
  PyObject *finder = type ? PyType_GenericAlloc((PyTypeObject *)type, 0) : NULL;
  PyObject *finders = PySys_GetObject("meta_path"); /* borrowed */
  bool is_inserted = finder && finders && PyList_Insert(finders, 0, finder) == 0;
  if (!is_inserted && !PyErr_Occurred()) {
    PyErr_SetString(PyExc_RuntimeError, "sys.meta_path is missing");
  }
  Py_XDECREF(finder);
  Py_XDECREF(type);
  return is_inserted;
}

bool import_watch(const char *package, ImportObserver observer) {
  if (watched.count == MAX_WATCHED) {
    PyErr_SetString(PyExc_RuntimeError, "too many packages are watched");
    return false;
  }
  if (!watched.is_first_finder && !insert_finder()) return false;
  watched.is_first_finder = true;
  watched.packages[watched.count++] = (Watched){ .package = package, .observer = observer };
  PyObject *modules = PySys_GetObject("modules"); /* borrowed, as is the module */
  PyObject *module = modules ? PyDict_GetItemString(modules, package) : NULL;
  if (module) tell(package, module);
  return true;
}
