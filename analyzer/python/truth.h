#pragma once
/*
 * Truth: conditions and patterns whose result is written in the text, so that `while True` has no
 * way past it.
 */
#include "python/tree.h"

typedef enum { TRUTH_UNKNOWN, TRUTH_ALWAYS, TRUTH_NEVER } Truth;

/* Of the literals True, False, None, whole numbers, and `not` of one. */
Truth truth_of(const Tree *tree, Node condition);

/* True if the case clause takes every subject that reaches it: `case _`, `case name`, `case _ as
   name`. Its guard is not looked at. */
bool case_is_irrefutable(const Tree *tree, Node case_clause);
