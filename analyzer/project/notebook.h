#pragma once
/*
 * Notebook: from the JSON of an .ipynb file (nbformat 4) to its cells of Python.
 */
#include "source/source.h"

/* True if the file's name says so. */
bool is_notebook(Str path);

/* What is wrong with a notebook, and where. */
typedef struct {
  const char *message;
  uint32_t offset;
} NotebookFault;

/* Adds the code cells; none of a notebook in another language. Returns false and fills in `fault`
   if the text is no notebook. Requires: text is valid UTF-8. The cells' texts live in the arena or
   in the text. */
bool notebook_read(Arena *arena, Str text, Cells *cells, NotebookFault *fault);
