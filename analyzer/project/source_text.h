#pragma once
/*
 * SourceText: what a file to be checked holds, from the disk or from what stands for it.
 */
#include "project/discovery.h"
#include "project/overlay.h"
#include "source/problem.h"

/* No file of a person is that large; what is, is data. */
enum { MAX_SOURCE_BYTES = 64 << 20 };

/* What a file holds: its lines are counted only if somebody wants them. */
typedef struct {
  Str text;         /* of a notebook: its cells below each other */
  Str written;      /* as it stands there */
  Source source;    /* of a notebook, and of what is open as a source */
  bool is_built;    /* there is such a source */
  const Tree *tree; /* NULL: nobody has parsed it */
} SourceText;

/* Reads the file, or takes what stands for it. What keeps it from being a Python source or a
   notebook becomes the problem, and the answer is false. Owns: the text lives in the arena. */
bool source_text_read(
  Arena *arena, const SourceFile *file, const Overlays *overlays, SourceText *read, Problem *problem
);

/* The source of what was read. */
Source source_text_build(Arena *arena, const SourceFile *file, const SourceText *read);
