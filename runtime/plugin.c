#include "runtime/plugin.h"

#include <errno.h>
#include <fcntl.h>

#include "runtime/choices.h"
#include "runtime/clock.h"
#include "runtime/coro.h"
#include "runtime/report.h"
#include "runtime/rerun.h"
#include "runtime/seen.h"

/* How a test has gone so far: the worst of its phases. */
typedef enum { OUTCOME_NONE, OUTCOME_PASSED, OUTCOME_SKIPPED, OUTCOME_FAILED } Outcome;

static const char *const outcome_words[] = { "", "passed", "skipped", "failed" };

static struct {
  Checker checker;
  PyObject *module; /* borrowed: this module, which is never unloaded */
  bool is_installed;
  Orders orders; /* what to do besides looking on */
  long swept;    /* tests */
  long met;      /* of these, those that came by where faults were put */
  long runs;     /* of all of them */
  int depth; /* sessions under way: tests of plugins run pytest in pytest. The first one counts */
  bool is_controller; /* the tests run in other processes, those of pytest-xdist */
  PyObject *seen;     /* owned: in all tests so far */
  PyObject *test;     /* owned: the name of the one that runs; NULL between tests */
  Outcome outcome;    /* its own */
  long tasks;         /* that had been seen when it began */
  PyObject *summary;  /* owned: what is shown at the end; NULL before it */
} session;

/* True if the test is one that this process is to look at. */
static bool is_observing(void) { return session.depth == 1 && !session.is_controller; }

static PyObject *none(void) { Py_RETURN_NONE; }

/* For a hook that cannot do its work: an error is set if none is. */
static PyObject *failed(const char *what) {
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, what);
  return NULL;
}

static void replace(PyObject **place, PyObject *value) {
  PyObject *last = *place;
  Py_XINCREF(value);
  *place = value;
  Py_XDECREF(last);
}

/* config.getoption(name): a new reference. */
static PyObject *option_of(PyObject *config, const char *name) {
  return PyObject_CallMethod(config, "getoption", "s", name);
}

/* The folder that pytest was started in, as a new string. */
static PyObject *start_folder(PyObject *config) {
  PyObject *how = PyObject_GetAttrString(config, "invocation_params");
  PyObject *folder = how ? PyObject_GetAttrString(how, "dir") : NULL;
  PyObject *text = folder ? PyObject_Str(folder) : NULL;
  Py_XDECREF(folder);
  Py_XDECREF(how);
  return text;
}

/* config.pluginmanager.`method`(name): a new reference. */
static PyObject *ask_plugins(PyObject *config, const char *method, const char *name) {
  PyObject *manager = PyObject_GetAttrString(config, "pluginmanager");
  PyObject *answer = manager ? PyObject_CallMethod(manager, method, "s", name) : NULL;
  Py_XDECREF(manager);
  return answer;
}

/* --- the beginning --------------------------------------------------------------------------------- */

static void remember(const Line *line) {
  if (session.seen && session.depth <= 1) seen_add(session.seen, line, session.test);
}

/* Before anything of the tests is imported, if the plugin is there so early. Tests that are not swept go by the real clock. */
static bool install(PyObject *options) {
  if (session.is_installed) return true;
  if (!(session.seen = seen_new()) || !choices_read(options, &session.orders)) return false;
  report_listen(remember);
  session.is_installed = session.checker.install(&session.orders);
  if (session.is_installed && session.orders.is_sweep) clock_run_real();
  return session.is_installed;
}

static PyObject *load_initial_conftests(PyObject *self, PyObject *config) {
  (void)self;
  PyObject *options = PyObject_GetAttrString(config, "known_args_namespace");
  bool is_installed = options && install(options);
  Py_XDECREF(options);
  return is_installed ? none() : failed("asyncio is not as it was known");
}

static PyObject *addoption(PyObject *self, PyObject *parser) {
  (void)self;
  return choices_add(parser) ? none() : failed("options cannot be added");
}

/* The file belongs to all processes in which tests run: the one that they belong to makes it anew, the others append. */
static bool open_file(PyObject *path, bool is_worker) {
  PyObject *name = PyUnicode_EncodeFSDefault(path);
  const char *text = name ? PyBytes_AsString(name) : NULL;
  int flags = O_WRONLY | O_CREAT | O_APPEND | (is_worker ? 0 : O_TRUNC);
  int descriptor = text ? open(text, flags, 0666) : -1;
  if (text && descriptor < 0) PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
  else if (text) report_open(descriptor);
  Py_XDECREF(name);
  return descriptor >= 0;
}

