#include "runtime/loop.h"

#include <sys/wait.h>

#include "runtime/clock.h"
#include "runtime/hook.h"
#include "runtime/report.h"

/* Rounds without a wait after which the program is thought to wait for an hour by looking again and again; then each round
   takes so many seconds. */
enum { MAX_BUSY_ROUNDS = 1000 };
static const double BUSY_ROUND = 1e-3;

/* How long, in real seconds, what happens outside may take: work of other threads and processes, which comes to an end by
   itself, and what comes in by an open socket, where nobody knows whether anything will. */
static const double WORK_PATIENCE = 3, SOCKET_PATIENCE = 0.5, SOCKET_WAIT = 0.02;

static struct {
  LoopListener listener;
  PyObject *job_done; /* owned: the callback of jobs */
  long jobs;          /* that executors have been given and are not done with */
  long busy_rounds;
  double patience; /* real seconds that may still be waited for outer work, until something comes */
  bool has_run;
} loops;

/* --- what can come from outside -------------------------------------------------------------------- */

/* True if a thread does nothing but wait for work of an executor, or is the main one. */
static bool is_idle_thread(PyObject *thread, PyObject *workers) {
  PyObject *main_thread = imported("threading", "main_thread");
  PyObject *main = main_thread ? PyObject_CallObject(main_thread, NULL) : NULL;
  bool is_idle = thread == main || (workers && PySequence_Contains(workers, thread) > 0);
  Py_XDECREF(main);
  Py_XDECREF(main_thread);
  PyErr_Clear();
  return is_idle;
}

/* True if other threads may have something to tell. What executors do is known by their jobs. */
static bool has_busy_threads(void) {
  PyObject *enumerate = imported("threading", "enumerate");
  PyObject *threads = enumerate ? PyObject_CallObject(enumerate, NULL) : NULL;
  Py_ssize_t count = threads ? PyList_Size(threads) : 0;
  PyObject *workers = count > 1 ? imported("concurrent.futures.thread", "_threads_queues") : NULL;
  bool is_busy = false;
  for (Py_ssize_t i = 0; count > 1 && i < count && !is_busy; i++) {
    is_busy = !is_idle_thread(PyList_GetItem(threads, i), workers);
  }
  Py_XDECREF(workers);
  Py_XDECREF(threads);
  Py_XDECREF(enumerate);
  PyErr_Clear();
  return is_busy;
}

/* True if processes are under way that the program has started. One that has ended, and that nobody has asked for its status,
   hides the others. */
static bool has_children(void) {
  siginfo_t ended = { .si_pid = 0 };
  return waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
}

/* More than the socket by which other threads wake the loop. */
static bool has_sockets(PyObject *select) {
  PyObject *selector = attribute_of(select, names.__self__);
  PyObject *map = selector ? result_of(selector, names.get_map) : NULL;
  Py_ssize_t count = map ? PyObject_Size(map) : 0;
  Py_XDECREF(map);
  Py_XDECREF(selector);
  PyErr_Clear();
  return count > 1;
}

/* How many real seconds the loop may wait for what is outside, if it is willing to wait so long. */
static double real_wait(PyObject *select, double seconds) {
  bool has_work = loops.jobs > 0 || has_children() || has_busy_threads();
  double limit = has_work ? loops.patience : 0;
  if (limit <= 0 && has_sockets(select)) {
    limit = seconds < Py_HUGE_VAL ? SOCKET_WAIT : SOCKET_PATIENCE;
  }
  return seconds < limit ? seconds : limit;
}

/* --- the selector ---------------------------------------------------------------------------------- */

/* What the real select() has; NULL with an error set, or without one if there is nothing. */
static PyObject *select_for(PyObject *select, double seconds) {
  PyObject *timeout = PyFloat_FromDouble(seconds);
  PyObject *events = timeout ? PyObject_CallFunctionObjArgs(select, timeout, NULL) : NULL;
  Py_XDECREF(timeout);
  if (!events || PyObject_Size(events) != 0) {
    loops.busy_rounds = 0;
    loops.patience = WORK_PATIENCE;
    return events;
  }
  Py_DECREF(events);
  return NULL;
}

