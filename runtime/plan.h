#pragma once
/*
 * Plan: which faults to put into a program, one in each run. What the undisturbed run passes is kept in a ledger, in memory
 * that the processes of a sweep share; the plans come of that. Plain C: no object of the interpreter is known here.
 */
#include <stdbool.h>
#include <stdint.h>

typedef enum {
  PLAN_NONE,            /* the program runs undisturbed */
  PLAN_CANCEL,          /* a task is asked to cancel while it waits for the n-th time */
  PLAN_RAISE_END,       /* a task fails when it would have returned */
  PLAN_RAISE_FIRST,     /* a task fails where it first waits for anything but other tasks */
  PLAN_CHILD_RAISES,    /* the n-th child of a gather fails when it would have returned */
  PLAN_CHILD_CANCELLED, /* the result of that child is a CancelledError */
  PLAN_KIND_COUNT,
} PlanKind;

/* As reports name it. */
extern const char *const plan_names[PLAN_KIND_COUNT];

/* A text in the ledger; 0 is the empty one. */
typedef uint32_t TextId;

typedef struct {
  TextId file, function;
  uint32_t line;
  uint32_t
    callers; /* a hash of the places through which the code got here; the same place is another by another way */
} Place;

/* Tasks (and gathers) have numbers, in the order in which they are made, the same in each run. */
typedef struct {
  uint32_t number;
  uint32_t occurrence; /* of the wait, or of the child; from 1 */
} Point;

typedef enum {
  ENTRY_WAIT,   /* a task waits here */
  ENTRY_TASK,   /* a task is made here */
  ENTRY_GATHER, /* a gather is made here; a point for each child */
  ENTRY_LEAK,   /* a task made here is left running when the main task ends */
} EntryKind;

enum { MAX_POINTS = 3 };

/* All that happened of one kind at one place in tasks of one function. */
typedef struct {
  EntryKind kind;
  Place at;
  TextId task;              /* the function that the task runs */
  uint32_t count;           /* how often */
  uint32_t seen;            /* for whoever counts again in another run */
  Point points[MAX_POINTS]; /* the first, the second and the last */
} Entry;

typedef struct {
  PlanKind kind;
  Point point;
  Place at;
  TextId task;
} Plan;

typedef struct Ledger Ledger;

/* NULL if there is no memory. */
Ledger *ledger_new(void);
void ledger_free(Ledger *ledger);

/* The text's number, which is the same for the same text; a ledger that is full has the empty one for all. */
TextId ledger_text(Ledger *ledger, const char *text);
const char *ledger_text_of(const Ledger *ledger, TextId text);

/* What is known of the place; NULL if nothing is. */
Entry *ledger_find(Ledger *ledger, EntryKind kind, const Place *at, TextId task);
/* Adds a point to what is known of it. A ledger that is full passes over new places. */
void ledger_add(Ledger *ledger, EntryKind kind, const Place *at, TextId task, Point point);
/* Sets `seen` of all entries to 0. */
void ledger_begin_run(Ledger *ledger);
/* How many points were recorded of that kind, also those that no plan is made of. */
uint32_t ledger_points(const Ledger *ledger, EntryKind kind);

/* Makes the plans of the kinds that are asked for (PLANS_… in orders.h), those of the same kind in the order in which the
   program came by. */
void ledger_make_plans(Ledger *ledger, unsigned kinds);
uint32_t ledger_plan_count(const Ledger *ledger);
Plan ledger_plan(const Ledger *ledger, uint32_t index);
