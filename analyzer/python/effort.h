#pragma once
/*
 * Effort: what the questions about one module cost together. Each kind has a limit that grows with
 * the file, so that no text takes more than about linear time; past it answers are conservative.
 */
#include <stdbool.h>
#include <stdint.h>

typedef struct Module Module;

typedef enum {
  EFFORT_QUESTIONS, /* about uses, values and calls: points walked and occurrences found */
  EFFORT_HANDLERS,  /* points walked from where a clause takes over */
  EFFORT_SEARCHES,  /* rows of whole subtrees looked at */
  EFFORT_ELEMENTS,  /* bytes taken by answers about elements of collections */
  EFFORT_COUNT,
} Effort;

/* Counts it; true while more may be spent. */
bool effort_spend(Module *module, Effort effort, uint64_t amount);
bool effort_is_left(const Module *module, Effort effort);