static void count_busy_round(void) {
  if (++loops.busy_rounds <= MAX_BUSY_ROUNDS) return;
  clock_advance(BUSY_ROUND);
  loops.listener.waited();
}

/* Nothing has come: time passes, or stands still for ever. */
static void pass_time(PyObject *select, double seconds) {
  if (seconds == Py_HUGE_VAL) {
    loops.listener.hangs(has_sockets(select));
  } else if (seconds > 0) {
    clock_advance(seconds);
    loops.listener.waited();
  }
}

/* select(timeout) of a loop; `self` is the selector's own. */
static PyObject *virtual_select(PyObject *self, PyObject *timeout) {
  double seconds = timeout == Py_None ? Py_HUGE_VAL : PyFloat_AsDouble(timeout);
  bool is_virtual = clock_is_virtual() && clock_is_own_thread() && !PyErr_Occurred();
  PyErr_Clear();
  if (!is_virtual) return PyObject_CallFunctionObjArgs(self, timeout, NULL);
  PyObject *events = select_for(self, 0);
  if (events || PyErr_Occurred()) return events;
  if (seconds <= 0) {
    count_busy_round();
    return PyList_New(0);
  }
  loops.busy_rounds = 0;
  double wait = real_wait(self, seconds);
  if (wait > 0) {
    events = select_for(self, wait);
    if (events || PyErr_Occurred()) return events;
    loops.patience -= wait;
  }
  pass_time(self, seconds);
  return PyList_New(0);
}

static PyMethodDef select_function = { "select", virtual_select, METH_O, NULL };

/* --- loops ----------------------------------------------------------------------------------------- */

static bool is_virtual_select(PyObject *function) {
  bool is_ours = PyCFunction_Check(function) && PyCFunction_GetFunction(function) == virtual_select;
  PyErr_Clear();
  return is_ours;
}

static bool attach(PyObject *loop) {
  PyObject *selector = attribute_of(loop, names._selector);
  PyObject *select = selector ? attribute_of(selector, names.select) : NULL;
  bool is_attached = select && is_virtual_select(select);
  if (select && !is_attached) {
    PyObject *substitute = PyCFunction_New(&select_function, select);
    is_attached = substitute && PyObject_SetAttr(selector, names.select, substitute) == 0;
    Py_XDECREF(substitute);
    PyErr_Clear();
  }
  Py_XDECREF(select);
  Py_XDECREF(selector);
  return is_attached;
}

static void give_up(const char *why) {
  if (!clock_is_virtual()) return;
  clock_run_real();
  report_unsupported(why);
}

/* loop: the next round of it. */
static void see_round(PyObject *arguments) {
  PyObject *loop = PyTuple_GetItem(arguments, 0); /* borrowed */
  if (!clock_is_own_thread()) {
    give_up("virtual time: the program runs a loop in another thread; its waits are real ones");
  } else if (loop && clock_is_virtual()) {
    loops.has_run = true;
    if (!attach(loop)) give_up("virtual time: the loop does not wait by a selector of its own");
  }
}

/* loop, executor, function, …: what an executor has been given. */
static void see_job(PyObject *arguments, PyObject *future) {
  (void)arguments;
  PyObject *added =
    PyObject_CallMethodObjArgs(future, names.add_done_callback, loops.job_done, NULL);
  if (added) loops.jobs++;
  Py_XDECREF(added);
}

static PyObject *see_job_done(PyObject *self, PyObject *future) {
  (void)self, (void)future;
  loops.jobs--;
  Py_RETURN_NONE;
}

static PyMethodDef job_done_function = { "job_done", see_job_done, METH_O, NULL };

bool loop_install(LoopListener listener) {
  loops.listener = listener;
  loops.patience = WORK_PATIENCE;
  loops.job_done = PyCFunction_New(&job_done_function, NULL);
  if (!loops.job_done) return false;
  PyObject *loop = imported("asyncio", "BaseEventLoop");
  bool is_hooked =
    hook_before(loop, "_run_once", see_round) && hook_after(loop, "run_in_executor", see_job);
  Py_XDECREF(loop);
  if (!is_hooked) PyErr_SetString(PyExc_RuntimeError, "asyncio's loop is not as it was known");
  return is_hooked;
}

bool loop_has_run(void) { return loops.has_run; }
