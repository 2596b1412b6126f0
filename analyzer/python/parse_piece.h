#pragma once
/*
 * What parse.c does for one piece of a source. Private to parse_*.c, which put the pieces together.
 */
#include "python/parse.h"

/* Parses a piece as if it were a file, without its comments. The tree lives in the arena. Requires: the
   clock has been set. */
Tree parse_piece(Parser *parser, const Source *piece, Arena *arena);

/* How long the pieces of a source of so many bytes may take together: beyond that they are errors. */
void parser_set_clock(Parser *parser, uint32_t bytes);

/* True if some piece has been given up since the clock was set. */
bool parser_was_cut(const Parser *parser);

/* For what is not needed once the source is parsed. */
Arena *parser_scratch(Parser *parser);
