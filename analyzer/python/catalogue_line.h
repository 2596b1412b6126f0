#pragma once
/*
 * The lines of libraries/table.txt, between library_condense, which writes them, and
 * library_generate, which reads them. Each is one entry: its kind, its name, and what it returns,
 * stands for or derives from, as in `class package.Name base base` or `async package.function
 * returned`. Members follow their class, indented by one space and without its name.
 */
#include "base/text.h"
#include "python/catalogue.h"

/* Adds the entry's line; `class_name` is the class that was written last, or empty. */
void text_add_entry(Text *text, const LibraryEntry *entry, Str class_name);

/* Adds what the line says to the catalogue; false if it is no such line. `owner` is the class that
   was read last, or empty, and is kept up to date. */
bool catalogue_read_line(Catalogue *catalogue, Str line, Str *owner);
