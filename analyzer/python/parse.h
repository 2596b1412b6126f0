#pragma once
/*
 * From bytes to a Tree. parse.c is the only file that knows tree-sitter.
 *
 * A Parser is reused from file to file. Thread: one thread at a time; one Parser for each worker.
 */
#include <stdatomic.h>

#include "python/tree.h"

typedef struct Parser Parser;

Parser *parser_new(void);
void parser_free(Parser *parser);

/* Once somebody sets the flag, parsing ends early, and what it has left is an error; NULL: never. The
   flag lives until it is replaced. */
void parser_watch(Parser *parser, const atomic_bool *is_unwanted);
/* True if the flag is set. */
bool parser_is_unwanted(const Parser *parser);

/* Parses piece by piece (pieces.h); one that has errors once more on a masked copy (mask.h), and the
   better tree is kept. Never fails: what cannot be parsed is counted in error_bytes. Of a notebook a
   cell that cannot be parsed is left out, since nothing of it runs. Time is linear in the text. */
Tree parse_source(Parser *parser, const Source *source, Arena *arena);

/* The pieces of a text that is parsed again and again while it changes.
   Thread: one thread at a time. */
typedef struct ParseCache ParseCache;

ParseCache *parse_cache_new(void);
void parse_cache_free(ParseCache *cache);

/* The memory that it holds. */
size_t parse_cache_bytes(const ParseCache *cache);

/* The same tree; only what the cache does not have from the last few texts is parsed. */
Tree parse_source_again(Parser *parser, ParseCache *cache, const Source *source, Arena *arena);
