#pragma once
/*
 * Index: the first phase of a run: the facts of every file of a project, merged.
 */
#include "base/thread.h"
#include "project/discovery.h"
#include "project/environment.h"
#include "project/pool.h"
#include "project/source_text.h"
#include "python/facts.h"

/* A file as the first phase parsed it. */
typedef struct {
  Source source;
  Tree tree;
} ParsedFile;

/* Those that the second phase need not parse again: as many as fit into the budget, whichever come
   first. */
typedef struct {
  const ParsedFile **items; /* per file; NULL: not kept */
  bool *uses_coroutines;    /* per file: it calls some of the project, without a word of async */
  uint32_t count;           /* only the first `count` files are worth keeping */
  Budget *budget;
} ParsedFiles;

/* What is known of libraries to a project that consists of the files: its own packages hide those
   of the same name, and what it imports from the environment (NULL: none) is read. Owns: the result
   lives in the arena and in the pool's workers. */
const Library *index_library(
  Arena *arena,
  Pool *pool,
  const SourceFiles *files,
  const ModuleIdentity *identities,
  const Overlays *overlays,
  const Environment *environment
);

/* What there is to read, and how: identities and vocabularies are in the order of the files. */
typedef struct {
  const SourceFiles *files;
  const ModuleIdentity *identities;
  const Vocabulary *const *vocabularies;
  const Overlays *overlays;
  const Library *library;
} IndexInput;

/* Facts of the files, and of what they import from the project. A file that cannot be read has
   none. Fills `parsed`. Owns: the result lives in the arena and in the pool's workers. */
const Project *
index_project(Arena *arena, Pool *pool, const IndexInput *input, const ParsedFiles *parsed);
