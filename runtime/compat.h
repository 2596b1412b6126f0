#pragma once
/*
 * Compat: Python's stable ABI as of 3.8, and what differs between the interpreters that load it. Everything here
 * includes this instead of Python.h.
 *
 * Rule for whoever observes: between the interpreter and its program nothing may be lost. Each function that the
 * interpreter calls while an exception may be pending begins with error_save and ends with error_restore; what lies
 * between them may call what it likes and must not leave an error behind.
 */
#include <Python.h>
#include <stdbool.h>

/* Every attribute and word that is looked up at run time, interned once. */
#define RUNTIME_NAMES(NAME) \
  NAME(__await__) \
  NAME(__loader__) \
  NAME(__name__) \
  NAME(__self__) \
  NAME(_asyncio_awaited_by) \
  NAME(_children) \
  NAME(_coro) \
  NAME(_exception) \
  NAME(_fut_waiter) \
  NAME(_selector) \
  NAME(add_done_callback) \
  NAME(ag_await) \
  NAME(ag_frame) \
  NAME(call_soon) \
  NAME(cancel) \
  NAME(cancelling) \
  NAME(close) \
  NAME(co_filename) \
  NAME(co_firstlineno) \
  NAME(co_flags) \
  NAME(co_lines) \
  NAME(co_lnotab) \
  NAME(co_name) \
  NAME(co_qualname) \
  NAME(co_varnames) \
  NAME(cr_await) \
  NAME(cr_code) \
  NAME(cr_frame) \
  NAME(cr_origin) \
  NAME(done) \
  NAME(f_back) \
  NAME(f_code) \
  NAME(f_lineno) \
  NAME(f_locals) \
  NAME(f_trace) \
  NAME(get_map) \
  NAME(gi_frame) \
  NAME(gi_yieldfrom) \
  NAME(hasmarkup) \
  NAME(is_closed) \
  NAME(select) \
  NAME(levelno) \
  NAME(result) \
  NAME(send) \
  NAME(tb_frame) \
  NAME(tb_lasti) \
  NAME(tb_lineno) \
  NAME(tb_next) \
  NAME(throw) \
  NAME(value) \
  NAME(workerinput) \
  NAME(workeroutput)

typedef struct {
#define RUNTIME_NAME_FIELD(name) PyObject *name; /* owned, for ever */
  RUNTIME_NAMES(RUNTIME_NAME_FIELD)
#undef RUNTIME_NAME_FIELD
} Names;

extern Names names;

/* False with an error set if the interpreter lacks what nothing here can do without. */
bool compat_install(void);

/* True from Python 3.`minor` on. */
bool python_is_at_least(int minor);

/* The exception that was pending at error_save. */
typedef struct {
  PyObject *type, *value, *traceback; /* owned until error_restore */
} PendingError;

PendingError error_save(void);
/* An error that the code in between left behind is dropped. */
void error_restore(PendingError *pending);

/* The functions below are for code between error_save and error_restore: they leave no error behind. */

/* A new reference, or NULL if there is no such attribute. */
PyObject *attribute_of(PyObject *object, PyObject *name);
/* The attribute as a number; `otherwise` if it is none. */
long number_of(PyObject *object, PyObject *name, long otherwise);
/* What the method returns when it is called without arguments; NULL if it raises. A new reference. */
PyObject *result_of(PyObject *object, PyObject *name);
/* The same as a truth value, false if it raises. */
bool is_true_of(PyObject *object, PyObject *name);
/* An attribute of a module, which is imported if need be; a new reference or NULL. */
PyObject *imported(const char *module, const char *name);

/* How a coroutine left off; the numbers are those of PySendResult. */
typedef enum {
  STEP_RAISED = -1,
  STEP_RETURNED = 0,
  STEP_YIELDED = 1,
} StepEnd;

/* Resumes the coroutine. `result` gets a new reference: what it returned or yielded; NULL and a pending error if it
   raised. */
StepEnd coroutine_send(PyObject *coroutine, PyObject *value, PyObject **result);
StepEnd coroutine_throw(PyObject *coroutine, PyObject *arguments, PyObject **result);

/* Raises StopIteration(value), whatever the value is; takes over the reference. */
void raise_stop_iteration(PyObject *value);

/* The slot by which a C caller sends; known from Python 3.10 on (the headers of 3.8 do not have it). */
enum { SLOT_AM_SEND = 81 };
