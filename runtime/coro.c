#include "runtime/coro.h"

#include "runtime/handled.h"
#include "runtime/report.h"

/* What is known of a request to cancel. */
typedef enum {
  REQUEST_NONE,
  /* Made while the task itself ran: it takes effect when the task waits. */
  REQUEST_IN_STEP,
  /* Made while the task waited: the next step delivers it, or what the task waits for has eaten it. */
  REQUEST_TO_WAITER,
} Request;

struct Observed {
  PyObject head;
  PyObject *coroutine; /* owned; NULL once the collector has cleared it */
  PyObject *task;      /* owned: a weak reference to the task, which owns this; likewise */
  Site created;        /* owned: who made the task */
  Site requester;      /* owned: who asked it last to cancel */
  PyObject *joins; /* owned: the code that had cancelled what the task waited for then; or NULL */
  PyObject *held;  /* owned: the own CancelledError, from delivery to verdict; or NULL */
  Site catcher;    /* owned: the frame in which it ended, and the line that waited there */
  Site handler;    /* owned: the line that caught it */
  Observed *next_lost, *previous_lost; /* borrowed: the list of those that have lost one */
  Request request;
  bool is_running;
  bool has_lost;        /* the cancellation seems swallowed; the last word is not spoken */
  bool is_unreferenced; /* has been reported */
};

static struct {
  PyTypeObject *type;   /* owned */
  PyObject *cancelled;  /* owned: asyncio.CancelledError */
  Observed *first_lost; /* borrowed: they leave the list when they die */
  Tally tally;
} observing;

/* Weak references to the tasks that have waited since the loop last looked. Owned by the thread; one that ends leaves it. NULL
   where no loop looks. */
static __thread PyObject *waited;

/* The wrappers of those that only the loop held when it last looked; likewise. */
static __thread PyObject *suspects;

/* --- the list of lost cancellations ---------------------------------------------------------------- */

static void lose(Observed *self) {
  self->has_lost = true;
  self->next_lost = observing.first_lost;
  if (self->next_lost) self->next_lost->previous_lost = self;
  observing.first_lost = self;
}

static void unlose(Observed *self) {
  self->has_lost = false;
  if (self->next_lost) self->next_lost->previous_lost = self->previous_lost;
  if (self->previous_lost) self->previous_lost->next_lost = self->next_lost;
  else observing.first_lost = self->next_lost;
  self->next_lost = self->previous_lost = NULL;
}

/* --- what became of a cancellation ----------------------------------------------------------------- */

static PyObject *task_of(const Observed *self) {
  PyObject *task = self->task ? PyWeakref_GetObject(self->task) : NULL; /* borrowed */
  return task == Py_None ? NULL : task;
}

/* From 3.11 on, a task tells how many requests it has not taken back. */
static bool is_taken_back(const Observed *self) {
  if (!python_is_at_least(11)) return false;
  PyObject *task = task_of(self);
  PyObject *count = task ? result_of(task, names.cancelling) : NULL;
  bool is_zero = count && PyObject_Not(count) > 0;
  Py_XDECREF(count);
  return is_zero;
}

/* Scopes of libraries cancel a task for their own ends and answer for it themselves. */
static bool is_of_library(const Observed *self) {
  return site_owner(&self->requester) == CODE_LIBRARY;
}

static void add_task(Line *line, const Observed *self) {
  PyObject *code = self->coroutine ? attribute_of(self->coroutine, names.cr_code) : NULL;
  Site site = { .code = code };
  PyObject *function = site_function(&site);
  line_add_object(line, "task", function);
  line_add_site(line, "created", &self->created);
  Py_XDECREF(function);
  Py_XDECREF(code);
}

static void forget(Observed *self) {
  if (self->has_lost) unlose(self);
  site_clear(&self->catcher);
  site_clear(&self->handler);
}

static void report_swallowed(Observed *self, bool goes_on) {
  bool is_join = self->joins && self->joins == self->catcher.code;
  Line line;
  line_begin(&line, is_join ? "cancel-lost-in-join" : "cancel-swallowed");
  line_add_site(&line, "at", &self->catcher);
  if (self->handler.code == self->catcher.code)
    line_add_number(&line, "handler", self->handler.line);
  add_task(&line, self);
  if (goes_on) line_add_text(&line, "then", "runs on");
  line_send(&line);
}

/* The last word on a cancellation that seemed swallowed. */
static void settle(Observed *self) {
  if (!self->has_lost) return;
  if (!is_taken_back(self)) report_swallowed(self, true);
  forget(self);
}

static void release(Observed *self) {
  PyObject *held = self->held;
  self->held = NULL;
  Py_XDECREF(held);
}

