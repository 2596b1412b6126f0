#pragma once
/*
 * What decorators that awry knows by name make of a function.
 */
#include "base/str.h"

typedef enum {
  DECORATOR_TRANSPARENT,
  DECORATOR_CONTEXT_MANAGER,
  DECORATOR_COROUTINE, /* a generator that is awaited */
  DECORATOR_PROPERTY,
  DECORATOR_UNDECIDED,
  DECORATOR_OPAQUE,
} Decorator;

/* DECORATOR_UNDECIDED for a dotted name that is not known. */
Decorator decorator_named(Str name);
