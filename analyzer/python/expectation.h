#pragma once
/*
 * Expectation: code that a test wants to fail. What goes wrong there is the point of the test.
 */
#include "python/module.h"

/* `pytest.raises(…)`, `self.assertRaises(…)` and their kind: the call makes a context manager, or
   tests a call of its own. */
bool is_expectation(const Module *module, Node call);

/* True if the node stands in the body of a `with` over such a call. */
bool is_expected_to_fail(const Module *module, Node node);

/* True if it stands in the last statement of such a body: nothing but that statement can be what
   the test wants to fail. */
bool is_last_expected_to_fail(const Module *module, Node node);
