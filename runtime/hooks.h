#pragma once
/*
 * Hooks: functions of the standard library that are called when something got lost, with an observer in front of each.
 */
#include "runtime/compat.h"

/* False with an error set if the hooks cannot be made. What this interpreter does not have is left out, and reported
   as unsupported. */
bool hooks_install(void);
