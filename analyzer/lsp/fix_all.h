#pragma once
/*
 * Making all safe fixes of a document, as `awry check --fix` would.
 */
#include "lsp/server.h"

/* The edits from the open text at the path to what it is when no safe fix is left; sorted. Of a
   notebook: those of one round. The findings are those of the document. Lints the document as it
   becomes; it is then what it was before, but results and sources of the workspace are gone. */
Edits fix_all(Server *server, Arena *arena, Str path, const Findings *findings);
