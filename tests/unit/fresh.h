#pragma once
/*
 * An arena and a parser, made anew: the set-up and tear-down of a test, or of a group of tests.
 */
#include "unit.h"

#include "base/arena.h"
#include "python/parse.h"

extern Arena *arena;
extern Parser *parser;

int make_fresh(void **state);
int free_fresh(void **state);
