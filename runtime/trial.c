#include "runtime/trial.h"

#include <string.h>
#include <unistd.h>

#include "runtime/chain.h"
#include "runtime/checker.h"
#include "runtime/clock.h"
#include "runtime/loop.h"
#include "runtime/paths.h"
#include "runtime/probe.h"
#include "runtime/recorder.h"
#include "runtime/sessions.h"
#include "runtime/siblings.h"
#include "runtime/task.h"

/* Waiting tasks that are told of when a program hangs. */
enum { MAX_WAITING = 30 };

/* Limits of a run, beyond which it is thought not to end: of the undisturbed one, and of others and of what follows the end of
   main, compared with what there was so far. The clock goes by seconds. */
enum { MAX_FIRST_STEPS = 5000000, TRIAL_FACTOR = 10, TRIAL_STEPS = 10000, TRIAL_CLOCK = 3600 };
static const double MAX_FIRST_CLOCK = 1e9;

static struct {
  const Trial *trial;  /* borrowed; NULL until the first one begins */
  PyObject *injected;  /* owned: the exception that tasks are made to fail with */
  PyObject *cancelled; /* owned: asyncio.CancelledError */
  PyObject *current;   /* owned: asyncio.get_running_loop */
  PyObject *waiters;   /* owned: a set of functions that wait for tasks in ways of their own */
  uint32_t steps;
  uint32_t max_steps; /* beyond which it is thought that the program will not end */
  double max_clock;
  bool is_put_in; /* the fault */
} trials;

/* --- the end of a run ------------------------------------------------------------------------------ */

static void flush_stream(const char *name) {
  PyObject *stream = PySys_GetObject(name); /* borrowed */
  PyObject *done = stream ? PyObject_CallMethod(stream, "flush", NULL) : NULL;
  Py_XDECREF(done);
  PyErr_Clear();
}

/* Nothing of the program runs any more, also not what it has registered for the end of the interpreter. */
static _Noreturn void leave(void) {
  Outcome *outcome = trials.trial->outcome;
  checker_settle();
  sessions_settle();
  flush_stream("stdout");
  flush_stream("stderr");
  Tally tally = observed_tally();
  outcome->tasks = (uint32_t)tally.tasks;
  outcome->cancellations = (uint32_t)tally.cancellations;
  outcome->propagated = (uint32_t)tally.propagated;
  outcome->steps = trials.steps;
  outcome->clock = clock_elapsed();
  bool is_swapped = trials.trial->plan.kind == PLAN_CHILD_CANCELLED && outcome->probe.is_given;
  if (is_swapped) outcome->target = TARGET_CANCELLED;
  _exit(0);
}

/* True at ` at 0x7f…`, where Python shows the address of an object. */
static bool is_address(const char *text) { return strncmp(text, " at 0x", 6) == 0; }

/* Copies the text without addresses, which are others in each run; what is too long is cut. */
static void set_value(Outcome *outcome, const char *text) {
  size_t length = 0;
  while (*text && length < MAX_OUTCOME_VALUE) {
    if (is_address(text)) text += 6 + strspn(text + 6, "0123456789abcdef");
    else outcome->value[length++] = *text++;
  }
  while (*text && length > 0 && ((unsigned char)*text & 0xC0) == 0x80) {
    text = &outcome->value[--length]; /* no half characters */
  }
  outcome->value[length] = '\0';
}

/* Takes over the text, which may be NULL. */
static void set_value_object(Outcome *outcome, PyObject *text) {
  PyObject *bytes = text ? PyUnicode_AsEncodedString(text, "utf-8", "replace") : NULL;
  char *data = "";
  if (!bytes || PyBytes_AsStringAndSize(bytes, &data, NULL) < 0) PyErr_Clear();
  set_value(outcome, data);
  Py_XDECREF(bytes);
  Py_XDECREF(text);
}

static MainEnd end_of_error(PyObject *type) {
  if (PyErr_GivenExceptionMatches(type, PyExc_SystemExit)) return MAIN_EXITED;
  bool is_cancelled = PyErr_GivenExceptionMatches(type, trials.cancelled) != 0;
  return is_cancelled ? MAIN_CANCELLED : MAIN_RAISED;
}