/* What awry runs tests for, it reads from a pipe. Programs that the tests start do not hear of it. */
static void open_pipe(void) {
  PyObject *environment = imported("os", "environ");
  PyObject *word =
    environment ? PyObject_CallMethod(environment, "pop", "sO", "AWRY_REPORT", Py_None) : NULL;
  PyObject *number = word && word != Py_None ? PyNumber_Long(word) : NULL;
  if (number) report_open((int)PyLong_AsLong(number));
  if (PyErr_Occurred()) PyErr_Clear();
  Py_XDECREF(number);
  Py_XDECREF(word);
  Py_XDECREF(environment);
}

static bool open_report(PyObject *config) {
  PyObject *path = option_of(config, "awry_report");
  bool is_worker = PyObject_HasAttr(config, names.workerinput);
  bool is_open = path && (path == Py_None || open_file(path, is_worker));
  if (path == Py_None && !is_worker) open_pipe();
  Py_XDECREF(path);
  return is_open;
}

static PyObject *configure(PyObject *self, PyObject *config) {
  (void)self;
  if (++session.depth > 1) return none();
  PyObject *options = PyObject_GetAttrString(config, "option");
  bool is_installed = options && install(options);
  Py_XDECREF(options);
  if (!is_installed) return failed("asyncio is not as it was known");
  if (!open_report(config)) return failed("the report cannot be opened");
  Line line;
  line_begin(&line, "start");
  line_send(&line);
  return none();
}

static PyObject *unconfigure(PyObject *self, PyObject *config) {
  (void)self;
  (void)config;
  session.depth--;
  return none();
}

/* Takes what a worker of pytest-xdist hands over when it ends. */
static PyObject *take_over(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *node, *error;
  if (!PyArg_ParseTuple(arguments, "OO", &node, &error)) return NULL;
  PyObject *output = attribute_of(node, names.workeroutput);
  PyObject *seen = output && PyDict_Check(output) ? PyDict_GetItemString(output, "awry") : NULL;
  bool is_merged = !seen || seen_merge(session.seen, seen); /* borrowed */
  Py_XDECREF(output);
  return is_merged ? none() : failed("what a worker has seen cannot be read");
}

/* A plugin of its own: without pytest-xdist its hook would be unknown. */
static bool add_take_over(PyObject *config) {
  PyObject *plugin = PyModule_New("awry_workers");
  PyObject *hook = plugin ? PyObject_GetAttrString(session.module, "_testnodedown") : NULL;
  bool is_set = hook && PyObject_SetAttrString(plugin, "pytest_testnodedown", hook) == 0;
  PyObject *manager = is_set ? PyObject_GetAttrString(config, "pluginmanager") : NULL;
  PyObject *done =
    manager ? PyObject_CallMethod(manager, "register", "Os", plugin, "awry_workers") : NULL;
  Py_XDECREF(done);
  Py_XDECREF(manager);
  Py_XDECREF(hook);
  Py_XDECREF(plugin);
  return done != NULL;
}

static PyObject *sessionstart(PyObject *self, PyObject *started) {
  (void)self;
  if (session.depth != 1) return none();
  PyObject *config = PyObject_GetAttrString(started, "config");
  PyObject *answer = config ? ask_plugins(config, "hasplugin", "dsession") : NULL;
  session.is_controller = answer == Py_True;
  bool is_ready = answer && (!session.is_controller || add_take_over(config));
  Py_XDECREF(answer);
  Py_XDECREF(config);
  return is_ready ? none() : failed("the plugins cannot be asked");
}

/* --- the tests ------------------------------------------------------------------------------------- */

/* Before the test has its turn. */
static PyObject *sweep_test(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *item, *next;
  long runs = 0;
  if (!PyArg_ParseTuple(arguments, "OO", &item, &next)) return NULL;
  if (!is_observing() || !session.orders.is_sweep) return none();
  PyObject *name = PyObject_GetAttrString(item, "nodeid");
  if (!name) return NULL;
  report_set_test(name);
  bool is_swept = rerun_test(&session.orders, item, next, session.seen, &runs);
  report_set_test(NULL);
  Py_DECREF(name);
  const long baseline = 2;
  session.swept++;
  session.met += runs > baseline;
  session.runs += runs;
  return is_swept ? none() : failed("the test cannot be swept");
}

