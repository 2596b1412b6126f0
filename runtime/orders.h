#pragma once
/*
 * Orders: what the checker was asked to do besides looking on, as lines of `key` or `key=value`:
 *
 *   sweep                     run the program again and again, each time with one fault put into it
 *   plans=cancel,raise,child  the kinds of faults; without this line all of them
 *   file=/abs/a.py            only where a frame of this file waits,
 *   first=10  last=25         in these lines (from 1)
 *   runs=500                  at most so many runs
 *   seconds=60                at most so long for all of them
 *   run-seconds=5             at most so long for one, which is then ended
 *   offline                   clients get their answers from memory
 */
#include <limits.h>
#include <stdbool.h>

/* Kinds of plans, as they are asked for. */
enum {
  PLANS_CANCEL = 1 << 0, /* a task is cancelled at one of its waits */
  PLANS_RAISE = 1 << 1,  /* a task fails */
  PLANS_CHILD = 1 << 2,  /* one result of a gather is an exception */
};

typedef struct {
  bool is_sweep;
  bool is_offline;
  unsigned plans;
  char file[PATH_MAX]; /* empty: everywhere */
  long first, last;    /* lines; 0: no such limit */
  long runs;
  double seconds;
  double run_seconds;
} Orders;

enum { ORDERS_FAULT = 200 };

/* NULL stands for none. False, with what is wrong in `fault`, if a line cannot be understood. */
bool orders_read(const char *text, Orders *orders, char fault[ORDERS_FAULT]);
