#pragma once
/*
 * Choices: what the user of the plugin asks for, as options of pytest.
 */
#include "runtime/compat.h"
#include "runtime/orders.h"

/* Adds the options to pytest's parser; false, perhaps with an error set, if that cannot be done. */
bool choices_add(PyObject *parser);

/* Reads from pytest's options what to do besides looking on; NULL stands for none. False with an error set if it cannot be
   understood. */
bool choices_read(PyObject *options, Orders *orders);
