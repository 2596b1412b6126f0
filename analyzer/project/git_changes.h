#pragma once
/*
 * What has changed in a repository since some point of its history, asked of the user's own git.
 */
#include "base/map.h"
#include "base/strs.h"

/* Since when code counts as new. */
typedef struct {
  Str revision;   /* since this commit */
  Str branch;     /* since where this branch and HEAD part */
  bool is_staged; /* since HEAD, and only what the index holds counts */
} Since;

/* True if it says anything. */
bool since_is_given(const Since *since);

/* Paths are below the folder that is asked about. */
typedef struct {
  Str path;   /* as it is now; of a file that git no longer has, as it was */
  Str old_id; /* of the content before; empty: there was none */
} GitChange;

typedef Vec(GitChange) GitChanges;

typedef struct {
  GitChanges changes; /* renamed files among them */
  Map tracked;        /* path -> 0: all files that git has */
  /* Of staged changes: what the index holds where the files differ from it. */
  Strs unstaged;
  Strs unstaged_ids;
} GitHistory;

typedef struct {
  Str folder;         /* of the repository, or below */
  Str working_folder; /* absolute: where the GIT_INDEX_FILE of the environment counts from */
  const Since *since;
  Strs named; /* files to ask about besides Python files and notebooks, below the folder */
} GitQuestion;

/* False with a sentence if there is no git, no repository, no such revision. Owns: the history lives
   in the arena. */
bool git_changes(Arena *arena, const GitQuestion *question, GitHistory *history, Str *why);

/* Adds the contents that the ids name, in their order. False with a sentence if one of them cannot be had. */
bool git_contents(Arena *arena, Str folder, const Strs *ids, Strs *contents, Str *why);
