#pragma once
/*
 * Stub: what one .pyi file of typeshed says, as records. Part of the host tool that generates the
 * table behind library.h; not linked into awry.
 */
#include "python/library.h"
#include "python/module.h"

typedef Vec(Str) Strs;

typedef struct {
  Str name; /* dotted, where it is defined; builtins have their bare name */
  LibraryKind kind;
  Str target; /* as in LibraryEntry, but as the stub calls it */
  Strs bases; /* the same */
  Str owner;  /* of a method: its class; else empty */

  /* Filled by catalogue_link. */
  bool is_kept;
  Str public_name; /* the shortest name under which users know it */
} Record;

typedef struct {
  Str module;
  Strs exports;      /* __all__, or else the names that a star import takes */
  Strs star_modules; /* `from … import *` */
  bool has_all;
} Stub;

typedef struct {
  Arena *arena;
  Vec(Stub) stubs;
  Vec(Record) records;
  Map record_of; /* name -> index of its record */
} Catalogue;

/* The record of that name, or NULL. */
Record *catalogue_find(Catalogue *catalogue, Str name);
/* The first record of a name counts, but any other takes the place of an alias. */
void catalogue_add(Catalogue *catalogue, Record record);
/* The record that a name stands for, aliases followed, or NULL. */
Record *catalogue_resolve(Catalogue *catalogue, Str name);
/* Adds everything that the stub says, copied. Every branch of its `if` statements is taken. */
void catalogue_read(Catalogue *catalogue, Module *module);
/* Once every stub has been read: star imports, aliases, what is worth keeping, public names. */
void catalogue_link(Catalogue *catalogue);
