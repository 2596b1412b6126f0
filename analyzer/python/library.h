#pragma once
/*
 * What is known of the standard library: which of its functions are coroutine functions, classes with
 * their bases and methods, re-exports. Generated at build time from typeshed's stubs by our own front
 * end (library_generate.c); sorted, constant, no start-up cost.
 */
#include <stdbool.h>

#include "base/str.h"

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
  Str target;       /* alias: what it stands for; function: the dotted class it returns, or empty */
  const Str *bases; /* class */
  uint32_t base_count;
} LibraryEntry;

/* The entry of that dotted name, aliases followed, or NULL. */
const LibraryEntry *library_find(Str name);
/* The method of a class, looked up through its bases, or NULL. */
const LibraryEntry *library_method(const LibraryEntry *class_entry, Str method);
/* The public name of a private home, e.g. asyncio.tasks.gather -> asyncio.gather; the name itself if there is none. */
Str library_public_name(Str name);
/* True if class `name` is `base` or derives from it, as far as the library knows. */
bool library_is_subclass(Str name, Str base);
