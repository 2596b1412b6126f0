#pragma once
/*
 * What it means to be an argument of a call: iterated by list(x), tested by bool(x), formatted by
 * str(x), and otherwise just an argument. Private to the files of analyzer/python.
 */
#include "python/use.h"

/* The use that a positional argument of a call is put to. `argument` is a child of the argument
   list, or the generator expression that stands for it. */
UseKind use_of_argument(Module *module, Node call, Node argument);
/* True if the call gives the argument back as it is: typing.cast(…). */
bool is_handed_back(Module *module, Node call, Node argument);
