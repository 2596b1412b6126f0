#pragma once
/*
 * JSON, read from front to back: what nobody asks for is passed over without being looked at
 * closely or kept, so that the outputs of a notebook cost a pass over their bytes. There may be NaN
 * in them and numbers of any size.
 *
 * After the first fault nothing more is read: every call returns nothing.
 */
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct {
  Arena *arena;
  Str text;
  uint32_t at;
  const char *fault; /* what is wrong; NULL: nothing so far */
  uint32_t fault_at;
} JsonReader;

typedef enum {
  JSON_NOTHING, /* the text ends, or is faulty */
  JSON_OBJECT,
  JSON_ARRAY,
  JSON_STRING,
  JSON_SCALAR, /* a number, true, false, null */
} JsonKind;

/* The kind of the value that comes next. */
JsonKind json_kind(JsonReader *reader);

/* Where one is in an object or array. */
typedef struct {
  char closer;
  bool has_item;
} JsonList;

/* Enters the object or array that comes next. */
JsonList json_enter(JsonReader *reader);
/* True if there is one more item: it comes next, for an object with its key. Else the object or
   array has been left. */
bool json_next(JsonReader *reader, JsonList *list);
Str json_key(JsonReader *reader);

/* What the string that comes next means. */
Str json_text(JsonReader *reader);

typedef Vec(uint32_t) JsonPlaces;

/* The same; adds for each of its bytes the offset at which its character is written. */
Str json_text_places(JsonReader *reader, JsonPlaces *places);
/* The scalar as it is written. */
Str json_scalar(JsonReader *reader);
/* Passes over the value, whatever it is. */
void json_skip(JsonReader *reader);
/* A fault if anything but blanks follows. */
void json_end(JsonReader *reader);
/* Says what is wrong with the value that comes next, or with the place. */
void json_blame(JsonReader *reader, const char *fault);
