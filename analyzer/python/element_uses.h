#pragma once
/*
 * The uses of one element, wherever it is written, and the kinds of them. Private to element_test.c
 * and element_use.c.
 */
#include "python/element.h"

/* Every use of the element: of its name and the names it is handed to, of a capture in a match,
   and for an expression such as results[0] of all its occurrences in the function. In source
   order, except those of captures. */
Uses element_uses(Module *module, Element element);

/* True if the use asks what the element is: hasattr(e, …), callable(e), is_error(e), a helper
   that tests its parameter. */
bool use_asks(Module *module, const Use *use);

/* `<`, `>`, `<=`, `>=`: they fail on an exception object, the other comparisons are just false. */
bool is_ordering(const Tree *tree, Node comparison);
