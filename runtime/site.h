#pragma once
/*
 * Site: a line of the observed program, as the code object that it belongs to and its number. All functions leave no
 * error behind; call them between error_save and error_restore.
 */
#include "runtime/compat.h"

typedef struct {
  PyObject *code; /* owned; NULL: no place is known */
  long line;      /* 0: unknown */
} Site;

/* Whose code it is. */
typedef enum {
  CODE_USER,     /* of the program */
  CODE_ASYNCIO,  /* of the event loop */
  CODE_STANDARD, /* of the rest of the standard library, and what has no file */
  CODE_LIBRARY,  /* installed */
} CodeOwner;

/* False with an error set if it cannot be told where the standard library lies. */
bool site_install(void);

CodeOwner code_owner(PyObject *code);
CodeOwner file_owner(PyObject *file);
/* CODE_STANDARD for no place at all. */
CodeOwner site_owner(const Site *site);

/* Each result belongs to the caller: site_clear. */
Site site_of_frame(PyObject *frame);
/* The line at which a traceback's frame was left. */
Site site_of_traceback(PyObject *traceback);
/* The outermost frame that an exception has reached: where it was caught. */
Site site_of_catcher(PyObject *exception);
/* The innermost frame of a traceback, which may be NULL: where the exception was raised. */
Site site_of_raiser(PyObject *traceback);
/* Who calls asyncio just now, as in `asyncio.create_task(…)`; nowhere if that is asyncio itself. */
Site site_of_caller(void);
/* The place of an instruction: of its line, or of the first line behind it if it has none. */
Site site_of_instruction(PyObject *code, long offset);

Site site_copy(const Site *site);
void site_clear(Site *site);

/* New references or NULL: the file's name, the function's qualified name (before 3.11 its name). */
PyObject *site_file(const Site *site);
PyObject *site_function(const Site *site);
