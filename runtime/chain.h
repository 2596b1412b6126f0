#pragma once
/*
 * Chain: what a suspended coroutine waits in, from its own frame to the innermost one. All functions leave no error behind;
 * call them between error_save and error_restore.
 */
#include "runtime/site.h"

/* Longer chains are not followed to their ends. */
enum { MAX_CHAIN = 1000 };

/* False with an error set if the interpreter does not tell what objects refer to. */
bool chain_install(void);

/* What the collector says that the object refers to: a new list, or NULL. */
PyObject *referents_of(PyObject *object);

/* What a coroutine, a generator or the like waits for; a new reference or NULL. */
PyObject *chain_next(PyObject *awaiter);

/* Shows the visitor each frame that the coroutine waits in, the innermost one last. */
typedef void (*FrameVisitor)(void *context, PyObject *frame);
void chain_visit(PyObject *coroutine, FrameVisitor visit, void *context);

/* The innermost place in the program's own code; nowhere if there is none. Belongs to the caller. */
Site chain_user_site(PyObject *coroutine);