static void judge_swallowed(Observed *self, bool goes_on) {
  self->catcher = site_of_catcher(self->held);
  release(self);
  bool is_reported =
    site_owner(&self->catcher) == CODE_USER && !is_of_library(self) && !is_taken_back(self);
  if (is_reported && goes_on) {
    lose(self);
    return;
  }
  if (is_reported) report_swallowed(self, false);
  forget(self);
}

static bool is_cancelled(const PendingError *error) {
  return PyErr_GivenExceptionMatches(error->type, observing.cancelled);
}

static void report_converted(const Observed *self, const PendingError *error, const Site *raiser) {
  PyObject *name = PyObject_GetAttrString(error->type, "__name__");
  if (!name) PyErr_Clear();
  Line line;
  line_begin(&line, "cancel-converted");
  line_add_site(&line, "at", raiser);
  line_add_object(&line, "error", name);
  add_task(&line, self);
  line_send(&line);
  Py_XDECREF(name);
}

static void judge_converted(const Observed *self, const PendingError *error) {
  if (!PyErr_GivenExceptionMatches(error->type, PyExc_Exception)) return;
  Site raiser = site_of_raiser(error->traceback);
  bool is_reported =
    site_owner(&raiser) == CODE_USER && !is_of_library(self) && !is_taken_back(self);
  if (is_reported) report_converted(self, error, &raiser);
  site_clear(&raiser);
}

static void judge_raised(Observed *self, const PendingError *error) {
  if (is_cancelled(error)) observing.tally.propagated++;
  else judge_converted(self, error);
  release(self);
  forget(self);
}

static void judge(Observed *self, StepEnd end, const PendingError *error) {
  if (end == STEP_RAISED) judge_raised(self, error);
  else if (end == STEP_RETURNED) judge_swallowed(self, false);
  else if (!exception_is_in_hand(self->coroutine, self->held)) judge_swallowed(self, true);
}

/* What a step says about a cancellation that an earlier one seems to have swallowed. */
static void judge_lost(Observed *self, StepEnd end, const PendingError *error) {
  if (end == STEP_YIELDED) return;
  if (end == STEP_RAISED && is_cancelled(error)) {
    observing.tally.propagated++;
    forget(self);
  } else {
    settle(self);
  }
}

/* --- steps ----------------------------------------------------------------------------------------- */

/* `thrown` is what the step delivers, or NULL. */
static void step_begin(Observed *self, PyObject *thrown) {
  bool is_cancel = thrown && PyObject_TypeCheck(thrown, (PyTypeObject *)observing.cancelled);
  if (is_cancel && self->request != REQUEST_NONE) {
    settle(self);
    release(self);
    Py_INCREF(thrown);
    self->held = thrown;
    self->request = REQUEST_NONE;
    observing.tally.cancellations++;
  } else if (self->request == REQUEST_TO_WAITER) {
    self->request = REQUEST_NONE;
  }
}

static void remember_waiting(const Observed *self) {
  if (!waited || !self->task || self->is_unreferenced) return;
  if (PyList_Append(waited, self->task) < 0) PyErr_Clear();
}

static void step_end(Observed *self, StepEnd end) {
  PendingError error = error_save();
  if (end == STEP_RAISED) PyErr_NormalizeException(&error.type, &error.value, &error.traceback);
  if (self->request == REQUEST_IN_STEP) self->request = REQUEST_TO_WAITER;
  if (self->held) judge(self, end, &error);
  else if (self->has_lost) judge_lost(self, end, &error);
  if (end == STEP_YIELDED) remember_waiting(self);
  error_restore(&error);
}

/* Resumes the coroutine under a watch if there is a cancellation whose handler is of interest. */
static StepEnd run_step(Observed *self, PyObject *value, PyObject *thrown, PyObject **result) {
  Watch watch;
  bool is_watched = self->held != NULL;
  if (is_watched) watch_begin(&watch, self->held);
  StepEnd end = thrown ? coroutine_throw(self->coroutine, thrown, result)
                       : coroutine_send(self->coroutine, value, result);
  if (is_watched) {
    PendingError pending = error_save();
    Site handler = watch_end(&watch);
    if (handler.code) {
      site_clear(&self->handler);
      self->handler = handler;
    }
    error_restore(&pending);
  }
  return end;
}

/* One step: sends the value, or throws what the arguments of throw() say. */
static StepEnd step(Observed *self, PyObject *value, PyObject *thrown, PyObject **result) {
  *result = NULL;
  if (!self->coroutine) {
    PyErr_SetString(PyExc_RuntimeError, "the coroutine has been cleared");
    return STEP_RAISED;
  }
  PendingError pending = error_save();
  step_begin(self, thrown ? PyTuple_GetItem(thrown, 0) : NULL);
  error_restore(&pending);
  /* The step may drop the last reference to the task, and with it this. */
  Py_INCREF(self);
  self->is_running = true;
  StepEnd end = run_step(self, value, thrown, result);
  self->is_running = false;
  step_end(self, end);
  Py_DECREF(self);
  return end;
}

