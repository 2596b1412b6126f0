#pragma once
/*
 * Plugin: `pytest -p awry_runtime`. The module is the plugin: its functions named pytest_… are hooks.
 *
 * Each test runs under the checker; what is seen belongs to the test that runs just then, and is shown when all have run.
 */
#include "runtime/compat.h"
#include "runtime/orders.h"

typedef struct {
  /* Puts the checker in place; false, perhaps with an error set, if it cannot be. */
  bool (*install)(const Orders *orders);
  /* Reports what can be told only at the end. */
  void (*finish)(void);
} Checker;

/* Gives the module its hooks; false with an error set. */
bool plugin_add(PyObject *module, const Checker *checker);
