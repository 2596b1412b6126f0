#pragma once
/*
 * Look: what a workspace knows of the files of one folder, kept up to date while they change. What
 * it does not know, or what became of settings, folders and installed packages, takes another look.
 */
#include "project/survey.h"
#include "project/workspace.h"

typedef struct {
  Str folder;    /* the working folder */
  bool is_whole; /* all files below it are reported on, else only those that are named */
  SettingsChoice settings;
  const Settings *overrides;
  const Overlays *overlays;
  const Hash *build; /* of awry: what the caches are of; NULL: none is used */
  Str cache_folder;  /* where these lie unless settings say so; empty: in the projects */
  uint32_t threads;
  const atomic_bool *is_ending; /* nobody wants what takes long any more; NULL: never */
} LookOptions;

typedef struct Look Look;

/* At the files of the folder, if it is looked at as a whole, and those that are named. NULL if
   nobody wants it any more; what was found out until then is in the caches. Requires: the overlays,
   overrides and the flag live as long as the look. */
Look *look_at(const LookOptions *options, const Strs *named);
void look_free(Look *look);

/* The memory that it holds. */
size_t look_bytes(const Look *look);

Str look_folder(const Look *look);
/* Those that had to be named, for another look. */
const Strs *look_named(const Look *look);
/* The files that were found in the folder. */
void look_found(const Look *look, Arena *arena, Strs *paths);

/* True if the look knows what to say of the file, be it that it is excluded. */
bool look_knows(const Look *look, Str path);

/* Adds the files that settings are read from, or would be if they were there. */
void look_settings(const Look *look, Arena *arena, Strs *paths);
/* True if settings are read from the file, or would be if it were there. */
bool look_is_configured_by(const Look *look, Str path);

/* True if the file was not there when the look was taken, only open in an editor, and is there now: it
   may be one of those that are found. */
bool look_missed(const Look *look, Str path);

/* The file has changed. False if nobody in the folder knew it. */
bool look_note(Look *look, Str path);
/* Brings the look up to date. False if it cannot be: another one is needed. */
bool look_renew(Look *look, Worker *worker);

/* What there is to say of a file that it knows. Requires: up to date. */
void look_lint(Look *look, Str path, Worker *worker, WorkspaceResult *result);
/* The same on any thread, beside others. */
void look_lint_beside(Look *look, Str path, Worker *worker, WorkspaceResult *result);
/* True if the file was linted to that identity, and since then nothing has changed for it.
   Requires: up to date. */
bool look_is_current(const Look *look, Str path, uint64_t identity);
/* Runs the work for all numbers below `count`. */
void look_share(Look *look, uint32_t count, PoolWork work, void *state);
