#pragma once
/*
 * Workspace: folders, the files in them and the documents that are open in an editor, for as long
 * as the editor runs; linted again as they change. What is open stands for the file on disk,
 * everywhere: also in what other files are told of it.
 *
 * Says of a file exactly what `awry check FILE`, started in its folder, would say of what is open.
 *
 * Paths are absolute and normalised. Owns: copies of all that it is given but the settings.
 * Thread: one at a time; only the flags may be set by others meanwhile.
 */
#include <stdatomic.h>

#include "base/hash.h"
#include "lint/finding.h"
#include "lint/settings.h"
#include "source/problem.h"

typedef struct Workspace Workspace;

/* threads: at least 1. user_settings: as SettingsChoice.user_file. */
Workspace *workspace_new(uint32_t threads, Str user_settings);
void workspace_free(Workspace *workspace);

/* What the editor's settings say over those of files, as options of a command line would; at first
   nothing. is_isolated: settings files are not read. Requires: the overrides, and what they point
   to, live until they are replaced. */
void workspace_configure(Workspace *workspace, const Settings *overrides, bool is_isolated);

/* Facts of files are looked up in the caches of that build of awry, and kept there for the next time.
   folder: where these lie unless settings say so; empty: in the projects. Without a call there are
   none. Requires: both live as long as the workspace. */
void workspace_use_caches(Workspace *workspace, const Hash *build, Str folder);

/* Both flags may be set by others meanwhile; NULL: they never are. is_unwanted: of the file that is
   linted nobody wants to know just now, and its parsing ends. is_ending: nobody wants anything that
   takes long, from then on. The flags live as long as the workspace. */
void workspace_watch(
  Workspace *workspace, const atomic_bool *is_unwanted, const atomic_bool *is_ending
);

/* The working folder of what lies in it. A file outside of all folders has that of its project. */
void workspace_add_folder(Workspace *workspace, Str path);
void workspace_remove_folder(Workspace *workspace, Str path);

/* The memory that it holds, but for that of the parser library. */
size_t workspace_bytes(const Workspace *workspace);

/* --- documents -------------------------------------------------------------------------------- */

/* Opens the document, or replaces all of it. Requires: text is shorter than 2 GiB. */
void workspace_open(Workspace *workspace, Str path, Str text);

/* All cells of a notebook, in order, those that hold no Python among them: cells are counted from 1
   as the notebook does. */
typedef struct {
  Str text;
  bool is_python;
} WorkspaceCell;

void workspace_open_notebook(
  Workspace *workspace, Str path, const WorkspaceCell *cells, uint32_t count
);

/* Replaces the bytes of the span. False, and nothing changes, if no such document is open, it is a
   notebook, or the span lies outside of it. */
bool workspace_edit(Workspace *workspace, Str path, Span span, Str text);

/* From now on the file is as it is on disk. */
void workspace_close(Workspace *workspace, Str path);

/* The document as it is open, for places in it; NULL if it is not. Of a notebook: its cells of
   Python below each other. Valid until the document changes. */
const Source *workspace_document(const Workspace *workspace, Str path);

/* What lies at the path was made, changed or removed on disk: a file, or a folder with all below.
   False if that cannot matter to any finding. */
bool workspace_touched(Workspace *workspace, Str path);

/* Adds the files that settings are read from, or would be if they were there, and that lie in no folder of
   the workspace. */
void workspace_settings_outside(const Workspace *workspace, Arena *arena, Strs *paths);

/* --- findings --------------------------------------------------------------------------------- */

typedef struct {
  const Source *source; /* what the findings are about; NULL: there are none, for it cannot be read,
                           is excluded, or holds nothing that a rule looks for */
  Findings findings;    /* suppressions applied; paths of notes are seen from `folder` */
  Problems problems;    /* of the file, and of the settings for it; paths are seen from `folder` */
  Str folder;           /* the working folder */
  bool is_excluded;     /* by settings */
  bool was_stopped;     /* by workspace_watch: nothing is known of it */
  uint16_t target_minor; /* as settings say; 0: they do not */
  uint64_t identity; /* of the findings and problems: the same number, the same to show. Never 0 */
} WorkspaceResult;

/* Owns: the result lives in the arena, and not beyond the next change of the workspace. */
void workspace_lint(Workspace *workspace, Str path, Arena *arena, WorkspaceResult *result);

/* True if the file was linted to that identity, and nothing that its findings depend on has changed
   since. */
bool workspace_is_current(Workspace *workspace, Str path, uint64_t identity);

/* Adds the files that `awry check` would look at in the folders of the workspace, each once, in
   order. False if it was stopped. */
bool workspace_files(Workspace *workspace, Arena *arena, Strs *paths);

/* Called for one file at a time, on any thread; the result is gone when the call returns. */
typedef void (*WorkspaceTell)(void *state, Str path, const WorkspaceResult *result);

/* Lints all the files, on all threads, in no particular order. Once the flag is set (NULL: it never
   is) no further file is begun, and the answer is false. */
bool workspace_lint_all(
  Workspace *workspace,
  const Strs *paths,
  const atomic_bool *is_cancelled,
  WorkspaceTell tell,
  void *state
);
