#pragma once
/*
 * Hook: an object in the place of a function that calls the one it stands for, and lets somebody look. In a class it is
 * a method; whatever is asked of it, it answers as the function would.
 */
#include "runtime/compat.h"

/* Looks at the arguments of a call. Runs between error_save and error_restore. */
typedef void (*BeforeCall)(PyObject *arguments);
/* The same after a call that has returned. */
typedef void (*AfterCall)(PyObject *arguments, PyObject *result);
/* Does what the function would have done: a new reference, or NULL with an error set. */
typedef PyObject *(*InsteadOfCall)(PyObject *arguments);
/* The same with all that is needed to call it; `options` may be NULL. */
typedef PyObject *(*AroundCall)(PyObject *original, PyObject *arguments, PyObject *options);

/* False with an error set if the type cannot be made. */
bool hook_install(void);

/* Each puts a hook in the place of owner.name. False, and nothing is changed, if there is no such thing or it cannot be
   replaced; an owner that is NULL has nothing. No error is left behind. */
bool hook_before(PyObject *owner, const char *name, BeforeCall observer);
bool hook_after(PyObject *owner, const char *name, AfterCall observer);
bool hook_instead(PyObject *owner, const char *name, InsteadOfCall substitute);
bool hook_around(PyObject *owner, const char *name, AroundCall substitute);