/* `Type: text` of the pending error, which is shown as Python does if nobody asked for it. */
static void take_error(Outcome *outcome) {
  PyObject *type, *error, *traceback;
  PyErr_Fetch(&type, &error, &traceback);
  PyErr_NormalizeException(&type, &error, &traceback);
  outcome->main = end_of_error(type);
  PyObject *name = PyObject_GetAttrString(type, "__name__");
  PyObject *text = error ? PyObject_Str(error) : NULL;
  bool is_bare = !text || PyUnicode_GetLength(text) == 0;
  PyErr_Clear();
  set_value_object(
    outcome, is_bare ? PyUnicode_FromFormat("%S", name) : PyUnicode_FromFormat("%S: %S", name, text)
  );
  Py_XDECREF(text);
  Py_XDECREF(name);
  bool is_shown = trials.trial->plan.kind == PLAN_NONE && outcome->main == MAIN_RAISED;
  PyErr_Restore(type, error, traceback);
  if (is_shown) PyErr_PrintEx(0);
  PyErr_Clear();
}

void trial_end(PyObject *result) {
  Outcome *outcome = trials.trial->outcome;
  if (!result) {
    take_error(outcome);
  } else {
    outcome->main = MAIN_RETURNED;
    probe_see_end();
    set_value_object(outcome, PyObject_Repr(result));
    Py_DECREF(result);
  }
  PyErr_Clear();
  PyGC_Collect(); /* what nobody holds any more tells of itself */
  leave();
}

/* --- programs that do not end ---------------------------------------------------------------------- */

static void report_task(const char *kind, const Observed *observed, const char *then) {
  Site at = chain_user_site(observed_coroutine(observed));
  if (at.code) {
    Line line;
    line_begin(&line, kind);
    line_add_site(&line, "at", &at);
    line_add_observed(&line, observed);
    if (then) line_add_text(&line, "then", then);
    if (observed_is_main(observed)) line_add_number(&line, "is_main", 1);
    line_send(&line);
  }
  site_clear(&at);
}

/* Those that cannot go on, the first ones first. */
static void see_hang(bool has_sockets) {
  PendingError pending = error_save();
  PyObject *tasks = task_all();
  Py_ssize_t count = tasks ? PyList_Size(tasks) : 0;
  const char *then = has_sockets ? "sockets are open" : NULL;
  for (Py_ssize_t i = 0; i < count && i < MAX_WAITING; i++) {
    Observed *observed = task_observed(PyList_GetItem(tasks, i)); /* borrowed */
    if (observed && observed_is_user(observed)) report_task("hung", observed, then);
  }
  Py_XDECREF(tasks);
  trials.trial->outcome->main = MAIN_HUNG;
  error_restore(&pending);
  leave();
}

/* The tasks that were asked to stop and have not; if there are none, the main task, which looks for something again and
   again. */
static void see_livelock(void) {
  PendingError pending = error_save();
  PyObject *tasks = task_all();
  Py_ssize_t count = tasks ? PyList_Size(tasks) : 0, ignoring = 0;
  for (Py_ssize_t i = 0; i < count && ignoring < MAX_WAITING; i++) {
    Observed *observed = task_observed(PyList_GetItem(tasks, i)); /* borrowed */
    if (!observed || !observed_is_user(observed) || !observed_is_asked(observed)) continue;
    report_task("cancel-ignored", observed, NULL);
    ignoring++;
  }
  for (Py_ssize_t i = 0; i < count && ignoring == 0; i++) {
    Observed *observed = task_observed(PyList_GetItem(tasks, i)); /* borrowed */
    if (observed && observed_is_main(observed)) report_task("hung", observed, "polls");
  }
  Py_XDECREF(tasks);
  trials.trial->outcome->main = MAIN_LIVELOCK;
  error_restore(&pending);
  leave();
}

static void judge_time(void) {
  if (trials.trial && clock_elapsed() > trials.max_clock) see_livelock();
}

static void judge_hang(bool has_sockets) {
  if (trials.trial) see_hang(has_sockets);
}

/* --- faults ---------------------------------------------------------------------------------------- */

/* Asks the task to cancel in the same round: the loop does it before anything else can wake the task. */
static void cancel_soon(PyObject *task) {
  PyObject *loop = PyObject_CallObject(trials.current, NULL);
  PyObject *cancel = loop ? PyObject_GetAttr(task, names.cancel) : NULL;
  PyObject *handle =
    cancel ? PyObject_CallMethodObjArgs(loop, names.call_soon, cancel, NULL) : NULL;
  Py_XDECREF(handle);
  Py_XDECREF(cancel);
  Py_XDECREF(loop);
  PyErr_Clear();
}