static PyObject *step_result(StepEnd end, PyObject *result) {
  if (end != STEP_RETURNED) return result;
  raise_stop_iteration(result);
  return NULL;
}

static int observed_am_send(PyObject *self, PyObject *value, PyObject **result) {
  return step((Observed *)self, value, NULL, result);
}

static PyObject *observed_send(PyObject *self, PyObject *value) {
  PyObject *result;
  StepEnd end = step((Observed *)self, value, NULL, &result);
  return step_result(end, result);
}

static PyObject *observed_throw(PyObject *self, PyObject *arguments) {
  if (PyTuple_Size(arguments) < 1) {
    PyErr_SetString(PyExc_TypeError, "throw expected at least 1 argument, got 0");
    return NULL;
  }
  PyObject *result;
  StepEnd end = step((Observed *)self, NULL, arguments, &result);
  return step_result(end, result);
}

static PyObject *observed_close(PyObject *self, PyObject *none) {
  (void)none;
  PyObject *coroutine = ((Observed *)self)->coroutine;
  if (!coroutine) Py_RETURN_NONE;
  return PyObject_CallMethodObjArgs(coroutine, names.close, NULL);
}

/* --- the type -------------------------------------------------------------------------------------- */

static PyObject *observed_await(PyObject *self) {
  return PyObject_CallMethodObjArgs(((Observed *)self)->coroutine, names.__await__, NULL);
}

static PyObject *observed_getattr(PyObject *self, PyObject *name) {
  PyObject *value = PyObject_GenericGetAttr(self, name);
  PyObject *coroutine = ((Observed *)self)->coroutine;
  if (value || !coroutine || !PyErr_ExceptionMatches(PyExc_AttributeError)) return value;
  PyErr_Clear();
  return PyObject_GetAttr(coroutine, name);
}

static PyObject *observed_repr(PyObject *self) {
  PyObject *coroutine = ((Observed *)self)->coroutine;
  return coroutine ? PyObject_Repr(coroutine) : PyUnicode_FromString("<cleared coroutine>");
}

static int observed_traverse(PyObject *object, visitproc visit, void *arg) {
  Observed *self = (Observed *)object;
  if (python_is_at_least(9)) Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->coroutine);
  Py_VISIT(self->task);
  Py_VISIT(self->created.code);
  Py_VISIT(self->requester.code);
  Py_VISIT(self->joins);
  Py_VISIT(self->held);
  Py_VISIT(self->catcher.code);
  Py_VISIT(self->handler.code);
  return 0;
}

static int observed_clear(PyObject *object) {
  Observed *self = (Observed *)object;
  PendingError pending = error_save();
  settle(self);
  error_restore(&pending);
  Py_CLEAR(self->coroutine);
  Py_CLEAR(self->task);
  site_clear(&self->created);
  site_clear(&self->requester);
  Py_CLEAR(self->joins);
  Py_CLEAR(self->held);
  site_clear(&self->catcher);
  site_clear(&self->handler);
  return 0;
}

