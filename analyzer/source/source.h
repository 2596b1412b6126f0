#pragma once
/*
 * Source: one file's bytes and its line index; every position in a report comes from here.
 *
 * Owns: nothing. `text` and the index live in the arena that it was made in.
 * Units: offsets are bytes from 0; lines and columns count from 1, columns in characters
 * (Unicode code points), as every editor and report format of ours shows them.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* Half-open byte range. */
typedef struct {
  uint32_t start, end;
} Span;

typedef struct {
  uint32_t line, column;
} Position;

typedef struct {
  Str path;              /* as it is shown */
  Str text;              /* UTF-8, with a byte-order mark if the file has one */
  uint32_t *line_starts; /* offset of the first byte of each line */
  uint32_t line_count;   /* at least 1 */
} Source;

/* Requires: text is valid UTF-8 shorter than 2 GiB (see source_fault).
   Lines end at \n, \r\n or \r. */
Source source_build(Arena *arena, Str path, Str text);

/* A copy that owns nothing outside of the arena but the path. */
Source source_copy(Arena *arena, const Source *source);

typedef enum {
  SOURCE_OK,
  SOURCE_NOT_UTF8, /* offset: the first bad byte */
  SOURCE_UTF16,    /* starts with a UTF-16 byte-order mark */
  SOURCE_NUL,      /* offset: the first NUL byte */
} SourceFault;

/* What keeps text from being a Python source, and where. */
SourceFault source_fault(Str text, uint32_t *offset);

Position source_position(const Source *source, uint32_t offset);
/* The byte offset of a position; clamped to the end of its line and of the text. */
uint32_t source_offset(const Source *source, Position position);
/* The line's text without its line ending. line counts from 1. */
Str source_line(const Source *source, uint32_t line);
uint32_t source_line_of(const Source *source, uint32_t offset);
Str source_text(const Source *source, Span span);
