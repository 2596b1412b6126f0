#pragma once
/*
 * Elsewhere: places in other files than the one that is looked at, as the client counts them.
 *
 * Owns: nothing; what it reads lives in its arena.
 */
#include "lsp/position.h"
#include "project/workspace.h"

typedef struct Elsewhere Elsewhere;

Elsewhere *elsewhere_new(Arena *arena, const Workspace *workspace, Encoding encoding);

/* A place of ours in the file: as it is open, else as it is on disk. Of a file that cannot be read:
   as if what stands before it in its line were ASCII. */
LinePosition elsewhere_position(Elsewhere *elsewhere, Str path, Position position);
