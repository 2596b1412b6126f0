#pragma once
/*
 * Catalogue: what the stubs and sources of libraries say, as records; and the table that is made of
 * them. The host tool that generates the table behind library.h fills one, and so does a run with a
 * virtual environment.
 */
#include "base/strs.h"
#include "python/library_table.h"
#include "python/module.h"

typedef struct {
  Str name; /* dotted, where it is defined; builtins have their bare name */
  LibraryKind kind;
  Str target;       /* as in LibraryEntry, but as the stub calls it */
  Strs bases;       /* the same */
  Str owner;        /* of a method: its class; else empty */
  bool is_external; /* not of the standard library */
  /* Of a class X(Base[A]): A, if it is a class. Of a method: it returns a type variable. */
  Str argument;
  bool returns_variable;
  bool is_own_use; /* of an alias: a module's import that is not meant for others */

  /* Filled by catalogue_link. */
  bool is_kept;
  Str public_name; /* the shortest name under which users know it */
} Record;

typedef struct {
  Str module;
  Strs exports;      /* __all__, or else the names that a star import takes */
  Strs star_modules; /* `from … import *` */
  bool has_all;
  bool is_package;
  uint32_t first_record, end_record; /* those that it added */
} Stub;

typedef struct {
  Arena *arena;
  Vec(Stub) stubs;
  Vec(Record) records;
  Map record_of;    /* name -> index of its record */
  Map stub_of;      /* module -> index of its stub */
  bool is_external; /* what is read from now on is not of the standard library */
} Catalogue;

/* The record of that name, or NULL. */
Record *catalogue_find(Catalogue *catalogue, Str name);
/* The first record of a name counts, but any other takes the place of an alias. */
void catalogue_add(Catalogue *catalogue, Record record);
/* The record that a name stands for, aliases followed, or NULL. */
Record *catalogue_resolve(Catalogue *catalogue, Str name);
/* Adds everything that the stub or source says, copied. Every branch of its `if` statements is
   taken. */
void catalogue_read(Catalogue *catalogue, Module *module);
/* Adds what another catalogue holds, without copying strings. */
void catalogue_add_all(Catalogue *catalogue, const Catalogue *other);
/* The stub of that module, or NULL. */
const Stub *catalogue_stub(const Catalogue *catalogue, Str module);
/* Once everything has been read: star imports, aliases, what is worth keeping, public names. */
void catalogue_link(Catalogue *catalogue);
/* The table of what is kept of a linked catalogue. What its records refer to and it does not hold
   is looked up in the library. Owns: lives in the catalogue's arena. */
const LibraryTable *catalogue_table(Catalogue *catalogue, const Library *library);
