#pragma once
/*
 * From bytes to a Tree. parse.c is the only file that knows tree-sitter.
 *
 * A Parser is reused from file to file. Thread: one thread at a time; one Parser for each worker.
 */
#include "python/tree.h"

typedef struct Parser Parser;

Parser *parser_new(void);
void parser_free(Parser *parser);

/* Parses; if that leaves errors, once more on a masked copy (mask.h), and keeps the better tree.
   Never fails: what cannot be parsed is counted in error_bytes. Of a notebook a cell that cannot be
   parsed is left out, since nothing of it runs. Time is linear in the text. */
Tree parse_source(Parser *parser, const Source *source, Arena *arena);
