#pragma once
/*
 * Index: the first phase of a run: the facts of every file of a project, merged.
 */
#include "base/thread.h"
#include "project/discovery.h"
#include "project/environment.h"
#include "project/facts_store.h"
#include "project/pool.h"
#include "project/source_text.h"
#include "python/facts_digest.h"

/* A file as the first phase parsed it. */
typedef struct {
  Source source;
  Tree tree;
} ParsedFile;

/* Those that the second phase need not parse again: as many as fit into the budget, whichever come
   first. */
typedef struct {
  const ParsedFile **items; /* per file; NULL: not kept */
  Budget *budget;
} ParsedFiles;

/* What the first phase knows of a file; zeroed, nothing. */
typedef struct {
  bool is_read;         /* the next is known */
  bool is_async;        /* it has a word of async */
  bool is_scanned;      /* of one that has none, what it imports is known */
  bool uses_coroutines; /* of the project, without a word of async: it is linted all the same */
  bool is_counted;      /* its facts are among those of the project */
  Strs imported;
  uint64_t importable; /* the importable_digest that uses_coroutines follows from */
  const Facts *facts;  /* NULL: not collected */
  bool is_digested;    /* the next is known */
  FactsDigest digest;  /* of the facts */
  bool is_hashed;      /* the next is known; else nothing of the file is kept for later runs */
  Hash content;        /* of its text */
  NewEntry found;      /* its facts, if they are new */
} IndexedFile;

/* What there is to read, and how: identities and vocabularies are in the order of the files. What
   the project knows follows from its own files. The others are looked at besides: notebooks, scripts
   that are no Python by their names, what git ignores. Each of them sees the project, and neither the
   project nor another of them sees it. */
typedef struct {
  const SourceFiles *files; /* the project's own in the order of their paths, then the others */
  uint32_t own;
  const bool *is_linted; /* per file: the second phase needs it */
  const ModuleIdentity *identities;
  const Vocabulary *const *vocabularies;
  const Overlays *overlays;
  const Library *library;
  const FactsStore *store; /* NULL: none */
  IndexedFile *indexed;    /* per file: what is not known is found out and added */
} IndexInput;

/* What is known of libraries to the project: its own packages hide those of the same name, and what it
   imports from the environment (NULL: none) is read. `input` has no library yet.
   Owns: the result lives in the arena and in the pool's workers. */
const Library *
index_library(Arena *arena, Pool *pool, const IndexInput *input, const Environment *environment);

/* Facts of the files, and of what they import from the project. A file that cannot be read has
   none. Fills `indexed`, and `parsed` if it is not NULL. Owns: the result lives in the arena and in
   the pool's workers. */
const Project *
index_project(Arena *arena, Pool *pool, const IndexInput *input, const ParsedFiles *parsed);

/* The project as that file sees it, which is not one of its own. Takes about as long as putting the
   project together. Any thread. Owns: the result lives in the arena. */
const Project *index_project_seen_by(Arena *arena, const IndexInput *input, uint32_t file);

/* The project of what is known, if no file has begun or ceased to import another one or to define
   coroutine functions by some name. */
const Project *index_merge(Arena *arena, const IndexInput *input);

/* All there is to know of one file as it is now, whether it will be asked for or not: what is found
   out later lives as long as the pool. Owns: it lives in `keep`. */
IndexedFile
index_file(const IndexInput *input, uint32_t file, Pool *pool, Worker *worker, Arena *keep);
