#pragma once
/*
 * Places in a text as the protocol counts them: lines from 0, and within a line in units of the
 * encoding that client and server have agreed on.
 */
#include "source/source.h"

typedef enum { ENCODING_UTF16, ENCODING_UTF8, ENCODING_UTF32 } Encoding;

const char *encoding_name(Encoding encoding);
/* False if we do not know it. */
bool encoding_find(Str name, Encoding *encoding);

typedef struct {
  uint32_t line, character; /* from 0 */
} LinePosition;

/* A text, and how places in it are counted. */
typedef struct {
  const Source *source;
  Encoding encoding;
  /* The byte-order mark is a character of the first line: of texts that the client has sent. On
     disk it is none, for clients take it off when they read the file. */
  bool counts_mark;
} Ruler;

/* Of a notebook within the cell that holds the offset. */
LinePosition position_at(const Ruler *ruler, uint32_t offset);

/* The byte offset of a position in the cell, 0 in a plain file. As the protocol wants it, a
   position behind the end of its line is that end. False, and the offset is the end of the text,
   for a line that does not exist; one behind the last is the end of the text, too. */
bool position_find(const Ruler *ruler, uint32_t cell, LinePosition position, uint32_t *offset);
