#pragma once
/*
 * Aim: the part of a program that a sweep of its tests is meant for, as a user writes it:
 *
 *   (nothing)            all of it
 *   src/app.py           one file
 *   src/app.py:refresh   a function of it, also Client.refresh
 *   src/app.py:42        the innermost function around a line; the line alone where there is none
 */
#include "runtime/compat.h"
#include "runtime/orders.h"

/* Puts the file and the lines into the orders; false with an error set if there is nothing like it. */
bool aim_read(PyObject *text, Orders *orders);
