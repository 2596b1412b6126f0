#include "runtime/sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "runtime/clock.h"
#include "runtime/report.h"
#include "runtime/task.h"
#include "runtime/trial.h"

/* The undisturbed run, of which everything comes, may take so many times as long as the others. */
enum { FIRST_RUN_FACTOR = 4 };

/* How often what a run has left behind is looked for: it may start more while it is being killed. */
enum { MAX_ROUNDS = 100 };

static const char *const main_names[MAIN_END_COUNT] = {
  [MAIN_EXITED] = "exited",       [MAIN_RETURNED] = "returned", [MAIN_RAISED] = "raised",
  [MAIN_CANCELLED] = "cancelled", [MAIN_HUNG] = "hung",         [MAIN_LIVELOCK] = "livelock",
  [MAIN_KILLED] = "killed",       [MAIN_CRASHED] = "crashed",
};

static const char *const target_names[TARGET_END_COUNT] = {
  [TARGET_NOT_REACHED] = "not-reached", [TARGET_RUNNING] = "running",
  [TARGET_RETURNED] = "returned",       [TARGET_RAISED] = "raised",
  [TARGET_CANCELLED] = "cancelled",
};

/* Everything that a sweep goes by. */
typedef struct {
  const Orders *orders;
  Program program;
  void *context;
  Ledger *ledger;
  Outcome *outcome;    /* of the run that goes on; shared with it */
  Outcome usual;       /* of the undisturbed run */
  uint64_t usual_hash; /* of what it printed */
  FILE *output;        /* what the run prints */
  uint64_t output_hash;
  uint32_t run; /* its number */
  SweepTotals *totals;
  double end;        /* when the time is up */
  bool has_children; /* processes that the program started when it was loaded */
} Sweep;

static double real_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- the process of one run ------------------------------------------------------------------------ */

/* The run's standard streams: nothing to read; what it prints is kept, and what it complains of shown the first time. */
static void redirect(const Sweep *sweep) {
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  if (sweep->output) dup2(fileno(sweep->output), STDOUT_FILENO);
  if (nothing >= 0 && sweep->run > 0) dup2(nothing, STDERR_FILENO);
}

/* Chance is the same in each run. */
static void seed_random(void) {
  PyObject *seed = imported("random", "seed");
  PyObject *done = seed ? PyObject_CallFunction(seed, "i", 0) : NULL;
  Py_XDECREF(done);
  Py_XDECREF(seed);
  PyErr_Clear();
}

static _Noreturn void run_program(const Sweep *sweep, const Trial *trial) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  redirect(sweep);
  seed_random();
  report_begin_run((long)sweep->run);
  if (trial->is_silent) report_open(-1);
  trial_begin(trial);
  trial_end(sweep->program(sweep->context));
}

/* --- waiting for it -------------------------------------------------------------------------------- */

/* Waits until the process has closed its end of the pipe, as it does when it ends, or the time is up. */
static void wait_for_close(int pipe_end, double seconds) {
  double end = real_now() + seconds;
  struct pollfd wanted = { .fd = pipe_end, .events = POLLIN };
  for (;;) {
    double left = end - real_now();
    int ready = left > 0 ? poll(&wanted, 1, (int)(left * 1000) + 1) : 1;
    if (ready > 0 || (ready < 0 && errno != EINTR)) return;
  }
}

