#pragma once
/*
 * Strs: a list of strings in an arena.
 */
#include "base/str.h"
#include "base/vec.h"

typedef Vec(Str) Strs;
