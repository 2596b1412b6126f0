#pragma once
/*
 * TOML: a settings file as a tree of values, each with its place in the text. toml.c is the only
 * file beside python/parse.c that knows tree-sitter.
 *
 * Owns: nothing; values live in the arena given to toml_parse.
 */
#include "base/map.h"
#include "source/problem.h"

typedef enum {
  TOML_STRING,
  TOML_INTEGER,
  TOML_FLOAT,
  TOML_BOOLEAN,
  TOML_DATE, /* dates, times and both */
  TOML_ARRAY,
  TOML_TABLE,
} TomlKind;

/* For messages: "a string", "a list". */
const char *toml_kind_name(TomlKind kind);

typedef struct TomlValue TomlValue;

typedef struct {
  Str key;
  Span span; /* of the key */
  TomlValue *value;
} TomlEntry;

struct TomlValue {
  TomlKind kind;
  Span span;
  Str string;             /* TOML_STRING: without quotes, escapes resolved */
  Vec(TomlValue *) items; /* TOML_ARRAY */
  Vec(TomlEntry) entries; /* TOML_TABLE, in source order */
  Map keys;               /* key -> its place in entries */
  bool is_defined;        /* TOML_TABLE: it has had its header, or is written in braces */
};

/* The root table. What is not TOML is a problem and left out; so are keys and tables given
   twice. */
TomlValue *toml_parse(Arena *arena, const Source *source, Problems *problems);

/* The entry of that key; NULL if there is none or the value is no table. table may be NULL. */
const TomlEntry *toml_entry(const TomlValue *table, const char *key);
/* Its value, or NULL. */
const TomlValue *toml_get(const TomlValue *table, const char *key);