/* What is left when a process ends comes to this one, which asked for that: true as long as there is something. */
static bool has_orphans(void) {
  siginfo_t information;
  return waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* The processes that the run has left behind. They are of our own group, so that they end with it where they cannot be told
   here. */
static void kill_orphans(void) {
  for (int i = 0; i < MAX_ROUNDS && has_orphans(); i++) {
    FILE *list = fopen("/proc/thread-self/children", "r");
    char number[16];
    while (list && fscanf(list, "%15s", number) == 1)
      kill((pid_t)strtol(number, NULL, 10), SIGKILL);
    if (list) fclose(list);
    poll(NULL, 0, 1);
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
  }
}

/* Waits for its end until the hour has come, and ends it then: false. It may have closed the pipe long before. */
static bool wait_for_end(pid_t child, double hour, int *status) {
  bool is_over = true;
  for (;;) {
    pid_t ended = waitpid(child, status, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) return is_over;
    if (is_over && real_now() > hour) {
      kill(child, SIGKILL);
      is_over = false;
    }
    poll(NULL, 0, 1);
  }
}

/* The end of the process, and of all that it has left behind. */
static void reap(const Sweep *sweep, pid_t child, int pipe_end, double seconds) {
  double hour = real_now() + seconds;
  int status = 0;
  wait_for_close(pipe_end, seconds);
  bool is_over = wait_for_end(child, hour, &status);
  if (!sweep->has_children) kill_orphans();
  if (!is_over) sweep->outcome->main = MAIN_KILLED;
  else if (WIFSIGNALED(status)) sweep->outcome->main = MAIN_CRASHED;
  if (is_over && WIFSIGNALED(status)) {
    snprintf(sweep->outcome->value, MAX_OUTCOME_VALUE, "signal %d", WTERMSIG(status));
  }
}

/* FNV-1a of what the run has printed; the file is empty afterwards. */
static uint64_t take_output(FILE *output) {
  uint64_t hash = 14695981039346656037u;
  unsigned char bytes[4096];
  if (!output) return hash;
  int descriptor = fileno(output);
  ssize_t count;
  off_t offset = 0;
  while ((count = pread(descriptor, bytes, sizeof(bytes), offset)) > 0) {
    offset += count;
    for (ssize_t i = 0; i < count; i++) hash = (hash ^ bytes[i]) * 1099511628211u;
  }
  if (ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0) return 0;
  return hash;
}

/* os.fork(), which tells the interpreter and the program's own hooks of it. Negative with an error set. */
static pid_t fork_process(void) {
  PyObject *fork_function = imported("os", "fork");
  PyObject *number = fork_function ? PyObject_CallObject(fork_function, NULL) : NULL;
  pid_t child = number ? (pid_t)PyLong_AsLong(number) : -1;
  Py_XDECREF(number);
  Py_XDECREF(fork_function);
  return child;
}

/* --- one run --------------------------------------------------------------------------------------- */

static void report_run(const Sweep *sweep, const Plan *plan) {
  const Outcome *outcome = sweep->outcome;
  const Ledger *ledger = sweep->ledger;
  char clock[32], output[32];
  snprintf(clock, sizeof(clock), "%.6f", outcome->clock);
  snprintf(output, sizeof(output), "%016llx", (unsigned long long)sweep->output_hash);
  report_begin_run((long)sweep->run);
  Line line;
  line_begin(&line, "run");
  line_add_text(&line, "plan", plan_names[plan->kind]);
  if (plan->kind != PLAN_NONE) {
    line_add_text(&line, "task", ledger_text_of(ledger, plan->task));
    line_add_spot(
      &line,
      "at",
      ledger_text_of(ledger, plan->at.file),
      plan->at.line,
      ledger_text_of(ledger, plan->at.function)
    );
    line_add_number(&line, "occurrence", plan->point.occurrence);
    line_add_text(&line, "target", target_names[outcome->target]);
  }
  line_add_text(&line, "main", main_names[outcome->main]);
  line_add_text(&line, "value", outcome->value);
  line_add_number(&line, "steps", outcome->steps);
  line_add_text(&line, "clock", clock);
  line_add_text(&line, "out", output);
  line_add_number(&line, "leaked", outcome->leaked);
  line_send(&line);
  report_begin_run(-1);
}

/* True if somebody outside can tell this run from the undisturbed one. */
static bool is_different(const Sweep *sweep) {
  const Outcome *usual = &sweep->usual, *outcome = sweep->outcome;
  return outcome->main != usual->main || strcmp(outcome->value, usual->value) != 0 ||
    outcome->path != usual->path || sweep->output_hash != sweep->usual_hash ||
    outcome->probe.logged != usual->probe.logged || outcome->probe.handled != usual->probe.handled;
}

/* What comes of it to call something of a value that it does not have. */
static bool is_type_error(const Outcome *outcome) {
  static const char *const errors[] = { "TypeError:", "AttributeError:" };
  for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
    if (strncmp(outcome->value, errors[i], strlen(errors[i])) == 0) return true;
  }
  return false;
}

