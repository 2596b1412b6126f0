#pragma once
/*
 * Index: the first phase of a run: the facts of every file of a project, merged.
 */
#include "base/thread.h"
#include "project/discovery.h"
#include "project/pool.h"
#include "python/facts.h"
#include "source/problem.h"

/* No file of a person is that large; what is, is data. */
enum { MAX_SOURCE_BYTES = 64 << 20 };

/* The text that stands for a file while it is being edited: its path, absolute, and its text. */
typedef struct {
  Str path;
  Str text;
} Overlay;

/* What a file holds: its lines are counted only if somebody wants them. */
typedef struct {
  Str text;      /* a plain file's */
  Source source; /* of a notebook */
  bool is_notebook;
} SourceText;

/* A file as the first phase parsed it. */
typedef struct {
  Source source;
  Tree tree;
} ParsedFile;

/* Those that the second phase need not parse again: as many as fit into the budget, whichever come first. */
typedef struct {
  const ParsedFile **items; /* per file; NULL: not kept */
  bool *
    uses_coroutines; /* per file: one without a word of async that calls coroutine functions of the project */
  uint32_t count; /* only the first `count` files are worth keeping */
  Budget *budget;
} ParsedFiles;

/* Reads the file, or takes its overlay. What keeps it from being a Python source or a notebook becomes the problem, and
   the answer is false. */
bool read_source(
  Arena *arena, const SourceFile *file, const Overlay *overlay, SourceText *read, Problem *problem
);

/* The source of what was read. */
Source build_source(Arena *arena, const SourceFile *file, const SourceText *read);

/* Facts of the files, and of what they import from the project. A file that cannot be read has none. `identities` are
   filled in the order of the files. Fills `parsed`. Owns: the result lives in the arena and in the pool's workers. */
const Project *index_project(
  Arena *arena,
  Pool *pool,
  const SourceFiles *files,
  const ModuleIdentity *identities,
  const Overlay *overlay,
  const ParsedFiles *parsed
);