static PyObject *logstart(PyObject *self, PyObject *test) {
  (void)self;
  if (!is_observing()) return none();
  replace(&session.test, test);
  report_set_test(test);
  session.outcome = OUTCOME_NONE;
  session.tasks = observed_tally().tasks;
  return none();
}

/* Of its set-up, the test itself, and what comes behind it. */
static PyObject *logreport(PyObject *self, PyObject *report) {
  (void)self;
  if (!is_observing()) return none();
  PyObject *word = PyObject_GetAttrString(report, "outcome");
  if (!word) return NULL;
  for (Outcome outcome = OUTCOME_PASSED; outcome <= OUTCOME_FAILED; outcome++) {
    bool is_it = PyUnicode_CompareWithASCIIString(word, outcome_words[outcome]) == 0;
    if (is_it && outcome > session.outcome) session.outcome = outcome;
  }
  Py_DECREF(word);
  return none();
}

/* What a test with tasks has left is collected, so that what gets lost with it counts for this test; objects that are
   older than the test are left for the end: collecting them takes its time. */
static void collect_garbage(void) {
  if (observed_tally().tasks == session.tasks) return;
  PyObject *collect = imported("gc", "collect");
  PyObject *count = collect ? PyObject_CallFunction(collect, "i", 1) : NULL;
  if (!count) PyErr_Clear();
  Py_XDECREF(count);
  Py_XDECREF(collect);
}

static PyObject *logfinish(PyObject *self, PyObject *test) {
  (void)self;
  (void)test;
  if (!is_observing()) return none();
  collect_garbage();
  observed_settle();
  Line line;
  line_begin(&line, "test");
  line_add_text(&line, "outcome", outcome_words[session.outcome]);
  line_send(&line);
  report_set_test(NULL);
  replace(&session.test, NULL);
  return none();
}

/* --- the end --------------------------------------------------------------------------------------- */

/* A worker hands over what it has seen. */
static bool hand_over(PyObject *config) {
  PyObject *output = attribute_of(config, names.workeroutput);
  bool is_set = !output || PyDict_SetItemString(output, "awry", session.seen) == 0;
  Py_XDECREF(output);
  return is_set;
}

static bool has_color(PyObject *config) {
  PyObject *reporter = ask_plugins(config, "getplugin", "terminalreporter");
  PyObject *color = reporter ? attribute_of(reporter, names.hasmarkup) : NULL;
  if (!reporter) PyErr_Clear();
  Py_XDECREF(color);
  Py_XDECREF(reporter);
  return color == Py_True;
}

static bool summarise(PyObject *config) {
  PyObject *runtime = PyObject_GetAttrString(session.module, "__file__");
  PyObject *folder = runtime ? start_folder(config) : NULL;
  PyObject *text = folder ? seen_render(session.seen, folder, runtime, has_color(config)) : NULL;
  Py_XDECREF(folder);
  Py_XDECREF(runtime);
  if (text) replace(&session.summary, text);
  Py_XDECREF(text);
  return text != NULL;
}

/* Under --awry-strict what was seen is a failure. */
static bool judge(PyObject *started, PyObject *config, long status) {
  const int tests_failed = 1;
  PyObject *strict = option_of(config, "awry_strict");
  bool is_failure = strict == Py_True && PyUnicode_GetLength(session.summary) > 0 && status == 0;
  Py_XDECREF(strict);
  if (!is_failure) return strict != NULL;
  PyObject *text = PyUnicode_FromFormat("%UThe run fails: --awry-strict.", session.summary);
  PyObject *number = PyLong_FromLong(tests_failed);
  bool is_set = text && number && PyObject_SetAttrString(started, "exitstatus", number) == 0;
  if (is_set) replace(&session.summary, text);
  Py_XDECREF(number);
  Py_XDECREF(text);
  return is_set;
}

static PyObject *sessionfinish(PyObject *self, PyObject *arguments) {
  (void)self;
  PyObject *started;
  long status;
  if (!PyArg_ParseTuple(arguments, "Ol", &started, &status)) return NULL;
  if (session.depth != 1) return none();
  session.checker.finish();
  PyObject *config = PyObject_GetAttrString(started, "config");
  if (!config) return NULL;
  bool is_worker = PyObject_HasAttr(config, names.workeroutput);
  bool is_done =
    is_worker ? hand_over(config) : summarise(config) && judge(started, config, status);
  Py_DECREF(config);
  return is_done ? none() : failed("what was seen cannot be shown");
}

