#pragma once
/*
 * Place: how a statement stands in its lines, which decides how another one can be put beside it.
 */
#include "python/tree.h"

typedef struct {
  Str indentation;   /* of the line that it begins; else empty */
  bool begins_line;  /* nothing stands before it in its line, or in one that its line continues */
  bool ends_line;    /* nothing but a semicolon or a comment stands behind it */
  uint32_t line_end; /* behind everything in its line and in those that continue it */
} Place;

/* Requires: the node is a statement or a clause of one. */
Place place_of(const Tree *tree, Node statement);

/* True if a backslash joins the line to the one above it. Lines count from 1. */
bool continues_line(const Tree *tree, uint32_t line);
/* True if nothing but a comment stands in the line, and in none that it continues. */
bool holds_only_comment(const Tree *tree, uint32_t line);

/* How the lines of the file end. */
Str line_ending(const Source *source);
/* What one level of indentation adds, by the first block of the file; four spaces if there is none. */
Str indentation_unit(const Tree *tree);
