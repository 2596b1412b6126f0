#pragma once
/*
 * Pieces: a file cut into parts that are parsed on their own: its statements, and of a large class
 * its head and the statements of its body. Where the cuts are follows from the text alone. So an
 * error costs only the piece that it is in, and of an edited text only the pieces that it changed
 * are parsed again.
 */
#include "python/statement_line.h"
#include "source/source.h"

typedef enum {
  PIECE_STATEMENT,  /* at the top level */
  PIECE_CLASS_HEAD, /* up to the first line of the body; the members follow */
  PIECE_MEMBER,     /* a statement of a class body */
} PieceKind;

typedef struct {
  PieceKind kind;
  Span span;    /* begins with the first token, and of the first piece with the text */
  uint32_t end; /* of a head: where the last member ends */
} Piece;

typedef Vec(Piece) Pieces;

/* In source order; what lies between two of them is blank. */
Pieces pieces_of(Arena *arena, Str text, const StatementLines *lines);