/* reporter.write_line for each line of the text. */
static bool write_lines(PyObject *reporter, PyObject *text) {
  PyObject *lines = PyUnicode_Splitlines(text, 0);
  Py_ssize_t count = lines ? PyList_Size(lines) : 0;
  bool is_written = lines != NULL;
  for (Py_ssize_t i = 0; is_written && i < count; i++) {
    PyObject *line = PyList_GetItem(lines, i); /* borrowed */
    PyObject *done = PyObject_CallMethod(reporter, "write_line", "O", line);
    is_written = done != NULL;
    Py_XDECREF(done);
  }
  Py_XDECREF(lines);
  return is_written;
}

static bool write_sweep(PyObject *reporter) {
  if (session.swept == 0) return true;
  PyObject *text = PyUnicode_FromFormat(
    "%ld tests swept in %ld runs; %ld came by where a fault can be put.",
    session.swept,
    session.runs,
    session.met
  );
  bool is_written = text && write_lines(reporter, text);
  Py_XDECREF(text);
  return is_written;
}

static PyObject *terminal_summary(PyObject *self, PyObject *reporter) {
  (void)self;
  bool is_known = session.depth == 1 && session.summary;
  if (!is_known || (PyUnicode_GetLength(session.summary) == 0 && session.swept == 0)) return none();
  PyObject *done = PyObject_CallMethod(reporter, "section", "s", "seen by awry");
  bool is_written = done && write_lines(reporter, session.summary) && write_sweep(reporter);
  Py_XDECREF(done);
  return is_written ? none() : NULL;
}

/* --- the hooks ------------------------------------------------------------------------------------- */

/* pytest takes nothing for a hook but functions of Python, and reads from them which arguments they want. */
static const char declarations[] =
  "def pytest_addoption(parser): _addoption(parser)\n"
  "def pytest_load_initial_conftests(early_config): _load_initial_conftests(early_config)\n"
  "def pytest_configure(config): _configure(config)\n"
  "def pytest_unconfigure(config): _unconfigure(config)\n"
  "def pytest_sessionstart(session): _sessionstart(session)\n"
  "def pytest_runtest_protocol(item, nextitem): _sweep_test(item, nextitem)\n"
  "def pytest_runtest_logstart(nodeid): _logstart(nodeid)\n"
  "def pytest_runtest_logreport(report): _logreport(report)\n"
  "def pytest_runtest_logfinish(nodeid): _logfinish(nodeid)\n"
  "def pytest_sessionfinish(session, exitstatus): _sessionfinish(session, exitstatus)\n"
  "def pytest_terminal_summary(terminalreporter): _terminal_summary(terminalreporter)\n"
  "def _testnodedown(node, error): _take_over(node, error)\n";

static PyMethodDef functions[] = {
  { "_addoption", addoption, METH_O, NULL },
  { "_load_initial_conftests", load_initial_conftests, METH_O, NULL },
  { "_configure", configure, METH_O, NULL },
  { "_unconfigure", unconfigure, METH_O, NULL },
  { "_sessionstart", sessionstart, METH_O, NULL },
  { "_sweep_test", sweep_test, METH_VARARGS, NULL },
  { "_logstart", logstart, METH_O, NULL },
  { "_logreport", logreport, METH_O, NULL },
  { "_logfinish", logfinish, METH_O, NULL },
  { "_sessionfinish", sessionfinish, METH_VARARGS, NULL },
  { "_terminal_summary", terminal_summary, METH_O, NULL },
  { "_take_over", take_over, METH_VARARGS, NULL },
  { 0 },
};

static bool declare_hooks(PyObject *module) {
  PyObject *space = PyModule_GetDict(module); /* borrowed */
  PyObject *builtins = PyImport_ImportModule("builtins");
  bool is_ready = builtins && PyDict_SetItemString(space, "__builtins__", builtins) == 0;
  PyObject *code =
    is_ready ? Py_CompileString(declarations, "<awry_runtime>", Py_file_input) : NULL;
  PyObject *done = code ? PyEval_EvalCode(code, space, space) : NULL;
  Py_XDECREF(done);
  Py_XDECREF(code);
  Py_XDECREF(builtins);
  return done != NULL;
}

bool plugin_add(PyObject *module, const Checker *checker) {
  session.checker = *checker;
  session.module = module;
  return PyModule_AddFunctions(module, functions) == 0 && declare_hooks(module);
}
