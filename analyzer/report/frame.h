#pragma once
/*
 * Frame: the lines of source that a finding and its notes are about, with carets and labels below
 * them.
 */
#include "base/text.h"
#include "lint/finding.h"

/* Terminal escape sequences, all empty when there is no color. */
typedef struct {
  const char *severity[SEVERITY_INFO + 1];
  const char *frame;           /* line numbers, bars, arrows */
  const char *note;            /* secondary labels */
  const char *removed, *added; /* lines of a diff */
  const char *bold;
  const char *dim;
  const char *plain;
} Palette;

const Palette *palette_for(bool has_color);

/* Adds a line of source as a terminal can show it: tabs become spaces; control characters, which
   could steer it, a dot. */
void add_source_line(Text *out, Str line);

/* Width of the widest line number in the frame. */
int frame_gutter(const Finding *finding);
void add_frame(Text *out, const Source *source, const Finding *finding, const Palette *palette);