static void judge_probe(const Sweep *sweep, const Plan *plan) {
  ProbeEnd end = {
    .is_different = is_different(sweep),
    .is_type_error = is_type_error(sweep->outcome) && !is_type_error(&sweep->usual),
  };
  report_begin_run((long)sweep->run);
  probe_judge(&sweep->outcome->probe, plan, sweep->ledger, end);
  report_begin_run(-1);
}

/* What there is to say of a run. */
static void end_run(Sweep *sweep, const Trial *trial) {
  judge_probe(sweep, &trial->plan);
  report_run(sweep, &trial->plan);
  sweep->run++;
  sweep->totals->tasks += sweep->outcome->tasks;
  sweep->totals->cancellations += sweep->outcome->cancellations;
  sweep->totals->propagated += sweep->outcome->propagated;
}

/* Runs the program once in a process of its own, and reports it. False with an error set if there can be no process. */
static bool run_once(Sweep *sweep, const Trial *trial) {
  int ends[2];
  if (pipe(ends) != 0) {
    PyErr_SetFromErrno(PyExc_OSError);
    return false;
  }
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  *sweep->outcome = (Outcome){ 0 };
  ledger_begin_run(sweep->ledger);
  pid_t child = fork_process();
  if (child == 0) {
    close(ends[0]);
    run_program(sweep, trial);
  }
  close(ends[1]);
  if (child > 0) {
    double factor = trial->plan.kind == PLAN_NONE ? FIRST_RUN_FACTOR : 1;
    reap(sweep, child, ends[0], factor * sweep->orders->run_seconds);
    sweep->output_hash = take_output(sweep->output);
    if (!trial->is_silent) end_run(sweep, trial);
  }
  close(ends[0]);
  return child > 0;
}

/* --- all runs -------------------------------------------------------------------------------------- */

static bool is_same(const Outcome *a, const Outcome *b) {
  return a->main == b->main && a->steps == b->steps && a->clock == b->clock &&
    a->leaked == b->leaked && strcmp(a->value, b->value) == 0;
}

static void report_plans(const Sweep *sweep, bool is_deterministic) {
  Line line;
  line_begin(&line, "plans");
  line_add_number(&line, "count", ledger_plan_count(sweep->ledger));
  line_add_number(&line, "points", ledger_points(sweep->ledger, ENTRY_WAIT));
  line_add_truth(&line, "deterministic", is_deterministic);
  line_send(&line);
}

/* The undisturbed run, twice. False if there is nothing to compare the others with; an error may be set. */
static bool run_baseline(Sweep *sweep, Trial *trial) {
  bool is_recorded = run_once(sweep, trial);
  sweep->usual = *sweep->outcome;
  sweep->usual_hash = sweep->output_hash;
  Outcome first = sweep->usual;
  uint64_t output = sweep->output_hash;
  bool is_usable =
    is_recorded && first.main <= MAIN_CANCELLED && first.main != MAIN_EXITED && !first.is_foreign;
  if (is_recorded && first.is_foreign)
    report_unsupported("a sweep: it runs an event loop that is not asyncio's own");
  trial->is_recorded = false;
  if (!is_usable) {
    if (is_recorded) report_plans(sweep, true);
    return false;
  }
  if (PyErr_CheckSignals() < 0 || !run_once(sweep, trial)) return false;
  first.leaked = 0; /* which is counted against the first run itself */
  bool is_deterministic = is_same(&first, sweep->outcome) && output == sweep->output_hash;
  ledger_make_plans(sweep->ledger, sweep->orders->plans);
  report_plans(sweep, is_deterministic);
  trial->usual = &sweep->usual;
  return true;
}

