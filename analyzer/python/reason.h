#pragma once
/*
 * Reason: why nothing goes wrong where a rule looked: one plain sentence about what happens at run
 * time, in lower case and without a full stop ("the task is cancelled just before and awaited
 * here"). `awry check --explain-silence` shows it.
 *
 * A question whose answer speaks for the code returns a Reason: NULL where nothing does, so that it
 * reads as the answer no. One that looks for a fault takes a `Reason *why`, which it sets where it
 * finds none although it looked at the code, and leaves alone where the code is none of its
 * concern.
 *
 * A Reason is a literal, so that it costs nothing where nobody asks.
 */
#include <stdbool.h>

typedef const char *Reason;

/* The answer of a question that found no fault: `return no_fault(why, "…")`. */
static inline bool no_fault(Reason *why, Reason reason) {
  *why = reason;
  return false;
}
