#pragma once
/*
 * What is known of libraries: which of their functions are coroutine functions, classes with their
 * bases and methods, re-exports. The standard library and the libraries in libraries/table.txt are
 * in a table that is generated at build time (library_generate.c); sorted, constant, no start-up
 * cost. What a project's virtual environment holds is read at run time and counts instead of the
 * table.
 */
#include <stdbool.h>

#include "base/map.h"
#include "base/str.h"
#include "base/text.h"

typedef enum {
  LIBRARY_FUNCTION,  /* also a method: "asyncio.locks.Event.wait" */
  LIBRARY_COROUTINE, /* async def, or declared to return a coroutine */
  LIBRARY_ASYNC_GENERATOR,
  LIBRARY_NEVER_RETURNS,
  LIBRARY_CLASS,
  LIBRARY_ALIAS, /* target is another entry's name */
} LibraryKind;

typedef struct {
  Str name;
  LibraryKind kind;
  bool is_external; /* not of the standard library */
  Str target;       /* alias: what it stands for; function: the dotted class it returns, or empty */
  const Str *bases; /* class */
  uint32_t base_count;
} LibraryEntry;

typedef struct LibraryTable LibraryTable;

typedef enum {
  PACKAGE_OWN,       /* the project's own, whatever is known of a library of that name */
  PACKAGE_INSTALLED, /* read from the virtual environment */
} PackageHome;

/* What one project adds to the table, or takes out of it. */
typedef struct {
  Map packages;                  /* top-level names, none of the standard library -> PackageHome */
  const LibraryTable *installed; /* NULL: none */
  bool is_standard_only;         /* nothing else than the standard library counts */
} Library;

/* All queries take a library that is NULL for the table alone. */

/* The entry of that dotted name, aliases followed, or NULL. */
const LibraryEntry *library_find(const Library *library, Str name);
/* The method of a class, looked up through its bases, or NULL. */
const LibraryEntry *
library_method(const Library *library, const LibraryEntry *class_entry, Str method);
/* The public name of a private home, e.g. asyncio.tasks.gather -> asyncio.gather; the name itself
   if there is none. */
Str library_public_name(const Library *library, Str name);
/* True if class `name` is `base` or derives from it, as far as the library knows. */
bool library_is_subclass(const Library *library, Str name, Str base);
/* True if the standard library has a package or module of that name with something in the table. */
bool library_is_standard(Str package);

/* Appends what the library adds to the table and takes out of it: two that give the same bytes answer
   all queries alike. */
void library_write(Text *text, const Library *library);
