#pragma once
/*
 * Source: one file's bytes and its line index; every position in a report comes from here.
 *
 * Owns: nothing. `text` and the index live in the arena that it was made in.
 * Units: offsets are bytes from 0; lines and columns count from 1, columns in characters
 * (Unicode code points), as every editor and report format of ours shows them.
 *
 * A notebook is one text: its cells below each other, each of whole lines. The lines of a Position
 * count within the cell; all other lines are those of the text.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

/* Half-open byte range. */
typedef struct {
  uint32_t start, end;
} Span;

typedef struct {
  uint32_t line, column;
} Position;

/* A part of a cell's text, up to the next one, and the line of the file that it is written on. */
typedef struct {
  uint32_t start; /* in the text of the cell */
  uint32_t line;
} CellPart;

typedef Vec(CellPart) CellParts;

/* What one cell of a notebook holds. */
typedef struct {
  uint32_t number; /* from 1, as the notebook counts all its cells */
  Str text;        /* as it is written */
  Str code;        /* as Python reads it: of the same length */
  uint32_t place;  /* the offset in the file at which its source is written */
  CellParts parts; /* in order */
} Cell;

typedef Vec(Cell) Cells;

/* Where a cell stands in the text. */
typedef struct {
  uint32_t number;
  uint32_t first_line;
} CellPlace;

/* What a piece of text comes to. */
typedef struct {
  uint32_t characters;
  uint32_t wide; /* of the characters: those that are two units of UTF-16 */
} TextSize;

typedef struct {
  Str path;                /* as it is shown */
  Str text;                /* UTF-8, with a byte-order mark if the file has one */
  Str code;                /* what is parsed: the text, but for what only a notebook understands */
  uint32_t *line_starts;   /* offset of the first byte of each line */
  uint32_t line_count;     /* at least 1 */
  CellPlace *cells;        /* of a notebook, in order */
  uint32_t cell_count;     /* 0: a plain file */
  TextSize *sizes;         /* of the text before each block of it; NULL if no line is long */
  uint32_t *written_lines; /* of a notebook: for each line the line of the file that it is on */
} Source;

/* Requires: text is valid UTF-8 shorter than 2 GiB (see source_fault).
   Lines end at \n, \r\n or \r. */
Source source_build(Arena *arena, Str path, Str text);

/* The cells as one text. Requires: each is valid UTF-8, and together they are shorter than 2
   GiB. */
Source source_build_notebook(Arena *arena, Str path, const Cells *cells);

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
/* What columns are counted in. */
typedef enum { COLUMN_CHARACTERS, COLUMN_UTF16_UNITS, COLUMN_BYTES } ColumnUnit;

/* The column of the offset in its line, from 1. */
uint32_t source_column(const Source *source, uint32_t offset, ColumnUnit unit);
/* The line that holds the offset, as one counts who knows the file, but not its cells. */
uint32_t source_written_line(const Source *source, uint32_t offset);
/* The number of the cell that holds the offset; 0 in a plain file. */
uint32_t source_cell(const Source *source, uint32_t offset);
/* The line of the text that is the n-th of a cell, both from 1; of a plain file (cell 0) the n-th
   of the text. 0 if there is no such line. */
uint32_t source_line_in(const Source *source, uint32_t cell, uint32_t line);
/* True if the line is the first one of a cell, or of the text. */
bool source_starts_cell(const Source *source, uint32_t line);
/* The end of the text of the cell that holds the offset; of a plain file its own. */
uint32_t source_cell_end(const Source *source, uint32_t offset);
/* The byte offset of a position in a plain file; clamped to the end of its line and of the text. */
uint32_t source_offset(const Source *source, Position position);
/* The line's text without its line ending. line counts from 1. */
Str source_line(const Source *source, uint32_t line);
uint32_t source_line_of(const Source *source, uint32_t offset);
Str source_text(const Source *source, Span span);
