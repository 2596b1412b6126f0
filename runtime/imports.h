#pragma once
/*
 * Imports: tells when a package has been imported, before the program can use it.
 */
#include "runtime/compat.h"

/* Gets the name as it was given and the module, or NULL if its import cannot be watched. Runs between error_save and
   error_restore. */
typedef void (*ImportObserver)(const char *package, PyObject *module);

/* Calls the observer once: now if the package is there, or when its first import is done. False with an error set if
   imports cannot be watched. The name must live for ever. */
bool import_watch(const char *package, ImportObserver observer);
