#include "runtime/recorder.h"

#include <string.h>

#include "runtime/chain.h"
#include "runtime/task.h"

/* The text in the ledger; `text` is taken over and may be NULL. */
static TextId text_of(Ledger *ledger, PyObject *text) {
  PyObject *bytes = text ? PyUnicode_AsEncodedString(text, "utf-8", "replace") : NULL;
  char *data = "";
  if (!bytes || PyBytes_AsStringAndSize(bytes, &data, NULL) < 0) PyErr_Clear();
  TextId id = ledger_text(ledger, data);
  Py_XDECREF(bytes);
  Py_XDECREF(text);
  return id;
}

Place recorder_place(Ledger *ledger, const Site *site) {
  return (Place){
    .file = text_of(ledger, site_file(site)),
    .function = text_of(ledger, site_function(site)),
    .line = (uint32_t)site->line,
  };
}

TextId recorder_task(Ledger *ledger, const Observed *observed) {
  PyObject *coroutine = observed_coroutine(observed);
  Site site = { .code = coroutine ? attribute_of(coroutine, names.cr_code) : NULL };
  TextId id = text_of(ledger, site_function(&site));
  site_clear(&site);
  return id;
}

/* --- what is meant --------------------------------------------------------------------------------- */

typedef struct {
  const Orders *orders;
  Site innermost;   /* owned: of the program's own code */
  uint32_t callers; /* of those further out */
  bool is_meant;    /* some frame lies where the orders say */
} Waiting;

bool recorder_is_meant(const Orders *orders, const Site *site) {
  if (orders->first > 0 && site->line < orders->first) return false;
  if (orders->last > 0 && site->line > orders->last) return false;
  if (!orders->file[0]) return true;
  PyObject *file = site_file(site);
  bool is_file = file && PyUnicode_CompareWithASCIIString(file, orders->file) == 0;
  if (file && !is_file) {
    PyObject *wanted = PyUnicode_DecodeFSDefault(orders->file);
    is_file = wanted && PyUnicode_Compare(file, wanted) == 0;
    Py_XDECREF(wanted);
    PyErr_Clear();
  }
  Py_XDECREF(file);
  return is_file;
}

/* Recursion counts once, however deep it is. */
static void add_caller(Waiting *waiting, const Site *next) {
  const Site *site = &waiting->innermost;
  bool is_same = site->code == next->code && site->line == next->line;
  if (!site->code || is_same) return;
  uint32_t place = (uint32_t)((uintptr_t)site->code >> 4) + (uint32_t)site->line;
  waiting->callers = (waiting->callers ^ place) * 16777619u;
}

static void see_frame(void *context, PyObject *frame) {
  Waiting *waiting = context;
  Site site = site_of_frame(frame);
  if (site_owner(&site) != CODE_USER) {
    site_clear(&site);
    return;
  }
  if (!waiting->is_meant) waiting->is_meant = recorder_is_meant(waiting->orders, &site);
  add_caller(waiting, &site);
  site_clear(&waiting->innermost);
  waiting->innermost = site;
}

/* --- steps ----------------------------------------------------------------------------------------- */

/* A task begins its life. Whether the main one fails is up to the program's user. */
static void record_task(Ledger *ledger, const Observed *observed) {
  const Site *created = observed_created(observed);
  if (site_owner(created) != CODE_USER || observed_is_main(observed)) return;
  Place at = recorder_place(ledger, created);
  Point point = { .number = observed_number(observed), .occurrence = 1 };
  ledger_add(ledger, ENTRY_TASK, &at, recorder_task(ledger, observed), point);
}

static void record_wait(Ledger *ledger, const Observed *observed, const Waiting *waiting) {
  Place at = recorder_place(ledger, &waiting->innermost);
  at.callers = waiting->callers;
  Point point = { observed_number(observed), observed_waits(observed) };
  ledger_add(ledger, ENTRY_WAIT, &at, recorder_task(ledger, observed), point);
}

void recorder_see_step(
  Ledger *ledger, const Orders *orders, const Observed *observed, StepEnd end
) {
  if (!observed_is_user(observed) || observed_is_asked(observed)) return;
  Waiting waiting = { .orders = orders };
  if (end == STEP_YIELDED) chain_visit(observed_coroutine(observed), see_frame, &waiting);
  bool is_first = observed_waits(observed) == (end == STEP_YIELDED ? 1 : 0);
  bool is_task_meant = waiting.is_meant || recorder_is_meant(orders, observed_created(observed));
  if (is_first && is_task_meant) record_task(ledger, observed);
  if (end == STEP_YIELDED && waiting.is_meant) record_wait(ledger, observed, &waiting);
  site_clear(&waiting.innermost);
}

/* --- what is left ---------------------------------------------------------------------------------- */

static bool is_left(const Observed *observed, PyObject *task) {
  return observed_is_user(observed) && !observed_is_asked(observed) &&
    !is_true_of(task, names.done) && site_owner(observed_created(observed)) == CODE_USER;
}

void recorder_visit_left(const Observed *main, LeftVisitor visit, void *context) {
  PyObject *tasks = task_all();
  for (Py_ssize_t i = 0; tasks && i < PyList_Size(tasks); i++) {
    PyObject *task = PyList_GetItem(tasks, i); /* borrowed */
    Observed *observed = task_observed(task);
    if (observed && observed != main && is_left(observed, task)) visit(context, observed);
  }
  Py_XDECREF(tasks);
}
