#include "runtime/coro.h"

#include "runtime/dangling.h"
#include "runtime/handled.h"

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
  bool is_user;         /* runs a coroutine of the program */
  bool is_main;         /* was made before the loop ran */
  bool is_asked;        /* was asked to cancel, at any time */
  bool is_unreferenced; /* has been reported */
  uint32_t number;      /* of the task, in the order in which they are made */
  uint32_t waits;       /* how often it has waited */
};

static struct {
  PyTypeObject *type;   /* owned */
  PyObject *cancelled;  /* owned: asyncio.CancelledError */
  PyObject *loop;       /* owned: asyncio._get_running_loop */
  Observed *first_lost; /* borrowed: they leave the list when they die */
  StepWatcher watcher;  /* NULL where nobody watches */
  uint32_t made;        /* tasks so far */
  Tally tally;
} observing;

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

void line_add_observed(Line *line, const Observed *self) {
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
  line_add_observed(&line, self);
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
  PyObject *name = PyObject_GetAttr(error->type, names.__name__);
  if (!name) PyErr_Clear();
  Line line;
  line_begin(&line, "cancel-converted");
  line_add_site(&line, "at", raiser);
  line_add_object(&line, "error", name);
  line_add_observed(&line, self);
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

static void step_end(Observed *self, StepEnd end) {
  PendingError error = error_save();
  if (end == STEP_RAISED) PyErr_NormalizeException(&error.type, &error.value, &error.traceback);
  if (self->request == REQUEST_IN_STEP) self->request = REQUEST_TO_WAITER;
  if (self->held) judge(self, end, &error);
  else if (self->has_lost) judge_lost(self, end, &error);
  if (end == STEP_YIELDED && self->task) dangling_waits(self->task);
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
  if (end == STEP_YIELDED) self->waits++;
  if (observing.watcher) end = observing.watcher(self, end, result);
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
  observing.loop = imported("asyncio", "_get_running_loop");
  if (observing.type && !(observing.cancelled && observing.loop)) {
    PyErr_SetString(PyExc_RuntimeError, "asyncio is not as it was known");
  }
  return observing.type && observing.cancelled && observing.loop;
}

bool is_loop_running(void) {
  PyObject *loop = PyObject_CallObject(observing.loop, NULL);
  bool is_running = loop && loop != Py_None;
  if (!loop) PyErr_Clear();
  Py_XDECREF(loop);
  return is_running;
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
  self->number = observing.made++;
  self->is_main = observing.watcher && !is_loop_running();
  self->is_user = runs_user_code(coroutine);
  if (self->is_user) observing.tally.tasks++;
  error_restore(&pending);
  return (PyObject *)self;
}

Observed *observed_in(PyObject *object) {
  return Py_TYPE(object) == observing.type ? (Observed *)object : NULL;
}

void observed_watch(StepWatcher watcher) { observing.watcher = watcher; }

PyObject *observed_task(const Observed *observed) { return task_of(observed); }

PyObject *observed_coroutine(const Observed *observed) { return observed->coroutine; }

const Site *observed_created(const Observed *observed) { return &observed->created; }

const Site *observed_requester(const Observed *observed) { return &observed->requester; }

bool observed_is_user(const Observed *observed) { return observed->is_user; }

bool observed_is_main(const Observed *observed) { return observed->is_main; }

bool observed_is_asked(const Observed *observed) { return observed->is_asked; }

uint32_t observed_number(const Observed *observed) { return observed->number; }

uint32_t observed_waits(const Observed *observed) { return observed->waits; }

bool observed_dangles(Observed *observed) {
  bool is_news = !observed->is_unreferenced;
  observed->is_unreferenced = true;
  return is_news;
}

void observed_cancel(Observed *observed, PyObject *joins) {
  settle(observed);
  observed->is_asked = true;
  observed->request = observed->is_running ? REQUEST_IN_STEP : REQUEST_TO_WAITER;
  site_clear(&observed->requester);
  observed->requester = site_of_caller();
  Py_XINCREF(joins);
  Py_XDECREF(observed->joins);
  observed->joins = joins;
}

void observed_settle(void) {
  while (observing.first_lost) settle(observing.first_lost);
}

Tally observed_tally(void) { return observing.tally; }
