#pragma once
/*
 * Waiting: who waits for a run at a terminal sees after a second how far it has come, on one line of standard error that goes
 * away with the end. Nothing is shown where nobody looks: in a file, a pipe, or on a CI machine.
 */
#include "base/thread.h"
#include "project/pool.h"

/* Stays in its place until waiting_end. */
typedef struct {
  PoolProgress progress;
  bool is_shown;
  Thread thread;
  Monitor monitor;
  bool is_over; /* guarded by the monitor */
} Waiting;

/* Returns what the run tells how far it has come; NULL if nobody looks. */
PoolProgress *waiting_begin(Waiting *waiting);
/* Takes the line away. */
void waiting_end(Waiting *waiting);
