#pragma once
/*
 * Clock: the time that the program sees while it is swept. It stands still while code runs and jumps over what is waited
 * for, so that each run of a program sees the same hours, and none has to wait for them.
 *
 * Only the thread that installs it may turn it forward.
 */
#include <stdbool.h>

/* Puts this clock in the place of the functions of `time` and of the event loop's. False with an error set. */
bool clock_install(void);

/* False once clock_run_real was called: real time goes by, from where the clock was. */
bool clock_is_virtual(void);
void clock_run_real(void);

/* The clock is virtual again, and as it was when it was installed. */
void clock_restart(void);

/* Seconds since the clock was installed. */
double clock_elapsed(void);

/* Turns it forward, by more than nothing. */
void clock_advance(double seconds);

/* True in the thread that installed it. */
bool clock_is_own_thread(void);
