#pragma once
/*
 * Trial: one run of the program with at most one fault in it, in a process of its own, which ends with the run.
 */
#include "runtime/compat.h"
#include "runtime/orders.h"
#include "runtime/plan.h"
#include "runtime/probe.h"

typedef enum {
  MAIN_EXITED, /* the process ended before the run did */
  MAIN_RETURNED,
  MAIN_RAISED,
  MAIN_CANCELLED,
  MAIN_HUNG,     /* nothing will wake the program any more */
  MAIN_LIVELOCK, /* it ran far longer than without a fault */
  MAIN_KILLED,   /* its time was up */
  MAIN_CRASHED,  /* by a signal */
  MAIN_END_COUNT,
} MainEnd;

typedef enum {
  TARGET_NOT_REACHED,
  TARGET_RUNNING,
  TARGET_RETURNED,
  TARGET_RAISED,
  TARGET_CANCELLED,
  TARGET_END_COUNT,
} TargetEnd;

enum { MAX_OUTCOME_VALUE = 200 };

/* How a run ended; in shared memory. */
typedef struct {
  MainEnd main;
  TargetEnd target;
  uint32_t steps;
  uint32_t leaked; /* tasks that were left running, beyond those that the undisturbed run leaves */
  uint32_t tasks, cancellations, propagated;
  double clock;    /* seconds that went by */
  bool is_foreign; /* a loop ran that cannot be observed */
  ProbeSeen probe;
  uint32_t path;                     /* which lines ran, as a hash, if that was asked for */
  char value[MAX_OUTCOME_VALUE + 1]; /* what main returned or raised */
} Outcome;

typedef struct {
  Plan plan;
  const Orders *orders;
  Ledger *ledger;
  bool is_recorded;     /* what happens goes into the ledger */
  bool is_traced;       /* the lines that run are of interest */
  bool is_silent;       /* nothing is reported */
  const Outcome *usual; /* of the undisturbed run; NULL in that one itself */
  Outcome *outcome;
} Trial;

/* Requires clock_install. False with an error set if the program cannot be watched for this. */
bool trial_install(void);

/* From now on, the steps of the program's tasks belong to this trial, which stays where it is. */
void trial_begin(const Trial *trial);

/* Ends the process after the program has. `result` is what it gave; NULL with its error set. */
_Noreturn void trial_end(PyObject *result);
