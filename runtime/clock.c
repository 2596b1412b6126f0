#include "runtime/clock.h"

#include <math.h>
#include <time.h>

#include "runtime/coro.h"

/* What `time.monotonic` shows at first: a machine that was on for a day. */
static const double START = 100000;

/* What passes at each look that the program takes at the clock, or a loop that waits for an hour to come would never end. */
static const double LOOK = 1e-6;

static struct {
  double now;         /* virtual */
  double real_offset; /* of the clock from the real one, once it runs with it */
  double wall_offset; /* of `time.time` from it */
  bool is_real;
  PyObject *said; /* owned: a set of the places whose time.sleep has been reported */
} program_clock;

static __thread bool is_own_thread;

static double real_time(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double now(void) {
  if (program_clock.is_real) return real_time(CLOCK_MONOTONIC) + program_clock.real_offset;
  return program_clock.now;
}

bool clock_is_virtual(void) { return !program_clock.is_real; }

void clock_run_real(void) {
  if (program_clock.is_real) return;
  program_clock.real_offset = program_clock.now - real_time(CLOCK_MONOTONIC);
  program_clock.is_real = true;
}

void clock_restart(void) {
  program_clock.now = START;
  program_clock.is_real = false;
}

double clock_elapsed(void) { return now() - START; }

void clock_advance(double seconds) {
  /* At a late hour, a short time added to it may be no time at all. */
  double next = nextafter(program_clock.now, INFINITY);
  program_clock.now = fmax(next, program_clock.now + seconds);
}

bool clock_is_own_thread(void) { return is_own_thread; }

/* --- what the program calls ------------------------------------------------------------------------ */

static CodeOwner owner_of_caller(void) {
  PendingError pending = error_save();
  PyObject *frame = (PyObject *)PyEval_GetFrame(); /* borrowed */
  PyObject *code = frame ? attribute_of(frame, names.f_code) : NULL;
  CodeOwner owner = code ? code_owner(code) : CODE_STANDARD;
  Py_XDECREF(code);
  error_restore(&pending);
  return owner;
}

static double look(void) {
  double seen = now();
  if (clock_is_own_thread()) program_clock.now += LOOK;
  return seen;
}

static PyObject *nanoseconds(double seconds) {
  return PyLong_FromLongLong((long long)(seconds * 1e9));
}

/* What the standard library waits for (locks, processes, queues) passes in real time, and it counts it by these. `self` is
   the real function. */
static PyObject *steady_seconds(PyObject *self, PyObject *none) {
  (void)none;
  if (owner_of_caller() == CODE_STANDARD) return PyObject_CallObject(self, NULL);
  return PyFloat_FromDouble(look());
}

static PyObject *steady_nanoseconds(PyObject *self, PyObject *none) {
  (void)none;
  if (owner_of_caller() == CODE_STANDARD) return PyObject_CallObject(self, NULL);
  return nanoseconds(look());
}

/* Nobody waits by the time of day: it is for all. */
static PyObject *wall_seconds(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  return PyFloat_FromDouble(look() + program_clock.wall_offset);
}

static PyObject *wall_nanoseconds(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  return nanoseconds(look() + program_clock.wall_offset);
}

/* The loop looks at the clock as often as it likes: that costs no time. */
static PyObject *loop_seconds(PyObject *self, PyObject *none) {
  (void)self, (void)none;
  bool is_of_loop = owner_of_caller() == CODE_ASYNCIO;
  return PyFloat_FromDouble(is_of_loop ? now() : look());
}

/* True at the first time. */
static bool is_news(const Site *site) {
  PyObject *key = Py_BuildValue("Nl", PyLong_FromVoidPtr(site->code), site->line);
  bool is_new = key && PySet_Contains(program_clock.said, key) == 0;
  if (is_new && PySet_Add(program_clock.said, key) < 0) PyErr_Clear();
  Py_XDECREF(key);
  return is_new;
}

static void report_sleep(void) {
  PendingError pending = error_save();
  Site site = site_of_caller();
  if (site_owner(&site) == CODE_USER && is_loop_running() && is_news(&site)) {
    Line line;
    line_begin(&line, "blocking-call");
    line_add_site(&line, "at", &site);
    line_add_text(&line, "what", "time.sleep");
    line_send(&line);
  }
  site_clear(&site);
  error_restore(&pending);
}

static PyObject *virtual_sleep(PyObject *self, PyObject *duration) {
  double seconds = PyFloat_AsDouble(duration);
  if (seconds < 0 || !clock_is_own_thread() || program_clock.is_real) {
    PyErr_Clear();
    return PyObject_CallFunctionObjArgs(self, duration, NULL);
  }
  if (seconds > 0) report_sleep();
  clock_advance(seconds);
  Py_RETURN_NONE;
}

/* --- installation ---------------------------------------------------------------------------------- */

static PyMethodDef functions[] = {
  { "time", wall_seconds, METH_NOARGS, NULL },
  { "time_ns", wall_nanoseconds, METH_NOARGS, NULL },
  { "monotonic", steady_seconds, METH_NOARGS, NULL },
  { "monotonic_ns", steady_nanoseconds, METH_NOARGS, NULL },
  { "perf_counter", steady_seconds, METH_NOARGS, NULL },
  { "perf_counter_ns", steady_nanoseconds, METH_NOARGS, NULL },
  { "sleep", virtual_sleep, METH_O, NULL },
};

static PyMethodDef loop_function = { "time", loop_seconds, METH_NOARGS, NULL };

/* A function without a class is no method: the loop calls it without arguments. */
static bool replace(PyObject *owner, PyMethodDef *function) {
  PyObject *original = PyObject_GetAttrString(owner, function->ml_name);
  PyObject *substitute = original ? PyCFunction_New(function, original) : NULL;
  bool is_set = substitute && PyObject_SetAttrString(owner, function->ml_name, substitute) == 0;
  Py_XDECREF(substitute);
  Py_XDECREF(original);
  return is_set;
}

static bool replace_functions(void) {
  PyObject *module = PyImport_ImportModule("time");
  PyObject *loop = imported("asyncio", "BaseEventLoop");
  bool is_done = module && loop && replace(loop, &loop_function);
  for (size_t i = 0; is_done && i < sizeof(functions) / sizeof(*functions); i++) {
    is_done = replace(module, &functions[i]);
  }
  Py_XDECREF(loop);
  Py_XDECREF(module);
  return is_done;
}

bool clock_install(void) {
  program_clock.now = START;
  program_clock.wall_offset = real_time(CLOCK_REALTIME) - START;
  is_own_thread = true;
  program_clock.said = PySet_New(NULL);
  if (program_clock.said && replace_functions()) return true;
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "asyncio is not as it was known");
  return false;
}
