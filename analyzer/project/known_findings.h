#pragma once
/*
 * Known findings: what was found before, for telling what is new. A known finding is recognised by
 * the place it stands at, where that can be told; by the hash of its line, which survives that it
 * moves and is indented anew; and by the text of its line, which survives that the lines after it
 * change.
 *
 * Owns: nothing.
 */
#include "lint/finding.h"

/* One finding, or several that look the same. */
typedef struct {
  Str rule;      /* its name */
  Str hash;      /* see finding_hash */
  Str excerpt;   /* see line_excerpt */
  uint32_t line; /* of the text that is matched; 0: not to be told */
  uint32_t left; /* findings that it still stands for */
} KnownFinding;

typedef Vec(KnownFinding) KnownFindings;

/* The hash of the finding's line without the number of its like before it. */
Str finding_hash(const Finding *finding);

/* A line's text for people and for comparing: in one line of at most 100 characters. */
Str line_excerpt(Arena *arena, const Source *source, uint32_t line);

/* What a finding would be known by. Its line is not filled in. */
KnownFinding known_finding(Arena *arena, const Source *source, const Finding *finding);

/* Fills in for each finding whether it is known, and takes it off what the known one stands for. The nearer likeness
   goes first: place, hash, text. */
void known_findings_match(
  Arena *arena, KnownFindings *known, const Source *source, const Findings *findings, bool *is_known
);
