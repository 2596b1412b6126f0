#pragma once
/*
 * Kind and Field: the vocabulary of the syntax table, generated from kind.def.
 *
 * KIND_X is the grammar's kind "x"; the one exception is KIND_NONE_LITERAL for Python's None,
 * because KIND_NONE means that there is no kind.
 */
#include <stdbool.h>

typedef enum {
  KIND_NONE,
#define KIND(NAME, name) KIND_##NAME,
#define OWN_KIND(NAME, name) KIND_##NAME,
#include "python/kind.def"
  KIND_COUNT,
} Kind;

typedef enum {
  FIELD_NONE,
#define FIELD(NAME, name) FIELD_##NAME,
#include "python/kind.def"
  FIELD_COUNT,
} Field;

/* As the grammar calls it; "none" for KIND_NONE_LITERAL, "" for KIND_NONE. */
const char *kind_name(Kind kind);
/* "" for FIELD_NONE. */
const char *field_name(Field field);

/* `[x for x in xs]` and its kind, generator expressions too. */
static inline bool kind_is_comprehension(Kind kind) {
  return kind == KIND_LIST_COMPREHENSION || kind == KIND_SET_COMPREHENSION ||
    kind == KIND_DICTIONARY_COMPREHENSION || kind == KIND_GENERATOR_EXPRESSION;
}
/* An expression that makes a collection: a comprehension, or the items between brackets. */
bool kind_is_collection(Kind kind);
