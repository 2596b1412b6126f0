#pragma once
/*
 * Checker: all observers together, whoever runs the program.
 */
#include "runtime/compat.h"

/* Puts all observers in place, after compat_install. False with an error set if this interpreter cannot be observed. */
bool checker_install(void);

/* Lets each say what is left to say: nothing more will come of the program. Leaves no error behind. */
void checker_settle(void);
