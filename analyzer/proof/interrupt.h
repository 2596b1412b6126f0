#pragma once
/*
 * Interrupts: signals that ask us to stop, held back so that what is under way can be ended in good order, and asked for
 * where that is possible.
 */
#include <signal.h>
#include <stdbool.h>

typedef struct {
  sigset_t before; /* the mask to go back to */
} Interrupts;

/* Holds back SIGINT, SIGTERM, SIGHUP and SIGQUIT from now on. */
Interrupts interrupts_hold(void);
/* Takes one that has arrived since; false if there is none. Requires: they are held back. */
bool interrupts_take(void);
/* As before: what has arrived and was not taken takes effect. */
void interrupts_release(const Interrupts *interrupts);
