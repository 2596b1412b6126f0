#pragma once
/*
 * The values that JSON reports are made of.
 */
#include <jansson.h>

#include "base/text.h"
#include "lint/finding.h"
#include "source/problem.h"

/* Paths may hold bytes that are not UTF-8: each such byte becomes a replacement character. */
json_t *json_from(Arena *arena, Str str);
json_t *json_position(Position position);
/* The number of a notebook's cell, in which positions count; null for 0. */
json_t *json_cell(uint32_t cell);
json_t *json_problem(Arena *arena, const Problem *problem);
json_t *json_finding(Arena *arena, const Source *source, const Finding *finding);

/* Adds the value in one line, and gives it up. */
void text_add_json(Text *out, json_t *value);
/* The same for a document that people read, too: in indented lines, and with the last one ended. */
void text_add_json_document(Text *out, json_t *value);
