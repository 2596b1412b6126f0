#pragma once
/*
 * Modules out of text, and their nodes out of what stands there. Everything lives until the test
 * program ends.
 */
#include "unit.h"

#include "python/module.h"

/* A module named "pkg.mod", outside any project, for Python 3.8 and later. */
Module *module_of(const char *text);
/* The same with a name and target of your own. */
Module *module_with(const char *text, const ModuleOptions *options);

/* The n-th node, counted from 0, with exactly this text. Of nodes with one span it is the
   outermost that is an expression or a statement with more to it: `x` is an identifier, not its
   expression_statement. */
Node node_at(const Module *module, const char *text, uint32_t n);
/* The n-th node of that kind, counted from 0, in source order. */
Node node_of(const Module *module, Kind kind, uint32_t n);

/* The arena of the test program. */
Arena *support_arena(void);
