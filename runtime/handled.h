#pragma once
/*
 * Handled: what became of an exception that was thrown into a coroutine. Is some `except`, `finally` or `with` still
 * busy with it? And which line caught it? All functions leave no error behind; call them between error_save and
 * error_restore.
 */
#include "runtime/site.h"

/* Chooses how handlers are seen: sys.monitoring from 3.12 on, sys.settrace before. False with an error set if there is neither. */
bool handled_install(void);

/* True if some frame that the suspended coroutine waits in is still handling the exception. */
bool exception_is_in_hand(PyObject *coroutine, PyObject *exception);

/*
 * Watches for the handler of one exception while a coroutine runs. Watches nest, as steps of eager tasks do.
 */
typedef struct Watch Watch;
struct Watch {
  PyObject *exception; /* borrowed from who watches */
  Site handler;        /* owned: the last one that took the exception; nowhere if none did */
  /* Where tracing is used, else NULL: */
  PyObject *reached; /* owned: the frame that it reached last, until a handler there begins */
  PyObject *frames;  /* owned: a list of the frames that are traced */
  PyObject *tracer;  /* owned: the program's own trace function */
  Watch *outer;      /* borrowed */
};

void watch_begin(Watch *watch, PyObject *exception);
/* The handler belongs to the caller: site_clear. */
Site watch_end(Watch *watch);