static bool is_about_child(const Plan *plan) {
  return plan->kind == PLAN_CHILD_RAISES || plan->kind == PLAN_CHILD_CANCELLED;
}

/* Sees which lines run without a fault, to compare those with it with: one more run, of which nothing is said. False with an error
   set if there can be no process. */
static bool trace_usual(Sweep *sweep, Trial *trial) {
  Trial traced = *trial;
  traced.plan = (Plan){ .kind = PLAN_NONE };
  traced.is_traced = true;
  traced.is_silent = true;
  trial->is_traced = true;
  bool is_run = run_once(sweep, &traced);
  sweep->usual.path = sweep->outcome->path;
  return is_run;
}

static bool run_plans(Sweep *sweep, Trial *trial) {
  for (uint32_t i = 0; i < ledger_plan_count(sweep->ledger); i++) {
    if (sweep->run >= sweep->orders->runs) sweep->totals->cut = "runs";
    if (real_now() > sweep->end) sweep->totals->cut = "seconds";
    if (sweep->totals->cut) break;
    trial->plan = ledger_plan(sweep->ledger, i);
    bool is_first_child = is_about_child(&trial->plan) && !trial->is_traced;
    if (is_first_child && !trace_usual(sweep, trial)) return false;
    if (!run_once(sweep, trial) || PyErr_CheckSignals() < 0) return false;
  }
  return true;
}

/* Memory that the processes share; NULL with an error set. */
static bool share_memory(Sweep *sweep) {
  int protection = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_ANONYMOUS;
  void *shared = mmap(NULL, sizeof(Outcome), protection, flags, -1, 0);
  sweep->ledger = ledger_new();
  if (shared == MAP_FAILED || !sweep->ledger) {
    PyErr_NoMemory();
    return false;
  }
  sweep->outcome = shared;
  sweep->output = tmpfile();
  if (sweep->output) fcntl(fileno(sweep->output), F_SETFL, O_APPEND);
  return true;
}

/* What is there before the runs is not looked at by the collector of any of them. */
static void freeze(void) {
  PyGC_Collect();
  PyObject *freeze_function = imported("gc", "freeze");
  PyObject *done = freeze_function ? PyObject_CallObject(freeze_function, NULL) : NULL;
  Py_XDECREF(done);
  Py_XDECREF(freeze_function);
  PyErr_Clear();
}

/* A process that forks while other threads hold locks may wait for these for ever. */
static bool has_threads(void) {
  PyObject *count = imported("threading", "active_count");
  PyObject *number = count ? PyObject_CallObject(count, NULL) : NULL;
  bool has_others = number && PyLong_AsLong(number) > 1;
  Py_XDECREF(number);
  Py_XDECREF(count);
  PyErr_Clear();
  return has_others;
}

static void adopt_orphans(Sweep *sweep) {
  sweep->has_children = has_orphans();
#ifdef __linux__
  prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
}

bool sweep(const Orders *orders, Program program, void *context, SweepTotals *totals) {
  *totals = (SweepTotals){ 0 };
  Sweep sweep = { .orders = orders,
                  .program = program,
                  .context = context,
                  .totals = totals,
                  .end = real_now() + orders->seconds };
  if (has_threads()) {
    report_unsupported("a sweep: it starts threads when it is loaded");
    return false;
  }
  if (!share_memory(&sweep)) return false;
  adopt_orphans(&sweep);
  freeze();
  Trial trial = {
    .orders = orders, .ledger = sweep.ledger, .is_recorded = true, .outcome = sweep.outcome
  };
  bool is_run = run_baseline(&sweep, &trial) && run_plans(&sweep, &trial);
  totals->runs = sweep.run;
  if (sweep.output) fclose(sweep.output);
  munmap(sweep.outcome, sizeof(Outcome));
  ledger_free(sweep.ledger);
  return is_run && !PyErr_Occurred();
}

bool sweep_prepare(void) {
  task_number_hashes();
  seed_random(); /* imports it */
  return true;
}

bool sweep_install(void) { return clock_install() && trial_install(); }
