#pragma once
/*
 * Probe: an exception put among the results of a gather(…, return_exceptions=True), and what the program does with it. There
 * is one in each run whose plan is about a child of a gather: the child fails with it, or it is a CancelledError that takes
 * the place of the child's result before anybody is woken.
 */
#include "runtime/coro.h"
#include "runtime/orders.h"
#include "runtime/plan.h"

/* What has become of the probe, and what the program has told others; in shared memory. */
typedef struct {
  bool is_given;      /* it is among the results */
  bool is_touched;    /* somebody looked at it, in whatever way */
  bool is_used;       /* as if it were a result */
  bool is_recognised; /* a test said that it is an exception */
  bool is_returned;   /* main has given it away, in what it returned */
  bool is_gone;       /* nobody holds it any more */
  Place missed; /* the test that takes other errors, and did not take it; line 0: there was none */
  uint32_t logged;  /* what was logged, as a hash */
  uint32_t handled; /* calls of the loop's exception handler */
} ProbeSeen;

typedef struct {
  PlanKind kind;
  Point point; /* number of the gather, and of the child */
  const Orders *orders;
  Ledger *ledger;
  bool is_recorded; /* gathers are */
  ProbeSeen *seen;
} ProbeRun;

/* Requires hook_install. False with an error set if there can be no probes. */
bool probe_install(void);

/* From now on, gathers are watched for this run. */
void probe_begin(ProbeRun run);

/* True if the task is the child that the plan is about. */
bool probe_is_for(const Observed *observed);
/* Raises the probe in the place of a child's result. */
void probe_raise(void);
/* What is shown from now on is what main has returned. */
void probe_see_end(void);

/* How a run ended, compared with the undisturbed one. */
typedef struct {
  bool is_different; /* in anything that can be seen from outside */
  bool
    is_type_error; /* main ended with an error as values of the wrong type cause them, and did not before */
} ProbeEnd;

/* Reports what the probe has shown. To be called in the process that waits for the run. */
void probe_judge(const ProbeSeen *seen, const Plan *plan, const Ledger *ledger, ProbeEnd end);