/* The arguments of a throw(); NULL with an error set. */
static PyObject *new_fault(void) {
  PyObject *error = PyObject_CallFunction(trials.injected, "s", "put in by the sweep");
  PyObject *arguments = error ? PyTuple_Pack(1, error) : NULL;
  Py_XDECREF(error);
  return arguments;
}

static StepEnd raise_fault(PyObject **result) {
  PyObject *arguments = new_fault();
  Py_CLEAR(*result);
  if (arguments) PyErr_SetObject(trials.injected, PyTuple_GetItem(arguments, 0));
  Py_XDECREF(arguments);
  return STEP_RAISED;
}

static StepEnd throw_fault(const Observed *observed, PyObject **result) {
  PyObject *arguments = new_fault();
  if (!arguments) {
    PyErr_Clear();
    return STEP_YIELDED;
  }
  Py_CLEAR(*result);
  StepEnd end = coroutine_throw(observed_coroutine(observed), arguments, result);
  Py_DECREF(arguments);
  return end;
}

static void see_waiting_function(void *context, PyObject *frame) {
  PyObject *code = attribute_of(frame, names.f_code);
  PyObject *name = code ? attribute_of(code, names.co_name) : NULL;
  bool is_waiter = name && PySet_Contains(trials.waiters, name) > 0;
  *(bool *)context = is_waiter && code_owner(code) == CODE_ASYNCIO;
  Py_XDECREF(name);
  Py_XDECREF(code);
}

/* True if the task waits for what could fail by itself: not for other tasks, which do not fail in its place. */
static bool waits_for_outside(const Observed *observed, PyObject *yielded) {
  PendingError pending = error_save();
  bool has_children = PyObject_HasAttr(yielded, names._children);
  bool waits_for_tasks = has_children || PyObject_HasAttr(yielded, names._coro);
  if (!waits_for_tasks) {
    chain_visit(observed_coroutine(observed), see_waiting_function, &waits_for_tasks);
  }
  error_restore(&pending);
  return !waits_for_tasks;
}

/* Puts the fault in if this is its step. */
static StepEnd put_in(const Observed *observed, StepEnd end, PyObject **result) {
  const Plan *plan = &trials.trial->plan;
  if (plan->kind == PLAN_CANCEL && end == STEP_YIELDED) {
    PyObject *task = observed_task(observed);
    if (observed_waits(observed) != plan->point.occurrence || !task) return end;
    trials.is_put_in = true;
    cancel_soon(task);
  } else if (plan->kind == PLAN_RAISE_END && end == STEP_RETURNED) {
    trials.is_put_in = true;
    return raise_fault(result);
  } else if (plan->kind == PLAN_CHILD_RAISES && end == STEP_RETURNED) {
    trials.is_put_in = true;
    Py_CLEAR(*result);
    probe_raise();
    return STEP_RAISED;
  } else if (plan->kind == PLAN_RAISE_FIRST && end == STEP_YIELDED && waits_for_outside(observed, *result)) {
    trials.is_put_in = true;
    return throw_fault(observed, result);
  }
  return end;
}

/* What has become of the task that the fault was put into. */
static void follow_target(StepEnd end) {
  Outcome *outcome = trials.trial->outcome;
  if (!trials.is_put_in) return;
  outcome->target = TARGET_RUNNING;
  if (end == STEP_RETURNED) outcome->target = TARGET_RETURNED;
  if (end != STEP_RAISED) return;
  bool is_cancelled = PyErr_ExceptionMatches(trials.cancelled) != 0;
  outcome->target = is_cancelled ? TARGET_CANCELLED : TARGET_RAISED;
}

/* --- steps ----------------------------------------------------------------------------------------- */

/* However long the program has run, it is not to run many times as long from now on. */
static void allow(uint32_t steps, double clock) {
  uint32_t more_steps = steps * TRIAL_FACTOR + TRIAL_STEPS;
  double more_clock = clock * TRIAL_FACTOR + TRIAL_CLOCK;
  if (more_steps < trials.max_steps) trials.max_steps = more_steps;
  if (more_clock < trials.max_clock) trials.max_clock = more_clock;
}

