#pragma once
/*
 * INI files as Python's configparser reads them, as far as the settings of linters need it: sections, keys, values that go on
 * in indented lines, comments. Nothing is interpolated.
 *
 * Owns: nothing; what is read lives in the arena.
 */
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct {
  Str section;
  Str key;       /* in lower case, with '-' for '_' */
  Str value;     /* its lines, without blanks around them and without comments */
  uint32_t line; /* of the key, from 1 */
} IniEntry;

typedef Vec(IniEntry) IniEntries;

/* What is neither a section nor a key with its value is passed over. */
IniEntries ini_read(Arena *arena, Str text);
