#include "runtime/task.h"

static struct {
  PyObject *type;           /* owned: the class that takes the place of asyncio.Task */
  PyObject *coroutine_type; /* owned: types.CoroutineType */
  PyObject *base_init;      /* owned: the methods of asyncio.Task that are overridden */
  PyObject *base_cancel;    /* owned */
  PyObject *all;            /* owned: asyncio.all_tasks */
  bool has_number_hashes;
} tasks;

Observed *task_observed(PyObject *task) {
  PyObject *coroutine = attribute_of(task, names._coro);
  Observed *observed = coroutine ? observed_in(coroutine) : NULL;
  Py_XDECREF(coroutine); /* the task has a reference of its own */
  return observed;
}

/* (self, *arguments) */
static PyObject *with_self(PyObject *self, PyObject *arguments) {
  Py_ssize_t count = PyTuple_Size(arguments);
  PyObject *all = PyTuple_New(count + 1);
  if (!all) return NULL;
  Py_INCREF(self);
  PyTuple_SetItem(all, 0, self);
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *argument = PyTuple_GetItem(arguments, i); /* borrowed */
    Py_INCREF(argument);
    PyTuple_SetItem(all, i + 1, argument);
  }
  return all;
}

/* Puts the wrapper of the coroutine, where there is one, in its place: the first argument or the one named `coro`.
   `options` may be NULL; false with an error set. */
static bool observe_argument(PyObject *task, PyObject *all, PyObject *options) {
  bool is_positional = PyTuple_Size(all) > 1;
  PyObject *coroutine = is_positional ? PyTuple_GetItem(all, 1)
    : options                         ? PyDict_GetItemString(options, "coro")
                                      : NULL; /* borrowed */
  if (!coroutine || (PyObject *)Py_TYPE(coroutine) != tasks.coroutine_type) return true;
  PyObject *observed = observed_new(coroutine, task);
  if (!observed) return false;
  if (is_positional) return PyTuple_SetItem(all, 1, observed) == 0;
  bool is_set = PyDict_SetItemString(options, "coro", observed) == 0;
  Py_DECREF(observed);
  return is_set;
}

static int task_init(PyObject *self, PyObject *arguments, PyObject *options) {
  PyObject *all = with_self(self, arguments);
  if (!all) return -1;
  PyObject *done = NULL;
  if (observe_argument(self, all, options)) done = PyObject_Call(tasks.base_init, all, options);
  Py_DECREF(all);
  Py_XDECREF(done);
  return done ? 0 : -1;
}

/* Who has cancelled the task that this one waits for, if it waits for a task: a new reference or NULL. */
static PyObject *canceller_of_awaited(PyObject *task) {
  PyObject *waiter = attribute_of(task, names._fut_waiter);
  bool is_task = waiter && PyObject_IsInstance(waiter, tasks.type) > 0;
  Observed *awaited = is_task ? task_observed(waiter) : NULL;
  PyObject *code = awaited ? observed_requester(awaited)->code : NULL;
  Py_XINCREF(code);
  Py_XDECREF(waiter);
  return code;
}

static PyObject *task_cancel(PyObject *self, PyObject *arguments, PyObject *options) {
  PyObject *all = with_self(self, arguments);
  if (!all) return NULL;
  /* The request goes on to what the task waits for: after that, the answer would be another. */
  PendingError pending = error_save();
  PyObject *joins = canceller_of_awaited(self);
  error_restore(&pending);
  PyObject *is_cancelled = PyObject_Call(tasks.base_cancel, all, options);
  Py_DECREF(all);
  pending = error_save();
  Observed *observed = is_cancelled == Py_True ? task_observed(self) : NULL;
  if (observed) observed_cancel(observed, joins);
  Py_XDECREF(joins);
  error_restore(&pending);
  return is_cancelled;
}

/* The program meets its own coroutine, not the wrapper. */
static PyObject *task_get_coro(PyObject *self, PyObject *none) {
  (void)none;
  PyObject *coroutine = PyObject_GetAttr(self, names._coro);
  Observed *observed = coroutine ? observed_in(coroutine) : NULL;
  if (!observed) return coroutine;
  PyObject *inner = observed_coroutine(observed);
  inner = inner ? inner : Py_None;
  Py_INCREF(inner);
  Py_DECREF(coroutine);
  return inner;
}

