#pragma once
/*
 * Display: lines of source in the columns of a terminal. A tab takes four of them, wide characters
 * two, combining marks none; what could steer the terminal is shown as a dot. Of a line that is too
 * long a part is shown, and only that part is read: thousands of findings may be in one line.
 */
#include "base/text.h"
#include "source/source.h"

/* The part of a line that is shown. */
typedef struct {
  Str line;
  uint32_t start, end;     /* of the part, in bytes of the line */
  bool is_cut, is_cut_off; /* something is left out before it, behind it: a sign stands there */
} Excerpt;

/* The columns that the code of a line may take when it stands behind `taken` others on a terminal of
   that width; 0: nobody knows the width. */
uint32_t display_room(uint32_t width, uint32_t taken);

/* The columns of a text. */
uint32_t display_width(Str text);

/* As much of the line as fits: its beginning, unless what is wanted is further right, which is a
   span of the line's bytes. */
Excerpt excerpt_of(Str line, Span wanted, uint32_t room);
/* The column, from 0, of an offset in the line: what lies outside is at the signs. */
uint32_t excerpt_column(const Excerpt *excerpt, uint32_t offset);
void add_excerpt(Text *out, const Excerpt *excerpt);
