#pragma once
/*
 * Sessions: how often each place of the program makes a client session of aiohttp or httpx, how many requests those
 * sessions make, and which of them nobody closes.
 */
#include "runtime/compat.h"

/* Watches for the libraries, whenever the program imports them. False with an error set if that cannot be done. */
bool sessions_install(void);

/* Says what was seen of all sessions, once: nothing more will come. Otherwise it says so when the interpreter exits, after the
   program's own functions for that. Leaves no error behind. */
void sessions_settle(void);
