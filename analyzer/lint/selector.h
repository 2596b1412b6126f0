#pragma once
/*
 * Selectors: the words by which settings, options and suppressions name rules: a name
 * ("dangling-task"), a code ("AWR302"), the beginning of a code ("AWR3", "AWR"), or ALL; or what
 * another linter calls the same (foreign.h). In any case.
 */
#include "base/strs.h"
#include "lint/rule.h"

/* The lengths of the beginnings of codes that are selectors. */
enum { SELECTOR_SHORTEST_PREFIX = 3, SELECTOR_LONGEST_PREFIX = 5 };

/* How exactly a selector names a rule; where selectors disagree the more exact one decides. */
typedef enum {
  SELECTED_NOT,
  SELECTED_BY_ALL,
  SELECTED_BY_PREFIX,        /* "AWR" */
  SELECTED_BY_LONG_PREFIX,   /* "AWR1" */
  SELECTED_BY_LONGER_PREFIX, /* "AWR10" */
  SELECTED_BY_NAME,          /* or by its whole code */
} Selected;

Selected selector_selects(Str selector, const Rule *rule);

/* What the most exact one of several settings says. There names of other linters that are not
   exactly ours stand for the nearest rules. */
Selected selectors_select(const Strs *selectors, const Rule *rule);

/* True if it selects any rule that there is. */
bool selector_is_known(Str selector);

/* "ASYNC104 is a rule of flake8-async; nearest to it are swallowed-cancellation and translated-cancellation"; empty if the
   selector is not such a name. */
Str selector_note(Arena *arena, Str selector);

/* 'unknown rule "swalowed-cancellation"; did you mean "swallowed-cancellation"?' */
Str selector_problem(Arena *arena, Str selector);
