#pragma once
/*
 * Outputs: where the reports of a run go. One goes to standard output, others to files, and on
 * GitHub annotations follow the one for people.
 */
#include <stdio.h>

#include "project/run.h"

/* Of the command line, as written. */
typedef struct {
  Strs outputs; /* FORMAT[:FILE] */
  Str format;   /* --output-format */
  Str color;
  bool has_no_annotations;
} OutputOptions;

typedef struct {
  Strs files; /* for each report of the run; empty: standard output */
} Outputs;

/* Adds to the request the reports that are wanted, the one for standard output first. False with a
   message if the options make no sense or a file could not be written to. Requires: the request's
   working folder is set. */
bool outputs_read(
  Arena *arena, const OutputOptions *options, RunRequest *request, Outputs *outputs, Str *message
);

/* True if some report goes to a file. */
bool outputs_have_files(const Outputs *outputs);

/* What of the reports goes to standard output. */
Str outputs_shown(Arena *arena, const Outputs *outputs, const Str *reports);

/* Writes the files; what goes wrong is added to the problems. */
void outputs_write(Arena *arena, const Outputs *outputs, const Str *reports, Problems *problems);
