#pragma once
/*
 * Recorder: what the program passes, as places in the ledger. All functions leave no error behind; call them between
 * error_save and error_restore.
 */
#include "runtime/coro.h"
#include "runtime/orders.h"
#include "runtime/plan.h"

/* The site as the ledger has it. */
Place recorder_place(Ledger *ledger, const Site *site);
/* The function that the task runs. */
TextId recorder_task(Ledger *ledger, const Observed *observed);

/* True if the orders include the place. */
bool recorder_is_meant(const Orders *orders, const Site *site);

/* A step of a task of the program has ended: what faults could be put in here, if the orders include the place. */
void recorder_see_step(Ledger *ledger, const Orders *orders, const Observed *observed, StepEnd end);

/* The tasks that are left running when the main task ends: calls `leaves` for each. */
typedef void (*LeftVisitor)(void *context, const Observed *observed);
void recorder_visit_left(const Observed *main, LeftVisitor visit, void *context);
