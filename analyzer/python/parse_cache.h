#pragma once
/*
 * ParseCache: trees of pieces by their text, and the lines of the latest text. Private to parse_*.c.
 *
 * A piece that is not looked up any more is forgotten, but not at once: who undoes an edit has the
 * old text again. So it takes a few times the room of the text's own tree.
 */
#include "python/mask.h"
#include "python/parse.h"

/* What lexed_of finds in the text; valid until the next call. */
Lexed parse_cache_lex(ParseCache *cache, Str code, Arena *scratch);
/* The tree of a piece with that code, or NULL; valid until the next call. */
const Tree *parse_cache_find(ParseCache *cache, Str code);
/* Where the rows of a tree that is to be kept live. */
Arena *parse_cache_arena(ParseCache *cache);
void parse_cache_keep(ParseCache *cache, Str code, const Tree *tree);
/* All pieces of a text have been asked for. Rows that were found before may be gone. */
void parse_cache_end(ParseCache *cache);