static PyMethodDef task_methods[] = {
  { "cancel", (PyCFunction)(void (*)(void))task_cancel, METH_VARARGS | METH_KEYWORDS, NULL },
  { "get_coro", task_get_coro, METH_NOARGS, NULL },
  { 0 },
};

/* Sets of tasks are gone through in the same order in each run. */
static Py_hash_t task_hash(PyObject *self) {
  PendingError pending = error_save();
  Observed *observed = task_observed(self);
  Py_hash_t hash = observed ? (Py_hash_t)observed_number(observed) : -2;
  error_restore(&pending);
  return hash;
}

/* A subclass of asyncio's class: a new reference, or NULL with an error set. */
static PyObject *make_type(PyObject *base) {
  PyType_Slot slots[] = {
    { Py_tp_init, task_init },
    { Py_tp_methods, task_methods },
    { tasks.has_number_hashes ? Py_tp_hash : 0, task_hash },
    { 0, NULL },
  };
  PyType_Spec spec = {
    .name = "asyncio.Task",
    /* Without a size of its own and the collector's flag it inherits both. */
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
  };
  PyObject *bases = PyTuple_Pack(1, base);
  PyObject *type = bases ? PyType_FromSpecWithBases(&spec, bases) : NULL;
  Py_XDECREF(bases);
  return type;
}

/* Sets the attribute in asyncio and in the module of it that defines it. */
static bool replace_in_asyncio(const char *name, PyObject *value) {
  const char *const modules[] = { "asyncio", "asyncio.tasks" };
  for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++) {
    PyObject *module = PyImport_ImportModule(modules[i]);
    bool is_set = module && PyObject_SetAttrString(module, name, value) == 0;
    Py_XDECREF(module);
    if (!is_set) return false;
  }
  return true;
}

/* The factory of eager tasks, from 3.12 on, was made with the class that is replaced. */
static bool replace_eager_factory(void) {
  PyObject *make = imported("asyncio", "create_eager_task_factory");
  if (!make) return true;
  PyObject *factory = PyObject_CallFunctionObjArgs(make, tasks.type, NULL);
  bool is_set = factory && replace_in_asyncio("eager_task_factory", factory);
  Py_XDECREF(factory);
  Py_DECREF(make);
  return is_set;
}

bool task_install(void) {
  PyObject *base = imported("asyncio", "Task");
  tasks.coroutine_type = imported("types", "CoroutineType");
  if (!base || !tasks.coroutine_type) {
    PyErr_SetString(PyExc_RuntimeError, "asyncio.Task is missing");
    Py_XDECREF(base);
    return false;
  }
  tasks.base_init = PyObject_GetAttrString(base, "__init__");
  tasks.base_cancel = PyObject_GetAttrString(base, "cancel");
  tasks.all = imported("asyncio", "all_tasks");
  bool is_made =
    tasks.base_init && tasks.base_cancel && tasks.all && (tasks.type = make_type(base));
  Py_DECREF(base);
  return is_made && replace_in_asyncio("Task", tasks.type) && replace_eager_factory();
}

void task_number_hashes(void) { tasks.has_number_hashes = true; }

/* A new list of the numbers and tasks of those in the set; NULL if it cannot be made. */
static PyObject *numbered(PyObject *set) {
  PyObject *pairs = PyList_New(0);
  PyObject *items = pairs ? PyObject_GetIter(set) : NULL;
  PyObject *task;
  while (items && (task = PyIter_Next(items))) {
    Observed *observed = task_observed(task);
    PyObject *pair = observed ? Py_BuildValue("lO", (long)observed_number(observed), task) : NULL;
    if (pair && PyList_Append(pairs, pair) < 0) PyErr_Clear();
    Py_XDECREF(pair);
    Py_DECREF(task);
  }
  Py_XDECREF(items);
  return pairs;
}

PyObject *task_all(void) {
  PyObject *set = PyObject_CallObject(tasks.all, NULL);
  PyObject *list = set ? numbered(set) : NULL;
  bool is_sorted = list && PyList_Sort(list) == 0;
  for (Py_ssize_t i = 0; is_sorted && i < PyList_Size(list); i++) {
    PyObject *task = PyTuple_GetItem(PyList_GetItem(list, i), 1); /* borrowed */
    Py_INCREF(task);
    PyList_SetItem(list, i, task);
  }
  PyErr_Clear();
  Py_XDECREF(set);
  if (is_sorted) return list;
  Py_XDECREF(list);
  return NULL;
}
