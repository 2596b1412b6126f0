#pragma once
/*
 * FindingsStore: what was found in files, in a Cache. Found again are the findings of a file of the same
 * text, name, path and settings, if the project still answers everything that was asked of it then
 * as it did: see python/project_trace.h. That is looked up, so an edit costs the linting of those
 * files whose findings may change, and not of all.
 */
#include "lint/linter.h"
#include "project/facts_store.h"
#include "python/project_trace.h"

/* What was found in a file. */
typedef struct {
  bool uses_coroutines; /* as in LintInput */
  Questions questions;  /* asked of the project meanwhile */
  Hash answers;         /* to them */
  Findings findings;
  Findings suppressed; /* as in LintInput */
} Verdict;

/* What the findings follow from but for the project. `shown` is the path in the findings. */
Hash verdict_key(
  const FactsStore *store,
  Arena *arena,
  const Hash *content,
  const LintInput *input,
  const Settings *settings,
  Str shown
);

/* The verdict of that key, if it still holds for the project. Owns: it lives in the arena, its
   strings in the cache. Any thread. */
bool verdict_find(
  const FactsStore *store, Arena *arena, const Hash *key, const LintInput *input, Verdict *verdict
);

/* The bytes to keep of it. */
Str verdict_pack(Arena *arena, const Verdict *verdict);
/* False if the bytes, which may be any, are no verdict. */
bool verdict_unpack(Arena *arena, Str packed, Verdict *verdict);

/* True if the findings can be shown of that source: which they can but in a damaged cache. */
bool verdict_fits(const Verdict *verdict, const Source *source);
