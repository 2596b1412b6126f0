#pragma once
/*
 * Python versions as settings, options and package metadata write them. Only 3.x is known: a
 * version is its minor number.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* "py311" or "3.11", from 3.6 on. Returns false for anything else. */
bool python_version_parse(Str text, uint16_t *minor);

/* The lowest 3.x that a version specifier allows (">=3.9,<4", "~=3.8", "==3.11.*", "^3.8 ||
   ^3.10"); 0 if it allows any, or is not understood. */
uint16_t python_version_lowest(Str specifier);

/* The lowest 3.x that the text of a setup.py or setup.cfg allows: of the first python_requires that
   says one, itself or by a constant of the file; 0 if there is none. */
uint16_t python_version_of_setup(Str text);

/* The python_version of the text of a mypy.ini, or of the part for mypy of a setup.cfg; 0 if there is none. */
uint16_t python_version_of_mypy(Str text);
