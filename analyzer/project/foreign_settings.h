#pragma once
/*
 * Foreign settings: what a project tells ruff, flake8, pylint or Pyright about their rules, as it stands in their files. What
 * that means for ours is migration.h's.
 *
 * Owns: nothing; what is read lives in the arena.
 */
#include "base/strs.h"
#include "source/problem.h"

/* A word of a list: a code, a name, the beginning of a code, ALL; or a pattern of paths. */
typedef struct {
  Str word;
  uint32_t line; /* of the file; 0: somewhere in it */
} SaidWord;

typedef Vec(SaidWord) SaidWords;

typedef struct {
  Str pattern;
  SaidWords codes;
} SaidByPath;

typedef struct {
  const char *tool; /* "ruff" */
  Str file;         /* its name in the folder */
  SaidWords selected, ignored;
  SaidWords excluded; /* patterns of paths */
  Vec(SaidByPath) by_path;
  Str extends;     /* another settings file, which is not read; empty: none */
  bool is_pattern; /* paths are also excluded by regular expressions, which are not read */
} ForeignSettings;

/* The tools whose settings can be read, each once; ends with NULL. */
extern const char *const foreign_tools[];

/* Reads the file in the folder that the tool itself would read first. False if there is none. What is wrong with it is a
   problem. Requires: the tool is one of foreign_tools. */
bool foreign_settings_read(
  Arena *arena, const char *tool, Str folder, ForeignSettings *settings, Problems *problems
);
