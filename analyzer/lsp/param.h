#pragma once
/*
 * Param: a value in the parameters of a message, and how it is reached from them. What is missing
 * or of a wrong kind is told once, with that path, for the client's developer; after that each
 * one is empty, so that a caller reads all it needs and then asks whether that went well.
 *
 * Owns: nothing; texts live as long as the message.
 */
#include <jansson.h>

#include "base/str.h"

typedef struct {
  Arena *arena;
  Str fault; /* "textDocument.uri: must be a string"; empty: none */
} ParamReader;

typedef struct {
  ParamReader *reader;
  const json_t *value; /* NULL: there is none */
  Str path;
} Param;

/* The whole. `name` is what faults call it while no member is entered. */
Param param_root(ParamReader *reader, const json_t *value, const char *name);

/* The member of an object: a fault if it is not there. */
Param param(Param of, const char *name);
/* The same without a fault if it is not there, or null. */
Param param_optional(Param of, const char *name);
bool param_is_there(Param of);

/* The items of a list: none if it is not there. */
uint32_t param_count(Param list);
Param param_item(Param list, uint32_t index);

/* The value of one that is not there is empty, or 0. */
Str param_text(Param of);
int64_t param_integer(Param of);
/* From 0 to 2^31 - 1, as the protocol's unsigned integers. */
uint32_t param_number(Param of);

/* Tells a fault of it; the first one counts. */
void param_blame(Param of, const char *wanted);
