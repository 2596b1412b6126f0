#pragma once
/*
 * Declared Python: the lowest version that a project says it is for.
 *
 *   required      requires-python of pyproject.toml, python_requires of setup.cfg and setup.py
 *   for tools     target-version of ruff and black, python_version of mypy, pythonVersion of pyright, and the
 *                 .python-version of pyenv and uv: applications have nothing else
 *
 * What is wrong in these files is for others to judge: it says nothing.
 */
#include "project/toml.h"

/* The file in the folder that says it: one that requires a version before those that tell tools. False if none does. */
bool declared_python_find(Arena *arena, Str folder, Str *path);

/* True if the folder holds a file of a name that may say it. */
bool declared_python_may_be_in(Arena *arena, Str folder);

/* The lowest 3.x that the file says; 0 if it says none. */
uint16_t declared_python_read(Arena *arena, Str path);

/* The same of a pyproject.toml that has been parsed. */
uint16_t declared_python_of(const TomlValue *pyproject);
