#pragma once
/*
 * Checked: a file as it was linted, and as the client sees it.
 */
#include "lsp/server.h"
#include "lsp/view.h"
#include "project/workspace.h"

typedef struct {
  WorkspaceResult result; /* without what other tools in the editor show: syntax errors */
  const Buffer *buffer;   /* NULL: it is not open */
  View view;
} Checked;

/* Lints the file as it is open, or on disk. False if it cannot be read; then there is no view.
   Owns: lives in the arena, and not beyond the next change of the workspace. */
bool check_file(Server *server, Arena *arena, Str path, Checked *checked);

/* The same for a result that is there. Whoever calls it on another thread brings an arena. */
bool check_result(
  const Server *server, Arena *arena, Str path, const WorkspaceResult *result, Checked *checked
);

/* A text that changes whenever the diagnostics may. What they carry for code actions names the
   version of the document. */
Str result_id(Arena *arena, uint64_t identity, int64_t version);
Str checked_id(Arena *arena, const Checked *checked);