static void observed_dealloc(PyObject *object) {
  PyTypeObject *type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  observed_clear(object);
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

static PyMethodDef observed_methods[] = {
  { "send", observed_send, METH_O, NULL },
  { "throw", observed_throw, METH_VARARGS, NULL },
  { "close", observed_close, METH_NOARGS, NULL },
  { 0 },
};

bool coro_install(void) {
  PyType_Slot slots[] = {
    { Py_tp_dealloc, observed_dealloc },
    { Py_tp_traverse, observed_traverse },
    { Py_tp_clear, observed_clear },
    { Py_tp_getattro, observed_getattr },
    { Py_tp_repr, observed_repr },
    { Py_tp_methods, observed_methods },
    { Py_am_await, observed_await },
    { 0, NULL }, /* the slot for sending, where there is one */
    { 0, NULL },
  };
  const size_t send_slot = sizeof(slots) / sizeof(*slots) - 2;
  if (python_is_at_least(10)) slots[send_slot] = (PyType_Slot){ SLOT_AM_SEND, observed_am_send };
  PyType_Spec spec = {
    .name = "awry_runtime.coroutine",
    .basicsize = sizeof(Observed),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
  };
  observing.type = (PyTypeObject *)PyType_FromSpec(&spec);
  observing.cancelled = imported("asyncio", "CancelledError");
  if (observing.type && !observing.cancelled) {
    PyErr_SetString(PyExc_RuntimeError, "asyncio.CancelledError is missing");
  }
  return observing.type && observing.cancelled;
}

static bool runs_user_code(PyObject *coroutine) {
  PyObject *code = attribute_of(coroutine, names.cr_code);
  bool is_user = code && code_owner(code) == CODE_USER;
  Py_XDECREF(code);
  return is_user;
}

PyObject *observed_new(PyObject *coroutine, PyObject *task) {
  Observed *self = (Observed *)PyType_GenericAlloc(observing.type, 0);
  if (!self) return NULL;
  Py_INCREF(coroutine);
  self->coroutine = coroutine;
  self->task = PyWeakref_NewRef(task, NULL);
  if (!self->task) {
    Py_DECREF(self);
    return NULL;
  }
  PendingError pending = error_save();
  self->created = site_of_caller();
  if (runs_user_code(coroutine)) observing.tally.tasks++;
  error_restore(&pending);
  return (PyObject *)self;
}

Observed *observed_in(PyObject *object) {
  return Py_TYPE(object) == observing.type ? (Observed *)object : NULL;
}

PyObject *observed_coroutine(const Observed *observed) { return observed->coroutine; }

const Site *observed_created(const Observed *observed) { return &observed->created; }

const Site *observed_requester(const Observed *observed) { return &observed->requester; }

void observed_cancel(Observed *observed, PyObject *joins) {
  settle(observed);
  observed->request = observed->is_running ? REQUEST_IN_STEP : REQUEST_TO_WAITER;
  site_clear(&observed->requester);
  observed->requester = site_of_caller();
  Py_XINCREF(joins);
  Py_XDECREF(observed->joins);
  observed->joins = joins;
}

/* --- tasks that nobody holds ----------------------------------------------------------------------- */

/* From 3.14 on, what a task waits for knows who waits for it. */
static bool is_known_to_awaited(PyObject *task) {
  PyObject *awaited = attribute_of(task, names._fut_waiter);
  PyObject *waiting = awaited ? attribute_of(awaited, names._asyncio_awaited_by) : NULL;
  int is_known = waiting ? PySequence_Contains(waiting, task) : 0;
  if (is_known < 0) PyErr_Clear();
  Py_XDECREF(waiting);
  Py_XDECREF(awaited);
  return is_known > 0;
}

/* One reference is that of the callback which wakes the task. */
static bool has_loop_references_only(PyObject *task) {
  if (Py_REFCNT(task) > 2) return false;
  if (Py_REFCNT(task) == 1) return true;
  return python_is_at_least(14) && is_known_to_awaited(task);
}

static bool is_held_by_loop_alone(PyObject *task) {
  return has_loop_references_only(task) && !is_true_of(task, names.done);
}

static void report_unreferenced(Observed *self) {
  self->is_unreferenced = true;
  Line line;
  line_begin(&line, "task-unreferenced");
  line_add_site(&line, "at", &self->created);
  add_task(&line, self);
  line_send(&line);
}

/* One round later: when the main task has ended, asyncio.run takes the others in hand. */
static void judge_suspects(PyObject *wrappers) {
  for (Py_ssize_t i = 0; i < PyList_Size(wrappers); i++) {
    Observed *self = (Observed *)PyList_GetItem(wrappers, i); /* borrowed, as is the task */
    PyObject *task = task_of(self);
    if (!self->is_unreferenced && (!task || has_loop_references_only(task)))
      report_unreferenced(self);
  }
}

/* A new list of the wrappers of those among the tasks that only the loop holds; NULL if it cannot be made. */
static PyObject *suspects_among(PyObject *tasks) {
  PyObject *wrappers = PyList_New(0);
  for (Py_ssize_t i = 0; wrappers && i < PyList_Size(tasks); i++) {
    PyObject *task = PyWeakref_GetObject(PyList_GetItem(tasks, i)); /* borrowed */
    if (!task || task == Py_None || !is_held_by_loop_alone(task)) continue;
    PyObject *wrapper = attribute_of(task, names._coro);
    Observed *self = wrapper ? observed_in(wrapper) : NULL;
    bool is_suspect = self && site_owner(&self->created) == CODE_USER;
    if (is_suspect && PyList_Append(wrappers, wrapper) < 0) PyErr_Clear();
    Py_XDECREF(wrapper);
  }
  if (!wrappers) PyErr_Clear();
  return wrappers;
}

void observed_find_unreferenced(void) {
  PyObject *tasks = waited, *wrappers = suspects;
  bool is_idle = tasks && PyList_Size(tasks) == 0 && (!wrappers || PyList_Size(wrappers) == 0);
  if (is_idle) return;
  waited = PyList_New(0);
  if (!waited) PyErr_Clear();
  suspects = NULL;
  if (wrappers) judge_suspects(wrappers);
  suspects = tasks ? suspects_among(tasks) : NULL;
  Py_XDECREF(wrappers);
  Py_XDECREF(tasks);
}

void observed_settle(void) {
  while (observing.first_lost) settle(observing.first_lost);
}

Tally observed_tally(void) { return observing.tally; }
