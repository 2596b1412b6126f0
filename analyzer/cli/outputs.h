#pragma once
/*
 * Outputs: where the reports of a run go. One goes to standard output, others to files, and on
 * GitHub annotations follow the one for people.
 */
#include <stddef.h>

#include "cli/command.h"

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

#define OUTPUT_OPTIONS(Options, member) \
  { "--output-format", \
    "FORMAT", \
    "full (default), concise, grouped, json, sarif, github or one of docs/formats.md", \
    OPTION_TEXT, \
    offsetof(Options, member) + offsetof(OutputOptions, format) }, \
    { "--output", \
      "FORMAT[:FILE]", \
      "write this report, too, into FILE; may be repeated", \
      OPTION_LIST, \
      offsetof(Options, member) + offsetof(OutputOptions, outputs) }, \
    { "--no-annotations", \
      NULL, \
      "on GitHub: no annotations behind the report for people", \
      OPTION_FLAG, \
      offsetof(Options, member) + offsetof(OutputOptions, has_no_annotations) }, \
    COLOR(offsetof(Options, member) + offsetof(OutputOptions, color))

/* Adds the reports that are wanted, the one for standard output first. False with a message if the
   options make no sense or a file could not be written to. `folder`: we work in, absolute. */
bool outputs_read(
  Arena *arena,
  const OutputOptions *options,
  Str folder,
  Reports *reports,
  Outputs *outputs,
  Str *message
);

/* True if some report goes to a file. */
bool outputs_have_files(const Outputs *outputs);

/* What of the reports goes to standard output. */
Str outputs_shown(Arena *arena, const Outputs *outputs, const Str *reports);

/* Writes the files; what goes wrong is added to the problems. */
void outputs_write(Arena *arena, const Outputs *outputs, const Str *reports, Problems *problems);