/* A task is left running: in the undisturbed run that is how it is. */
static void see_left(void *context, const Observed *observed) {
  const Trial *trial = trials.trial;
  Place at = recorder_place(trial->ledger, observed_created(observed));
  TextId task = recorder_task(trial->ledger, observed);
  if (trial->is_recorded) {
    ledger_add(trial->ledger, ENTRY_LEAK, &at, task, (Point){ observed_number(observed), 1 });
  }
  Entry *known = ledger_find(trial->ledger, ENTRY_LEAK, &at, task);
  if (known && known->seen++ < known->count) return;
  trial->outcome->leaked++;
  bool is_reported = *(bool *)context && !siblings_see_leak(observed);
  if (is_reported) report_task("task-leaked", observed, NULL);
}

/* Where main has failed, asyncio.run is there to cancel the rest: that is no leak, but may be of interest. */
static void see_main_end(const Observed *observed, StepEnd end) {
  bool is_reported = end == STEP_RETURNED;
  recorder_visit_left(observed, see_left, &is_reported);
  allow(trials.steps, clock_elapsed());
}

static void look_on(const Observed *observed, StepEnd end, PyObject *result) {
  const Trial *trial = trials.trial;
  PendingError pending = error_save();
  if (!loop_has_run()) trial->outcome->is_foreign = true;
  if (trial->is_recorded) recorder_see_step(trial->ledger, trial->orders, observed, end);
  siblings_see(observed, end, end == STEP_YIELDED ? result : NULL);
  if (observed_is_main(observed) && end != STEP_YIELDED) see_main_end(observed, end);
  error_restore(&pending);
}

/* True if the fault is to be put into this task. */
static bool is_planned(const Observed *observed) {
  const Plan *plan = &trials.trial->plan;
  if (plan->kind == PLAN_NONE || plan->kind == PLAN_CHILD_CANCELLED) return false;
  if (plan->kind == PLAN_CHILD_RAISES) return probe_is_for(observed);
  return observed_number(observed) == plan->point.number;
}

static StepEnd see_step(Observed *observed, StepEnd end, PyObject **result) {
  const Trial *trial = trials.trial;
  bool is_target = is_planned(observed);
  if (is_target && !trials.is_put_in) end = put_in(observed, end, result);
  if (is_target) follow_target(end);
  look_on(observed, end, *result);
  trial->outcome->steps = ++trials.steps;
  trial->outcome->clock = clock_elapsed();
  if (trials.steps > trials.max_steps) see_livelock();
  return end;
}

/* --- installation ---------------------------------------------------------------------------------- */

/* A new set; NULL with an error set. */
static PyObject *waiter_names(void) {
  static const char *const functions[] = { "wait",   "wait_for",      "_wait",           "gather",
                                           "shield", "_wait_for_one", "_cancel_and_wait" };
  PyObject *set = PySet_New(NULL);
  for (size_t i = 0; set && i < sizeof(functions) / sizeof(*functions); i++) {
    PyObject *name = PyUnicode_FromString(functions[i]);
    if (!name || PySet_Add(set, name) < 0) Py_CLEAR(set);
    Py_XDECREF(name);
  }
  return set;
}

bool trial_install(void) {
  trials.injected = PyErr_NewException("awry_runtime.InjectedError", NULL, NULL);
  trials.cancelled = imported("asyncio", "CancelledError");
  trials.current = imported("asyncio", "get_running_loop");
  trials.waiters = waiter_names();
  if (!trials.injected || !trials.cancelled || !trials.current || !trials.waiters) return false;
  LoopListener listener = { .hangs = judge_hang, .waited = judge_time };
  return loop_install(listener) && siblings_install() && probe_install() && paths_install();
}

void trial_begin(const Trial *trial) {
  trials.trial = trial;
  trials.steps = 0;
  trials.is_put_in = false;
  trials.max_steps = MAX_FIRST_STEPS;
  trials.max_clock = MAX_FIRST_CLOCK;
  if (trial->usual) allow(trial->usual->steps, trial->usual->clock);
  observed_watch(see_step);
  probe_begin((ProbeRun){
    .kind = trial->plan.kind,
    .point = trial->plan.point,
    .orders = trial->orders,
    .ledger = trial->ledger,
    .is_recorded = trial->is_recorded,
    .seen = &trial->outcome->probe,
  });
  if (trial->is_traced) paths_begin(&trial->outcome->path);
}
