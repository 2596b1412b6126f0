#pragma once
/*
 * Index: the first phase of a run: the facts of every file of a project, merged.
 */
#include "base/map.h"
#include "base/thread.h"
#include "lint/settings.h"
#include "project/discovery.h"
#include "project/environment.h"
#include "project/pool.h"
#include "python/facts.h"
#include "source/problem.h"

/* No file of a person is that large; what is, is data. */
enum { MAX_SOURCE_BYTES = 64 << 20 };

/* Texts that stand for files while these are being edited, by absolute path. A zeroed one has none. */
typedef struct {
  Map index; /* path -> index into texts */
  Strs texts;
} Overlays;

/* Sets the text of the file, replacing an earlier one. Both must live as long as the arena. */
void overlays_put(Arena *arena, Overlays *overlays, Str path, Str text);
/* NULL: the file is as it is on disk. */
const Str *overlays_find(const Overlays *overlays, Str path);

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

/* Reads the file, or takes what stands for it. What keeps it from being a Python source or a notebook becomes the problem, and
   the answer is false. */
bool read_source(
  Arena *arena, const SourceFile *file, const Overlays *overlays, SourceText *read, Problem *problem
);

/* The source of what was read. */
Source build_source(Arena *arena, const SourceFile *file, const SourceText *read);

/* What is known of libraries to a project that consists of the files: its own packages hide those of the same name, and what it
   imports from the environment (NULL: none) is read. Owns: the result lives in the arena and in the pool's workers. */
const Library *index_library(
  Arena *arena,
  Pool *pool,
  const SourceFiles *files,
  const ModuleIdentity *identities,
  const Overlays *overlays,
  const Environment *environment
);

/* Facts of the files, and of what they import from the project. A file that cannot be read has none. `identities` are
   filled in the order of the files. Fills `parsed`. Owns: the result lives in the arena and in the pool's workers. */
const Project *index_project(
  Arena *arena,
  Pool *pool,
  const SourceFiles *files,
  const ModuleIdentity *identities,
  const Overlays *overlays,
  const ParsedFiles *parsed,
  const Library *library
);
