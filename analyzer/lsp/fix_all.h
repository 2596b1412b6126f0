#pragma once
/*
 * Making all safe fixes of a document, as `awry check --fix` would.
 */
#include "lsp/server.h"

/* The edits from what is open in the buffer to what it is when no safe fix is left; sorted, of a
   notebook each within its cell. The findings are those of the document. Lints the document as it
   becomes; it is then what it was before, but results and sources of the workspace are gone. */
Edits fix_all(Server *server, Arena *arena, const Buffer *buffer, const Findings *findings);
